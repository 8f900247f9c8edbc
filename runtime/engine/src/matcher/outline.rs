//! Patterns read back from the tables: what stands on the way to each match.
//!
//! The tables hold no copy of the patterns as they were written; where one must be shown, it is put
//! together again from the trie's branches and the names of the captures.

use smallvec::SmallVec;

use crate::program::{
    ArchivedLeaf, ArchivedMatch, ArchivedMatcher, ArchivedProgram, NO_PARENT, ParameterKind,
};

/// The deepest a walk goes. Patterns have at most 64 segments.
const DEEPEST: usize = 80;

/// One way to one match.
#[derive(Clone)]
pub(super) struct Outline<'b> {
    /// The host, `*.` in front for a wildcard; empty for any.
    pub(super) host: &'b str,
    pub(super) parts: Parts<'b>,
    pub(super) end: End,
    pub(super) matched: &'b ArchivedMatch,
}

pub(super) type Parts<'b> = SmallVec<[Part<'b>; 8]>;

/// A segment of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'b> {
    Literal(&'b str),
    Parameter(ParameterKind),
}

/// What follows the segments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Nothing,
    /// Anything, even nothing.
    Rest,
    /// What the regular expression for the whole path says.
    Regex,
}

/// Shows every way to every match, in an order that depends on the tables alone.
pub(super) fn each<'b>(program: &'b ArchivedProgram, visit: &mut dyn FnMut(Outline<'b>)) {
    let matcher = &program.matcher;
    let mut walk = Walk {
        matcher,
        literals: Literals::of(matcher),
        host: "",
        left: matcher.most_steps(),
        visit,
    };
    walk.paths();
    for host in matcher.hosts.iter() {
        walk.host = &host.host;
        walk.node(host.root.to_native(), &mut Parts::new());
    }
}

struct Walk<'b, 'v> {
    matcher: &'b ArchivedMatcher,
    literals: Literals,
    host: &'b str,
    /// Nodes and candidates still to be visited.
    left: usize,
    visit: &'v mut dyn FnMut(Outline<'b>),
}

impl<'b> Walk<'b, '_> {
    fn paths(&mut self) {
        let mut hosts = vec![""; self.matcher.nodes.len()];
        for host in self.matcher.hosts.iter() {
            if let Some(place) = hosts.get_mut(host.root.to_native() as usize) {
                *place = &host.host;
            }
        }
        for entry in self.matcher.paths.iter() {
            self.host = hosts
                .get(entry.scope.to_native() as usize)
                .copied()
                .unwrap_or_default();
            let parts = segments(&entry.path).map(Part::Literal).collect();
            self.leaf(&entry.leaf, End::Nothing, &parts);
        }
    }

    fn node(&mut self, number: u32, parts: &mut Parts<'b>) {
        let Some(node) = self
            .matcher
            .nodes
            .get(number as usize)
            .filter(|_| self.step())
        else {
            return;
        };
        self.leaf(&node.end, End::Nothing, parts);
        self.leaf(&node.regexes, End::Regex, parts);
        self.leaf(&node.rest, End::Rest, parts);
        if parts.len() >= DEEPEST {
            return;
        }
        for index in self.literals.range(number) {
            let child = self.literals.at(index);
            if let Some(node) = self.matcher.nodes.get(child as usize) {
                self.below(child, Part::Literal(&node.segment), parts);
            }
        }
        for branch in node.parameters.iter() {
            let part = Part::Parameter(branch.kind.to_native());
            self.below(branch.child.to_native(), part, parts);
        }
    }

    /// Whether there is still something to visit.
    fn step(&mut self) -> bool {
        let left = self.left.checked_sub(1);
        self.left = left.unwrap_or_default();
        left.is_some()
    }

    fn below(&mut self, child: u32, part: Part<'b>, parts: &mut Parts<'b>) {
        parts.push(part);
        self.node(child, parts);
        parts.pop();
    }

    fn leaf(&mut self, leaf: &ArchivedLeaf, end: End, parts: &Parts<'b>) {
        for index in self.matcher.numbers(leaf) {
            if !self.step() {
                return;
            }
            if let Some(matched) = self.matcher.matches.get(index.to_native() as usize) {
                (self.visit)(Outline {
                    host: self.host,
                    parts: parts.clone(),
                    end,
                    matched,
                });
            }
        }
    }
}

/// The nodes that literal segments lead to, those of one parent next to each other.
struct Literals {
    /// Parent and child.
    sorted: Vec<(u32, u32)>,
    starts: Vec<usize>,
}

impl Literals {
    fn of(matcher: &ArchivedMatcher) -> Self {
        let parents = matcher.nodes.iter().map(|node| node.parent.to_native());
        let mut sorted: Vec<(u32, u32)> = parents
            .zip(0_u32..)
            .filter(|(parent, _)| *parent != NO_PARENT)
            .collect();
        sorted.sort_by_key(|(parent, _)| *parent);
        let mut starts = Vec::with_capacity(matcher.nodes.len() + 1);
        for (index, (parent, _)) in sorted.iter().enumerate() {
            let parent = (*parent as usize).min(matcher.nodes.len());
            starts.resize(starts.len().max(parent + 1), index);
        }
        Self { sorted, starts }
    }

    fn range(&self, node: u32) -> std::ops::Range<usize> {
        let end = self.sorted.len();
        let start = |node: usize| self.starts.get(node).copied().unwrap_or(end);
        start(node as usize)..start(node as usize + 1)
    }

    fn at(&self, index: usize) -> u32 {
        self.sorted
            .get(index)
            .map_or(NO_PARENT, |(_, child)| *child)
    }
}

/// The segments of a path that begins with `/`.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

impl Outline<'_> {
    /// The pattern as a spec would write it, for example `/orders/{id:int}`.
    pub(super) fn text(&self) -> String {
        let mut names = self.matched.captures.iter();
        let mut text = String::new();
        for part in &self.parts {
            text.push('/');
            match part {
                Part::Literal(segment) => text.push_str(segment),
                Part::Parameter(kind) => {
                    let name = names.next().map(|name| name.as_str());
                    text.push_str(&parameter_text(*kind, name.unwrap_or_default()));
                }
            }
        }
        match self.end {
            End::Nothing => {}
            End::Regex => text.push('…'),
            End::Rest => match names.next() {
                Some(name) if !name.is_empty() => text.push_str(&format!("/{{{name}...}}")),
                _ => text.push_str("/**"),
            },
        }
        text
    }

    /// The name of the parameter that stands at a segment.
    pub(super) fn name_at(&self, index: usize) -> &str {
        let before = self.parts.iter().take(index);
        let place = before
            .filter(|part| matches!(part, Part::Parameter(_)))
            .count();
        self.matched
            .captures
            .get(place)
            .map_or("", |name| name.as_str())
    }
}

/// A parameter as a spec would write it.
pub(super) fn parameter_text(kind: ParameterKind, name: &str) -> String {
    match kind.name() {
        None if name.is_empty() => "*".to_owned(),
        None => format!("{{{name}}}"),
        Some(kind) => format!("{{{name}:{kind}}}"),
    }
}
