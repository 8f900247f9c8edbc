//! The tables that find a route: flat, read in place, with a cost that does not grow with the number
//! of routes.
//!
//! A request's host picks *scopes* from the most to the least specific. In a scope a hash table over
//! whole paths finds paths without parameters; a trie over segments finds the rest, from the most to
//! the least specific branch. Either ends at a *leaf*: a short list of matches in order of precedence.

use rkyv::{Archive, Deserialize, Serialize};

use super::Match;

/// The compiled matcher.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Matcher {
    /// Every match of every route; leaves point here.
    pub matches: Vec<Match>,
    /// Priorities in use, highest first; each is searched in full before the next.
    pub tiers: Vec<i32>,
    /// Hosts: key is (tier, host), a wildcard with its `*.`, any host as the empty string.
    pub hosts: Vec<HostEntry>,
    /// Hash table over `hosts`.
    pub host_table: HashTable,
    /// Paths without parameters.
    pub paths: Vec<PathEntry>,
    /// Hash table over `paths`.
    pub path_table: HashTable,
    /// Nodes of the tries.
    pub nodes: Vec<TrieNode>,
    /// Hash table over those nodes that a literal segment leads to.
    pub node_table: HashTable,
    /// Candidate lists: indexes into `matches`; each leaf of several matches is a range of it.
    pub candidates: Vec<u32>,
}

/// An open-addressing hash table with linear probing. A slot holds the upper half of the key's hash
/// and an entry's index plus one (lower half), so that other keys are passed over without looking at
/// their entries; 0 is free. The number of slots is a power of two, at least twice the number of
/// entries. The hash is that of `matcher::table`.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct HashTable {
    /// The slots.
    pub slots: Vec<u64>,
}

/// The matches at one place. Most have one match, which is named right here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Leaf {
    /// With one match its index in [`Matcher::matches`]; with several the first of them in
    /// [`Matcher::candidates`].
    pub start: u32,
    /// Number of matches; 0: no leaf.
    pub count: u32,
}

/// A host with the scope it opens.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct HostEntry {
    /// Index into [`Matcher::tiers`].
    pub tier: u32,
    /// The host in normal form; `*.` in front for a wildcard; empty for any.
    pub host: String,
    /// The root node of the scope's trie; also the scope's number in [`PathEntry`].
    pub root: u32,
}

/// A whole path with its leaf.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct PathEntry {
    /// The scope.
    pub scope: u32,
    /// The path in normal form.
    pub path: String,
    /// What matches there.
    pub leaf: Leaf,
}

/// The parent of a [`TrieNode`] that no literal segment leads to.
pub const NO_PARENT: u32 = u32::MAX;

/// A node of a trie: how a literal segment leads to it, and what can follow. One look in memory for both.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct TrieNode {
    /// The node that the literal segment leads here from; [`NO_PARENT`] at a root and behind a
    /// parameter.
    pub parent: u32,
    /// Number of nodes that literal segments lead to from here; with 0 none is looked for.
    pub literals: u32,
    /// The literal segment in normal form; empty where there is none.
    pub segment: String,
    /// Matches whose path ends here (paths with parameters).
    pub end: Leaf,
    /// Branches that take one segment of a type, the more specific type first.
    pub parameters: Vec<ParameterBranch>,
    /// Path regexes whose literal beginning ends here; each is tried on the whole path.
    pub regexes: Leaf,
    /// Matches that take all that remains, even nothing: prefixes and `{rest...}`.
    pub rest: Leaf,
}

/// A branch that takes one segment of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct ParameterBranch {
    /// What the segment must look like.
    pub kind: ParameterKind,
    /// The node that follows.
    pub child: u32,
}

/// What a segment must look like, the most specific first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Archive, Serialize, Deserialize,
)]
pub enum ParameterKind {
    /// A UUID in its usual form, either case.
    Uuid,
    /// `YYYY-MM-DD`, a day that exists.
    Date,
    /// A whole number that fits in 64 bits.
    Int,
    /// ASCII letters.
    Alpha,
    /// ASCII letters and digits.
    Alnum,
    /// Anything that is not empty.
    Any,
}
