//! From a route to what must be done.
//!
//! Everything that follows from the request and the bundle alone is settled here: the whole answer of
//! a mock, a redirect or a file of the bundle; the path, host and headers of a request that is passed
//! on. What is left to the caller is to send it.

mod error;
mod headers;
mod proxy;
mod ready;
mod respond;
mod serve;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::bundle::Bundle;
use crate::compression;
use crate::environment::Environment;
use crate::files::negotiate::Encoding;
use crate::matcher::Found;
use crate::program::{ArchivedAction, ArchivedCompression, ArchivedProxy, ArchivedRoute};
use crate::request::Request;
use crate::template::Context;

pub use error::{error_response, has_error_page};
pub use ready::{Form, Ready, is_bodiless};

/// A response that is ready to be sent, before `Date`, `Content-Length` and the request id.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; also for a HEAD request, whose caller counts it and leaves it out.
    pub body: Bytes,
    /// What there is of it in other encodings.
    pub forms: Forms,
}

/// What there is of a body in other encodings. Which is sent is settled when its headers are.
#[derive(Debug, Clone, PartialEq)]
pub enum Forms {
    /// Nothing yet: who sends it may encode it.
    Open,
    /// What was made with the bundle, those first that are rather sent. There will be no more.
    Made(Vec<(Encoding, Bytes)>),
    /// It is in the right encoding already.
    Settled,
}

/// What must be done with a request.
pub enum Decision<'b> {
    /// Send this (mock, redirect, a file of the bundle, or why there is none). Transformed already.
    Respond(Response),
    /// Pass the request on; the response is then given to [`transform_response`].
    Proxy(ProxyPlan<'b>),
    /// Answer from the replica's disk; the response is then given to [`transform_response`].
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
    /// A copy of the request's headers with the route's changes; `None`: it changes nothing.
    /// Hop-by-hop and forwarding headers are the caller's.
    pub headers: Option<HeaderMap>,
    /// The route.
    pub route: &'b ArchivedRoute,
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
    /// How the route's answers are compressed; `None`: they are not.
    pub compression: Option<&'b ArchivedCompression>,
}

/// Decides what to do with a request that a route takes. `body` is there if the caller has it;
/// [`needs_body`] says whether it must be.
pub fn decide<'b>(
    bundle: &'b Bundle,
    found: &Found<'b>,
    request: &Request<'_>,
    body: Option<&[u8]>,
    environment: &dyn Environment,
) -> Decision<'b> {
    let broken = || {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Decision::Respond(error_response(bundle, status, Some(request), environment))
    };
    let Some(route) = route(bundle, found) else {
        return broken();
    };
    let context = Context::of_route(bundle, found, request, body, environment);
    let decision = match &route.action {
        ArchivedAction::Respond(respond) => {
            let status = StatusCode::from_u16(respond.status.to_native());
            let response = respond::respond(bundle, respond, status.unwrap_or_default(), &context);
            Decision::Respond(response)
        }
        ArchivedAction::Redirect(redirect) => {
            Decision::Respond(respond::redirect(bundle, redirect, &context))
        }
        ArchivedAction::Proxy(number) => match proxy(bundle, number.to_native()) {
            Some(proxy) => proxy::plan(bundle, route, proxy, request, &context, environment),
            None => return broken(),
        },
        ArchivedAction::Files(files) => {
            let compression = compression::of_route(bundle, found.route);
            serve::files(bundle, files, compression, request, environment)
        }
    };
    match decision {
        Decision::Respond(mut response) => {
            if let Some(transform) = route.response.as_ref() {
                headers::transform(bundle, transform, &context, &mut response.headers);
            }
            Decision::Respond(response)
        }
        later => later,
    }
}

/// Whether anything in the route (templates) looks at the request's body.
pub fn needs_body(bundle: &Bundle, found: &Found<'_>) -> bool {
    usize::try_from(found.route).is_ok_and(|route| bundle.route_looks_at_body(route))
}

/// Does the route's changes to a response's headers (set, add, remove, cookies).
pub fn transform_response(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    body: Option<&[u8]>,
    environment: &dyn Environment,
    headers: &mut HeaderMap,
) {
    let transform = route(bundle, found).and_then(|route| route.response.as_ref());
    if let Some(transform) = transform {
        let context = Context::of_route(bundle, found, request, body, environment);
        headers::transform(bundle, transform, &context, headers);
    }
}

fn proxy(bundle: &Bundle, number: u32) -> Option<&ArchivedProxy> {
    let index = usize::try_from(number).ok()?;
    bundle.program().proxies.get(index)
}

fn route<'b>(bundle: &'b Bundle, found: &Found<'_>) -> Option<&'b ArchivedRoute> {
    let index = usize::try_from(found.route).ok()?;
    bundle.program().routes.get(index)
}
