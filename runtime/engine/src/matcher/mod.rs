//! Finds the route of a request.

use crate::program;
use crate::request::Request;

/// A pattern of one `match`, as the compiler hands it to [`build`].
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Tried in falling order.
    pub priority: i32,
    /// Hosts in normal form; a wildcard with its `*.`; empty: any host.
    pub hosts: Vec<String>,
    /// The path.
    pub path: PathForm,
    /// What else must hold, and whose it is.
    pub matched: program::Match,
}

/// The path of a pattern. Literals are in normal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathForm {
    /// Segments, all of the path.
    Whole(Vec<PathPart>),
    /// Segments, and then anything (`prefix`, `{rest...}`). `capture_rest` says whether what remains
    /// is captured as the last of the captures.
    Prefix {
        /// The first segments.
        parts: Vec<PathPart>,
        /// Whether the rest is captured.
        capture_rest: bool,
    },
    /// A regular expression (index into patterns is in `matched.extra.path_regex`), with the literal
    /// segments that every path it matches begins with.
    Regex {
        /// The literal beginning.
        literal: Vec<String>,
    },
}

/// A segment of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathPart {
    /// Exactly this, in normal form. An empty last literal stands for a slash at the end.
    Literal(String),
    /// One segment of this type.
    Parameter(program::ParameterKind),
}

/// Builds the matcher's tables from patterns given in order of declaration. Deterministic.
pub fn build(_patterns: Vec<Pattern>) -> program::Matcher {
    unimplemented!()
}

/// How two patterns stand to each other, the more specific first: priority, host, path, method, number
/// of headers, number of query conditions, number of cookies, number of body conditions. `Equal`
/// means that only the order of declaration decides.
pub fn precedence(_left: &Pattern, _right: &Pattern) -> std::cmp::Ordering {
    unimplemented!()
}

/// What became of looking for a route.
pub enum Routing<'b> {
    /// A route takes the request.
    Found(Found<'b>),
    /// The answer depends on the body: call again with it.
    NeedsBody,
    /// No route takes it.
    NotFound,
}

/// The route that takes a request, and what its path captured.
#[derive(Clone)]
pub struct Found<'b> {
    /// Index of the route.
    pub route: u32,
    /// The match that fitted.
    pub matched: &'b program::ArchivedMatch,
    /// Byte ranges of the captures within the request's path, one for each of `matched.captures`.
    pub captures: smallvec::SmallVec<[(u32, u32); 8]>,
}

impl Found<'_> {
    /// A path parameter as it stands in the path (encoded).
    pub fn capture<'r>(&self, _request: &'r Request<'_>, _name: &str) -> Option<&'r str> {
        unimplemented!()
    }
}

/// A route that nearly took a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// Index of the route.
    pub route: u32,
    /// Which `match` of it.
    pub ordinal: u16,
    /// What differed, one sentence each, for example "method is `POST`, the route takes `GET`".
    pub differences: Vec<String>,
}
