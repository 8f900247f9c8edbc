//! Builds the matcher's tables.
//!
//! Patterns are sorted into scopes (a host within a priority), in a scope into whole paths and a trie,
//! and at last every list of matches is put in order of precedence and written one after another.
//! Everything is numbered in the order in which it is first met, so the same patterns always give the
//! same tables.

use std::collections::{BTreeSet, HashMap};

use super::precedence::{conditions, prefix};
use super::table::{hash, wildcard_hash, within};
use super::{PathForm, PathPart, Pattern};
use crate::program::{
    HashTable, HostEntry, Leaf, Match, Matcher, NO_PARENT, ParameterBranch, ParameterKind,
    PathEntry, TrieNode,
};

/// Builds the matcher's tables from patterns given in order of declaration. Deterministic.
///
/// A match whose captures are fewer than its path's parameters gets unnamed ones, so that each
/// parameter has its place.
pub fn build(patterns: Vec<Pattern>) -> Matcher {
    let priorities: BTreeSet<i32> = patterns.iter().map(|pattern| pattern.priority).collect();
    let mut builder = Builder {
        tiers: priorities.into_iter().rev().collect(),
        ..Builder::default()
    };
    for (pattern, index) in patterns.iter().zip(0_u32..) {
        builder.insert(pattern, index);
    }
    let matches = patterns.into_iter().map(with_all_captures).collect();
    builder.finish(matches)
}

/// Gives a match one capture for each parameter of its path.
fn with_all_captures(pattern: Pattern) -> Match {
    let mut matched = pattern.matched;
    let parameters = |parts: &[PathPart]| {
        let is = |part: &&PathPart| matches!(part, PathPart::Parameter(_));
        parts.iter().filter(is).count()
    };
    match &pattern.path {
        PathForm::Whole(parts) => matched.captures.resize(parameters(parts), String::new()),
        PathForm::Prefix {
            parts,
            capture_rest,
        } => {
            let count = parameters(prefix(parts)) + usize::from(*capture_rest);
            matched.captures.resize(count, String::new());
        }
        PathForm::Regex { .. } => {}
    }
    matched
}

#[derive(Default)]
struct Builder {
    tiers: Vec<i32>,
    hosts: Vec<HostEntry>,
    host_of: HashMap<(u32, String), u32>,
    paths: Vec<PathDraft>,
    path_of: HashMap<(u32, String), usize>,
    nodes: Vec<NodeDraft>,
    edge_of: HashMap<(u32, String), u32>,
}

struct PathDraft {
    scope: u32,
    path: String,
    leaf: Vec<u32>,
}

struct NodeDraft {
    parent: u32,
    literals: u32,
    segment: String,
    end: Vec<u32>,
    parameters: Vec<ParameterBranch>,
    regexes: Vec<u32>,
    rest: Vec<u32>,
}

impl Builder {
    fn insert(&mut self, pattern: &Pattern, index: u32) {
        let place = self
            .tiers
            .partition_point(|priority| *priority > pattern.priority);
        let tier = u32::try_from(place).unwrap_or(u32::MAX);
        let hosts: BTreeSet<&str> = pattern.hosts.iter().map(String::as_str).collect();
        let any = hosts.is_empty().then_some("");
        for host in hosts.into_iter().chain(any) {
            let scope = self.scope(tier, host);
            self.insert_path(scope, &pattern.path, index);
        }
    }

    /// The root of the scope of a host.
    fn scope(&mut self, tier: u32, host: &str) -> u32 {
        if let Some(root) = self.host_of.get(&(tier, host.to_owned())) {
            return *root;
        }
        let root = self.new_node(NO_PARENT, "");
        self.host_of.insert((tier, host.to_owned()), root);
        self.hosts.push(HostEntry {
            tier,
            host: host.to_owned(),
            root,
        });
        root
    }

    fn insert_path(&mut self, scope: u32, path: &PathForm, index: u32) {
        match path {
            PathForm::Whole(parts) => match literal_path(parts) {
                Some(path) => self.path_leaf(scope, path).push(index),
                None => {
                    let node = self.walk(scope, parts);
                    self.node(node, |node| node.end.push(index));
                }
            },
            PathForm::Prefix { parts, .. } => {
                let node = self.walk(scope, prefix(parts));
                self.node(node, |node| node.rest.push(index));
            }
            PathForm::Regex { literal } => {
                let node = literal
                    .iter()
                    .fold(scope, |node, part| self.literal(node, part));
                self.node(node, |node| node.regexes.push(index));
            }
        }
    }

    fn path_leaf(&mut self, scope: u32, path: String) -> &mut Vec<u32> {
        let index = *self
            .path_of
            .entry((scope, path.clone()))
            .or_insert_with(|| {
                self.paths.push(PathDraft {
                    scope,
                    path,
                    leaf: Vec::new(),
                });
                self.paths.len() - 1
            });
        #[expect(
            clippy::indexing_slicing,
            reason = "the index was taken from this very list"
        )]
        &mut self.paths[index].leaf
    }

    /// The node at the end of these parts, made where it is missing.
    fn walk(&mut self, root: u32, parts: &[PathPart]) -> u32 {
        parts.iter().fold(root, |node, part| match part {
            PathPart::Literal(segment) => self.literal(node, segment),
            PathPart::Parameter(kind) => self.parameter(node, *kind),
        })
    }

    fn literal(&mut self, parent: u32, segment: &str) -> u32 {
        if let Some(child) = self.edge_of.get(&(parent, segment.to_owned())) {
            return *child;
        }
        let child = self.new_node(parent, segment);
        self.edge_of.insert((parent, segment.to_owned()), child);
        self.node(parent, |node| node.literals += 1);
        child
    }

    fn parameter(&mut self, parent: u32, kind: ParameterKind) -> u32 {
        let known = self.node(parent, |node| {
            node.parameters
                .iter()
                .find(|branch| branch.kind == kind)
                .map(|branch| branch.child)
        });
        if let Some(child) = known {
            return child;
        }
        let child = self.new_node(NO_PARENT, "");
        self.node(parent, |node| {
            node.parameters.push(ParameterBranch { kind, child });
            node.parameters.sort_by_key(|branch| branch.kind);
        });
        child
    }

    fn new_node(&mut self, parent: u32, segment: &str) -> u32 {
        self.nodes.push(NodeDraft {
            parent,
            segment: segment.to_owned(),
            literals: 0,
            end: Vec::new(),
            parameters: Vec::new(),
            regexes: Vec::new(),
            rest: Vec::new(),
        });
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "nodes are numbered by `new_node` alone"
    )]
    fn node<T>(&mut self, node: u32, with: impl FnOnce(&mut NodeDraft) -> T) -> T {
        with(&mut self.nodes[node as usize])
    }

    fn finish(self, matches: Vec<Match>) -> Matcher {
        let mut leaves = Leaves {
            matches: &matches,
            candidates: Vec::new(),
        };
        let paths: Vec<PathEntry> = self
            .paths
            .into_iter()
            .map(|draft| PathEntry {
                scope: draft.scope,
                path: draft.path,
                leaf: leaves.write(draft.leaf),
            })
            .collect();
        let nodes: Vec<TrieNode> = self
            .nodes
            .into_iter()
            .map(|draft| TrieNode {
                parent: draft.parent,
                literals: draft.literals,
                segment: draft.segment,
                end: leaves.write(draft.end),
                parameters: draft.parameters,
                regexes: leaves.write(draft.regexes),
                rest: leaves.write(draft.rest),
            })
            .collect();
        Matcher {
            tiers: self.tiers,
            host_table: table(&self.hosts, |entry| {
                Some(host_hash(entry.tier, &entry.host))
            }),
            hosts: self.hosts,
            path_table: table(&paths, |entry| Some(within(entry.scope, hash(&entry.path)))),
            paths,
            node_table: table(&nodes, |node| {
                (node.parent != NO_PARENT).then(|| within(node.parent, hash(&node.segment)))
            }),
            nodes,
            candidates: leaves.candidates,
            matches,
        }
    }
}

/// The hash of a host as it stands in the table. A wildcard is hashed by what follows `*.`, so that the
/// search can hash a part of the request's host.
fn host_hash(tier: u32, host: &str) -> u64 {
    let key = match host.strip_prefix("*.") {
        Some(suffix) => wildcard_hash(suffix),
        None => hash(host),
    };
    within(tier, key)
}

/// A table of those entries that have a hash.
fn table<T>(entries: &[T], hash: impl Fn(&T) -> Option<u64>) -> HashTable {
    let numbered = entries.iter().zip(0_u32..);
    let hashed = numbered.filter_map(|(entry, number)| Some((hash(entry)?, number)));
    HashTable::of(&hashed.collect::<Vec<_>>())
}

/// The path that consists of these literals; `None` where there is a parameter.
fn literal_path(parts: &[PathPart]) -> Option<String> {
    let mut path = String::new();
    for part in parts {
        let PathPart::Literal(segment) = part else {
            return None;
        };
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push('/');
    }
    Some(path)
}

struct Leaves<'m> {
    matches: &'m [Match],
    candidates: Vec<u32>,
}

impl Leaves<'_> {
    fn write(&mut self, mut leaf: Vec<u32>) -> Leaf {
        // Stable: what ties stays in order of declaration.
        leaf.sort_by_key(|index| self.matches.get(*index as usize).map(conditions));
        if let [only] = leaf[..] {
            return Leaf {
                start: only,
                count: 1,
            };
        }
        let start = u32::try_from(self.candidates.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(leaf.len()).unwrap_or(u32::MAX);
        self.candidates.append(&mut leaf);
        Leaf { start, count }
    }
}
