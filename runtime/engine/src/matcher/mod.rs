//! Finds the route of a request.
//!
//! The compiler hands over [`Pattern`]s; [`build`] lays them out as tables; [`route`] looks a request
//! up in them. [`precedence`] says in one place which of two patterns comes first, and [`nearest`] and
//! [`explain`] say in words why a route did not take a request.

mod body;
mod build;
mod compiled;
mod conditions;
mod differences;
mod json;
mod kind;
mod nearest;
mod outline;
mod precedence;
mod search;
mod table;

pub use build::build;
pub use compiled::{Compiled, check_json_path, check_pattern, check_schema};
pub use nearest::{explain, fitting, nearest};
pub use precedence::precedence;
pub use search::route;

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

/// What became of looking for a route.
#[derive(Debug)]
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
    /// Byte ranges of the captures within the request's path, one for each of `matched.captures`. A
    /// group of a regular expression that took no part has a range outside of every path.
    pub captures: smallvec::SmallVec<[(u32, u32); 8]>,
}

impl std::fmt::Debug for Found<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Found")
            .field("route", &self.route)
            .field("ordinal", &self.matched.ordinal.to_native())
            .field("captures", &self.captures)
            .finish()
    }
}

impl Found<'_> {
    /// A path parameter as it stands in the path (encoded).
    pub fn capture<'r>(&self, request: &'r Request<'_>, name: &str) -> Option<&'r str> {
        let mut named = self.matched.captures.iter().zip(&self.captures);
        let (_, &(start, end)) = named.find(|(known, _)| !name.is_empty() && *known == name)?;
        request.path.get(start as usize..end as usize)
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
