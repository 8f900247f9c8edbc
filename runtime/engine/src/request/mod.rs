//! The one normal form of a request: what the matcher, policies, logs and upstreams all see.

mod host;
mod parameters;
mod path;

use std::borrow::Cow;

use crate::principal::Principal;
use crate::session::Session;
use http::{HeaderMap, Method, Uri, Version};

pub use host::normal_host;
pub use parameters::{cookies, decode_segment, query_pairs};
pub use path::normal_path;

/// A request whose host, path and query are in normal form.
///
/// The normal form of a path: unreserved characters are not percent-encoded, other escapes are in
/// upper case, `.` and `..` segments are resolved (never above the root), empty segments are merged;
/// `%2F` stays encoded and never separates segments (RFC 3986, section 6.2.2).
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The target as it was sent.
    pub uri: &'a Uri,
    /// The method.
    pub method: &'a Method,
    /// The protocol version.
    pub version: Version,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The host: lower case, no port, no trailing dot; empty where none was given.
    pub host: Cow<'a, str>,
    /// The host as it was sent, port included.
    pub authority: &'a str,
    /// The path.
    pub path: Cow<'a, str>,
    /// The query as it was sent, without `?`.
    pub query: Option<&'a str>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The request id, where the caller has settled it; empty otherwise.
    pub id: &'a str,
    /// Who asks, where that was proved.
    pub principal: Option<&'a Principal>,
    /// What is remembered of the client, where that was read.
    pub session: Option<&'a Session>,
}

/// Why a request has no normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The path does not begin with `/` (and is not `*` with OPTIONS).
    #[error("the request target is not a path")]
    Target,
    /// A broken percent escape, an encoded control character, a raw byte that no path holds; or a control character in the
    /// query.
    #[error("the path is badly encoded")]
    Encoding,
    /// `..` leads above the root.
    #[error("the path leads above the root")]
    AboveRoot,
    /// `.` or `..` has parameters (`..;x`), which servers read in different ways.
    #[error("a `.` or `..` in the path has parameters")]
    Dots,
    /// The host is missing (HTTP/1.1), given twice, or not a host.
    #[error("the host is missing or malformed")]
    Host,
}

impl<'a> Request<'a> {
    /// Brings a request into its normal form. Allocates only where the normal form differs from what
    /// was sent.
    ///
    /// # Errors
    /// [`Refusal`], which is answered 400.
    pub fn normalise(
        method: &'a Method,
        uri: &'a Uri,
        version: Version,
        headers: &'a HeaderMap,
        scheme: &'static str,
    ) -> Result<Self, Refusal> {
        let path = target(method, uri)?;
        if uri
            .query()
            .is_some_and(|query| query.as_bytes().contains(&0x7f))
        {
            return Err(Refusal::Encoding);
        }
        let (host, authority) = host::host(uri, version, headers, scheme)?;
        Ok(Self {
            uri,
            method,
            version,
            scheme,
            host,
            authority,
            path,
            query: uri.query(),
            headers,
            id: "",
            principal: None,
            session: None,
        })
    }
}

/// The path asked for. `*` is one only with OPTIONS, and CONNECT asks for none.
fn target<'a>(method: &Method, uri: &'a Uri) -> Result<Cow<'a, str>, Refusal> {
    match uri.path() {
        _ if *method == Method::CONNECT => Err(Refusal::Target),
        "*" if *method == Method::OPTIONS => Ok(Cow::Borrowed("*")),
        path => normal_path(path),
    }
}
