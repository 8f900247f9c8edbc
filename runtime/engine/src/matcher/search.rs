//! The search itself: host, whole path, trie, and then the conditions of each candidate.
//!
//! The walk through a trie goes back where a branch leads nowhere, and it tries branches from the most
//! to the least specific, so the first match that fits is the right one. Nothing is allocated: names
//! are looked up as slices of the request. The tables may come from a hostile file, so the walk is
//! bounded in depth and in steps, and whatever does not fit together is no match.

use rkyv::primitive::ArchivedU32;
use smallvec::SmallVec;

use super::compiled::{Compiled, HostKinds};
use super::conditions::{Fit, Subject};
use super::table::{hash, wildcard_hash, within};
use super::{Found, Routing};
use crate::program::{ArchivedLeaf, ArchivedMatch, ArchivedMatcher, ArchivedProgram};
use crate::request::Request;

/// The deepest a walk goes. Patterns have at most 64 segments.
const DEEPEST: u32 = 80;

/// The range of a capture that took no part.
const NOTHING: (u32, u32) = (u32::MAX, u32::MAX);

/// Finds the route of a request. `body` may be left out until [`Routing::NeedsBody`] asks for it.
/// Does not allocate for paths of literals and up to eight parameters.
pub fn route<'b>(
    program: &'b ArchivedProgram,
    compiled: &Compiled,
    request: &Request<'_>,
    body: Option<&[u8]>,
) -> Routing<'b> {
    let path: &str = &request.path;
    if !path.starts_with('/') || u32::try_from(path.len()).is_err() {
        return Routing::NotFound;
    }
    let mut search = Search {
        matcher: &program.matcher,
        subject: &Subject::new(program, compiled, request, body),
        path,
        path_hash: hash(path),
        captures: SmallVec::new(),
        steps: program.matcher.most_steps(),
    };
    search.tiers(&request.host).unwrap_or(Routing::NotFound)
}

impl ArchivedMatcher {
    /// A bound on the nodes and candidates that are looked at, in all. Tables as they are built stay within
    /// it: they are trees and their leaves do not overlap, so each is looked at once at most. Leaves of a
    /// hostile table may overlap, which nothing checks: there the bound ends the search.
    pub(super) fn most_steps(&self) -> usize {
        // A node, and the matches that its three leaves may name themselves.
        self.nodes.len() * 4 + self.candidates.len() + self.paths.len()
    }

    /// The numbers of a leaf's matches; none where it leads nowhere.
    pub(super) fn numbers<'l>(&'l self, leaf: &'l ArchivedLeaf) -> &'l [ArchivedU32] {
        let start = leaf.start.to_native() as usize;
        match leaf.count.to_native() {
            1 => std::slice::from_ref(&leaf.start),
            count => self
                .candidates
                .get(start..start.saturating_add(count as usize))
                .unwrap_or_default(),
        }
    }
}

struct Search<'b, 's> {
    matcher: &'b ArchivedMatcher,
    subject: &'s Subject<'s>,
    path: &'s str,
    path_hash: u64,
    /// What the parameters on the way took.
    captures: SmallVec<[(u32, u32); 8]>,
    /// Nodes and candidates that may still be looked at.
    steps: usize,
}

/// A host to look up.
struct HostKey<'h> {
    name: &'h str,
    wildcard: bool,
    hash: u64,
}

impl<'b> Search<'b, '_> {
    fn tiers(&mut self, host: &str) -> Option<Routing<'b>> {
        let keys = host_keys(host, self.subject.compiled.hosts);
        for (tier, _) in (0_u32..).zip(self.matcher.tiers.iter()) {
            for key in &keys {
                if let Some(root) = self.scope(tier, key)
                    && let Some(found) = self.in_scope(root)
                {
                    return Some(found);
                }
            }
        }
        None
    }

    fn scope(&self, tier: u32, key: &HostKey<'_>) -> Option<u32> {
        self.matcher
            .host_table
            .find(within(tier, key.hash), |index| {
                let entry = self.matcher.hosts.get(index as usize)?;
                let name = match entry.host.strip_prefix("*.") {
                    Some(suffix) if key.wildcard => suffix,
                    None if !key.wildcard => entry.host.as_str(),
                    _ => return None,
                };
                (entry.tier == tier && name == key.name).then(|| entry.root.to_native())
            })
    }

    fn in_scope(&mut self, root: u32) -> Option<Routing<'b>> {
        if let Some(leaf) = self.whole_path(root)
            && let Some(found) = self.take(leaf, None)
        {
            return Some(found);
        }
        self.walk(root, 0, 0)
    }

    fn whole_path(&self, scope: u32) -> Option<&'b ArchivedLeaf> {
        let matcher = self.matcher;
        matcher
            .path_table
            .find(within(scope, self.path_hash), |index| {
                let entry = matcher.paths.get(index as usize)?;
                (entry.scope == scope && entry.path == *self.path).then_some(&entry.leaf)
            })
    }

    /// Looks at a node and what is below it. `at` is where the next segment's slash stands, or the
    /// path's end.
    fn walk(&mut self, number: u32, at: usize, depth: u32) -> Option<Routing<'b>> {
        if depth > DEEPEST {
            return None;
        }
        self.steps = self.steps.checked_sub(1)?;
        let node = self.matcher.nodes.get(number as usize)?;
        let below = match self.segment(at) {
            None => self.take(&node.end, None),
            Some((start, end)) => self.branches(number, start, end, depth),
        };
        if below.is_some() {
            return below;
        }
        if let Some(found) = self.take(&node.regexes, None) {
            return Some(found);
        }
        let rest = (at + 1).min(self.path.len());
        self.take(&node.rest, Some(range(rest, self.path.len())))
    }

    /// The branches that take the segment: the literal one, and then the parameters.
    fn branches(
        &mut self,
        number: u32,
        start: usize,
        end: usize,
        depth: u32,
    ) -> Option<Routing<'b>> {
        let segment = self.path.get(start..end)?;
        let node = self.matcher.nodes.get(number as usize)?;
        if node.literals > 0
            && let Some(child) = self.literal(number, segment)
            && let Some(found) = self.walk(child, end, depth + 1)
        {
            return Some(found);
        }
        for branch in node.parameters.iter() {
            if branch.kind.to_native().takes(segment) {
                self.captures.push(range(start, end));
                let found = self.walk(branch.child.to_native(), end, depth + 1);
                if found.is_some() {
                    return found;
                }
                self.captures.pop();
            }
        }
        None
    }

    fn literal(&self, parent: u32, segment: &str) -> Option<u32> {
        let hash = within(parent, hash(segment));
        self.matcher.node_table.find(hash, |child| {
            let node = self.matcher.nodes.get(child as usize)?;
            (node.parent == parent && node.segment == *segment).then_some(child)
        })
    }

    /// Where the segment after the slash at `at` begins and ends; `None` at the path's end.
    fn segment(&self, at: usize) -> Option<(usize, usize)> {
        let start = at + 1;
        let rest = self.path.as_bytes().get(start..)?;
        let length = rest
            .iter()
            .position(|byte| *byte == b'/')
            .unwrap_or(rest.len());
        Some((start, start + length))
    }

    /// The first candidate of a leaf that fits.
    fn take(&mut self, leaf: &ArchivedLeaf, rest: Option<(u32, u32)>) -> Option<Routing<'b>> {
        let matcher = self.matcher;
        for index in matcher.numbers(leaf) {
            self.steps = self.steps.checked_sub(1)?;
            let matched = matcher.matches.get(index.to_native() as usize)?;
            match self.subject.fits(matched) {
                Fit::No => {}
                Fit::NeedsBody => return Some(Routing::NeedsBody),
                Fit::Yes => return Some(Routing::Found(self.found(matched, rest))),
            }
        }
        None
    }

    fn found(&mut self, matched: &'b ArchivedMatch, rest: Option<(u32, u32)>) -> Found<'b> {
        let mut captures = match self.subject.path_regex(matched) {
            Some(regex) => named_groups(regex, self.path, matched.captures.len()),
            None => std::mem::take(&mut self.captures),
        };
        if captures.len() < matched.captures.len() {
            captures.extend(rest);
        }
        captures.resize(matched.captures.len(), NOTHING);
        Found {
            route: matched.route.to_native(),
            matched,
            captures,
        }
    }
}

/// The hosts to look up, the most specific first: the host itself, wildcards for ever less of it, any.
/// Kinds that no host of the program is of are left out.
fn host_keys(host: &str, kinds: HostKinds) -> SmallVec<[HostKey<'_>; 8]> {
    let mut keys = SmallVec::new();
    if kinds.exact && !host.is_empty() {
        keys.push(HostKey {
            name: host,
            wildcard: false,
            hash: hash(host),
        });
    }
    if kinds.wildcard {
        let suffixes = host
            .match_indices('.')
            .filter_map(|(dot, _)| host.get(dot + 1..));
        keys.extend(suffixes.map(|name| HostKey {
            name,
            wildcard: true,
            hash: wildcard_hash(name),
        }));
    }
    keys.push(HostKey {
        name: "",
        wildcard: false,
        hash: hash(""),
    });
    keys
}

fn named_groups(regex: &regex::Regex, path: &str, count: usize) -> SmallVec<[(u32, u32); 8]> {
    if count == 0 {
        return SmallVec::new();
    }
    let Some(groups) = regex.captures(path) else {
        return SmallVec::new();
    };
    let named = regex
        .capture_names()
        .enumerate()
        .filter(|(_, name)| name.is_some());
    named
        .map(|(index, _)| {
            groups
                .get(index)
                .map_or(NOTHING, |group| range(group.start(), group.end()))
        })
        .take(count)
        .collect()
}

/// A byte range; paths are shorter than 4 GiB, which [`route`] has checked.
fn range(start: usize, end: usize) -> (u32, u32) {
    (start as u32, end as u32)
}
