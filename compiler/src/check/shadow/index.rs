//! Finds the patterns that can take requests of another one, without looking at all of them.
//!
//! A trie over segments, as the engine's own. Below the positions where the other pattern has a
//! parameter only parameters count: see [`segment`](super::segment) for why literals do not.

use std::collections::HashMap;

use gated_engine::matcher::PathForm;

use super::facts::Key;
use super::path::Paths;
use super::segment::{Kinds, Segments};
use super::unit::Unit;

/// How many patterns are compared with one; more is not decided.
const MAX_CANDIDATES: usize = 2_000;
/// How many nodes are visited for one.
const MAX_NODES: usize = 20_000;

/// The trie.
#[derive(Default)]
pub(super) struct Index<'p> {
    nodes: Vec<Node>,
    literals: HashMap<(u32, String), u32>,
    buckets: HashMap<(u32, Ending, &'p str), Bucket>,
    /// Where each regular expression ends.
    regexes: HashMap<u32, u32>,
}

#[derive(Default)]
struct Node {
    /// Children that take kinds.
    kinds: Vec<(Kinds, u32)>,
    /// The regular expressions whose literal segments end here, and the first rank among them.
    regexes: Vec<u32>,
    first_regex: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ending {
    Whole,
    Open,
    /// Paths of this regular expression.
    Regex(u32),
}

/// Units that end at one place under one host.
#[derive(Default)]
struct Bucket {
    /// Those that ask for no equality.
    free: Vec<u32>,
    /// The others, by the first one they ask for.
    keyed: HashMap<Key, Vec<u32>>,
}

/// What was found.
#[derive(Default)]
pub(super) struct Candidates {
    /// Units whose paths have something in common with the one asked for.
    pub(super) units: Vec<u32>,
    /// Units with a regular expression that may.
    pub(super) regexes: Vec<u32>,
    /// Whether there were too many to list.
    pub(super) over: bool,
}

impl<'p> Index<'p> {
    pub(super) fn new(units: &[Unit<'p>]) -> Self {
        let mut index = Self {
            nodes: vec![Node::default()],
            ..Self::default()
        };
        for (number, unit) in units.iter().enumerate() {
            index.add(u32::try_from(number).unwrap_or(u32::MAX), unit);
        }
        index
    }

    fn add(&mut self, number: u32, unit: &Unit<'p>) {
        let (node, ending) = match (&unit.paths, &unit.pattern.path) {
            (Some(paths), _) => {
                let ending = if paths.open {
                    Ending::Open
                } else {
                    Ending::Whole
                };
                (self.descend(&paths.segments), ending)
            }
            (None, PathForm::Regex { literal }) => {
                let Some(regex) = unit.regex() else {
                    return;
                };
                let segments: Vec<_> = literal.iter().cloned().map(Segments::Literal).collect();
                let node = self.descend(&segments);
                self.add_regex(node, regex, unit.rank);
                (node, Ending::Regex(regex))
            }
            (None, _) => return,
        };
        let bucket = self.buckets.entry((node, ending, unit.host)).or_default();
        match unit.conditions.iter().find_map(|condition| condition.key()) {
            None => bucket.free.push(number),
            Some(key) => bucket.keyed.entry(key).or_default().push(number),
        }
    }

    fn add_regex(&mut self, node: u32, regex: u32, rank: usize) {
        let new = self.regexes.insert(regex, node).is_none();
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.regexes.extend(new.then_some(regex));
            node.first_regex = Some(node.first_regex.map_or(rank, |first| first.min(rank)));
        }
    }

    fn descend(&mut self, segments: &[Segments]) -> u32 {
        segments
            .iter()
            .fold(0, |node, segment| self.child(node, segment))
    }

    fn child(&mut self, node: u32, segment: &Segments) -> u32 {
        let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        match segment {
            Segments::Literal(text) => {
                let child = *self.literals.entry((node, text.clone())).or_insert(next);
                if child == next {
                    self.nodes.push(Node::default());
                }
                child
            }
            Segments::Kinds(kinds) => {
                let known = self.nodes.get(node as usize).and_then(|node| {
                    node.kinds
                        .iter()
                        .find(|(known, _)| known == kinds)
                        .map(|(_, child)| *child)
                });
                if let Some(child) = known {
                    return child;
                }
                self.nodes.push(Node::default());
                if let Some(node) = self.nodes.get_mut(node as usize) {
                    node.kinds.push((*kinds, next));
                }
                next
            }
        }
    }

    /// The units that may take requests of `unit`, without those of regular expressions.
    pub(super) fn plain(&self, unit: &Unit<'_>) -> Candidates {
        let mut search = Search::new(self, unit, false);
        search.start(unit);
        search.found
    }

    /// The units that may take requests of `unit`, those of regular expressions among them.
    pub(super) fn all(&self, unit: &Unit<'_>) -> Candidates {
        let mut search = Search::new(self, unit, true);
        search.start(unit);
        search.found
    }

    /// The units without a regular expression that may take requests of `unit` with this path.
    pub(super) fn at(&self, path: &Paths, unit: &Unit<'_>) -> Candidates {
        let mut search = Search::new(self, unit, false);
        search.visit(0, 0, path);
        search.found
    }

    /// The units of one regular expression that may take requests of `unit`, if they have a path in
    /// common.
    pub(super) fn of_regex(&self, regex: u32, unit: &Unit<'_>) -> Candidates {
        let mut search = Search::new(self, unit, true);
        if let Some(node) = self.regexes.get(&regex) {
            search.collect(*node, Ending::Regex(regex));
        }
        search.found
    }
}

/// The host itself and all that take every request it takes.
fn covering_hosts(host: &str) -> Vec<String> {
    let mut hosts = vec![host.to_owned()];
    let mut rest = host.strip_prefix("*.").unwrap_or(host);
    while let Some((_, parent)) = rest.split_once('.') {
        hosts.push(format!("*.{parent}"));
        rest = parent;
    }
    if !host.is_empty() {
        hosts.push(String::new());
    }
    hosts
}

struct Search<'i, 'p> {
    index: &'i Index<'p>,
    hosts: Vec<String>,
    keys: Vec<Key>,
    /// Of which rank the unit is that is asked for.
    rank: usize,
    with_regexes: bool,
    found: Candidates,
    visited: usize,
}

impl<'i, 'p> Search<'i, 'p> {
    fn new(index: &'i Index<'p>, unit: &Unit<'_>, with_regexes: bool) -> Self {
        let conditions = unit.conditions.iter();
        Self {
            index,
            hosts: covering_hosts(unit.host),
            keys: conditions.filter_map(|condition| condition.key()).collect(),
            rank: unit.rank,
            with_regexes,
            found: Candidates::default(),
            visited: 0,
        }
    }

    fn start(&mut self, unit: &Unit<'_>) {
        match (&unit.paths, &unit.pattern.path) {
            (Some(paths), _) => self.visit(0, 0, paths),
            (None, PathForm::Regex { literal }) => {
                let segments = literal.iter().cloned().map(Segments::Literal).collect();
                let open = true;
                self.along(0, 0, &Paths { segments, open });
            }
            (None, _) => {}
        }
    }

    /// Collects at a node reached after `depth` segments, and goes on.
    fn visit(&mut self, node: u32, depth: usize, paths: &Paths) {
        if !self.enter() {
            return;
        }
        self.collect(node, Ending::Open);
        self.collect_regexes(node);
        match paths.segments.get(depth) {
            Some(segment) => self.children(node, segment, |search, child| {
                search.visit(child, depth + 1, paths);
            }),
            None => {
                self.collect(node, Ending::Whole);
                if paths.open {
                    self.below(node, paths);
                }
            }
        }
    }

    /// Below the end of an open path anything may follow.
    fn below(&mut self, node: u32, paths: &Paths) {
        if let Some(slash) = self.index.literals.get(&(node, String::new())) {
            self.collect(*slash, Ending::Whole);
        }
        let depth = paths.segments.len();
        for (_, child) in self.kinds(node) {
            self.visit(*child, depth, paths);
        }
    }

    /// For a regular expression: what covers everything that begins with its literal segments, and
    /// other regular expressions on the way.
    fn along(&mut self, node: u32, depth: usize, paths: &Paths) {
        if !self.enter() {
            return;
        }
        self.collect(node, Ending::Open);
        self.collect_regexes(node);
        if let Some(segment) = paths.segments.get(depth) {
            self.children(node, segment, |search, child| {
                search.along(child, depth + 1, paths)
            });
        }
    }

    fn enter(&mut self) -> bool {
        self.visited += 1;
        self.found.over |= self.visited > MAX_NODES;
        !self.found.over
    }

    fn kinds(&self, node: u32) -> &'i [(Kinds, u32)] {
        let node = self.index.nodes.get(node as usize);
        node.map_or(&[], |node| node.kinds.as_slice())
    }

    fn children(&mut self, node: u32, segment: &Segments, mut go: impl FnMut(&mut Self, u32)) {
        if let Segments::Literal(text) = segment
            && let Some(child) = self.index.literals.get(&(node, text.clone()))
        {
            go(self, *child);
        }
        for (kinds, child) in self.kinds(node) {
            if segment.and(&Segments::Kinds(*kinds)).is_some() {
                go(self, *child);
            }
        }
    }

    /// The regular expressions of a node, if one of them comes before the unit asked for.
    fn collect_regexes(&mut self, node: u32) {
        let Some(node_of) = self.index.nodes.get(node as usize) else {
            return;
        };
        let before = node_of.first_regex.is_some_and(|first| first < self.rank);
        if !self.with_regexes || !before {
            return;
        }
        for regex in &node_of.regexes {
            self.collect(node, Ending::Regex(*regex));
            if self.found.over {
                return;
            }
        }
    }

    fn collect(&mut self, node: u32, ending: Ending) {
        for host in &self.hosts {
            let Some(bucket) = self.index.buckets.get(&(node, ending, host.as_str())) else {
                continue;
            };
            let keyed = self
                .keys
                .iter()
                .filter_map(|key| bucket.keyed.get(key))
                .flatten();
            let found = match ending {
                Ending::Regex(_) => &mut self.found.regexes,
                _ => &mut self.found.units,
            };
            let room = (MAX_CANDIDATES + 1).saturating_sub(found.len());
            found.extend(bucket.free.iter().chain(keyed).take(room));
            self.found.over |= found.len() > MAX_CANDIDATES;
        }
    }
}
