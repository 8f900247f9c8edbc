//! Conditions beyond the path: methods, headers, query, cookies, body.

use rkyv::{Archive, Deserialize, Serialize};

use super::BodySubject;

/// One `match` of a route.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Match {
    /// Index into the program's routes.
    pub route: u32,
    /// Which `match` of that route, from 0.
    pub ordinal: u16,
    /// Well-known methods taken, a bit each ([`method_bit`]); with `other_methods` empty, 0 takes
    /// every method.
    pub methods: u16,
    /// Names of the path's parameters in the order they stand, empty where one has no name. For a
    /// path regex the named groups in order.
    pub captures: Vec<String>,
    /// Everything that is seldom there.
    pub extra: Option<Box<MatchExtra>>,
}

/// What most matches lack.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct MatchExtra {
    /// Methods that have no bit.
    pub other_methods: Vec<String>,
    /// Index into the program's patterns: the whole path must match.
    pub path_regex: Option<u32>,
    /// Conditions on headers; names in lower case.
    pub headers: Vec<NamedCondition>,
    /// Conditions on query parameters.
    pub query: Vec<NamedCondition>,
    /// Conditions on cookies.
    pub cookies: Vec<NamedCondition>,
    /// Conditions on the body.
    pub body: Vec<BodyCondition>,
}

/// The bit of a well-known method in [`Match::methods`].
pub fn method_bit(method: &str) -> Option<u16> {
    const METHODS: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ];
    METHODS
        .iter()
        .position(|known| *known == method)
        .map(|index| 1 << index)
}

/// A condition on a named value. Where the name stands several times, one value that fits is
/// enough; `Absent` needs that there is none.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct NamedCondition {
    /// The name.
    pub name: String,
    /// What must hold; all of it, of the same value.
    pub tests: Vec<TextTest>,
}

/// What a text must be like.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub enum TextTest {
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// Exactly this.
    Equals(String),
    /// This within.
    Contains(String),
    /// The whole matches: index into the program's patterns.
    Matches(u32),
}

/// A condition on the body.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct BodyCondition {
    /// What is looked at.
    pub subject: BodySubject,
    /// What it must be like; all of it.
    pub tests: Vec<TextTest>,
}
