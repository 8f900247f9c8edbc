//! From a route to what must be done.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::matcher::Found;
use crate::request::Request;

/// A response that is ready to be sent, before `Date`, `Content-Length` and the request id.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// What must be done with a request.
pub enum Decision<'b> {
    /// Send this (mock, redirect, or a file of the bundle). Transformed already.
    Respond(Response),
    /// Pass the request on; the response is then given to [`transform_response`].
    Proxy(ProxyPlan<'b>),
    /// Answer from the replica's disk.
    Disk(DiskPlan<'b>),
}

/// How to pass a request on.
pub struct ProxyPlan<'b> {
    /// Index of the upstream.
    pub upstream: u32,
    /// Path and query to ask for (normal form), without the server's base path.
    pub path_and_query: String,
    /// `Host` to send; `None`: the server's authority.
    pub host: Option<String>,
    /// Milliseconds to the end of the answer's headers; 0: no bound.
    pub timeout_ms: u64,
    /// The route's changes to the request's headers were done to this copy; hop-by-hop and
    /// forwarding headers are the caller's.
    pub headers: HeaderMap,
    /// The route.
    pub route: &'b crate::program::ArchivedRoute,
}

/// How to answer from the disk.
pub struct DiskPlan<'b> {
    /// The folder.
    pub root: &'b str,
    /// Decoded path below the folder, without a leading slash; holds no `.`, `..`, NUL or backslash
    /// segments.
    pub path: String,
    /// Whether the request path ended with a slash.
    pub folder: bool,
    /// The route's settings.
    pub files: &'b crate::program::ArchivedFiles,
}

/// Decides what to do with a request that a route takes. `body` is there if the caller has it;
/// [`needs_body`] says whether it must be.
pub fn decide<'b>(
    _bundle: &'b Bundle,
    _found: &Found<'b>,
    _request: &Request<'_>,
    _body: Option<&[u8]>,
    _environment: &dyn Environment,
) -> Decision<'b> {
    unimplemented!()
}

/// Whether anything in the route (templates) looks at the request's body.
pub fn needs_body(_bundle: &Bundle, _found: &Found<'_>) -> bool {
    unimplemented!()
}

/// Does the route's changes to a response's headers (set, add, remove, cookies).
pub fn transform_response(
    _bundle: &Bundle,
    _found: &Found<'_>,
    _request: &Request<'_>,
    _body: Option<&[u8]>,
    _environment: &dyn Environment,
    _headers: &mut HeaderMap,
) {
    unimplemented!()
}

/// The answer to an error: the error page for that status, or its reason phrase as plain text.
pub fn error_response(
    _bundle: &Bundle,
    _status: StatusCode,
    _request: Option<&Request<'_>>,
    _environment: &dyn Environment,
) -> Response {
    unimplemented!()
}
