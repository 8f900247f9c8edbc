//! Where requests come in, and the bounds on what is accepted there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Address, Duration, Size};

/// An address on which requests are accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Listener {
    /// The address and port: `0.0.0.0:8080`, `[::1]:8080`, or `:8080` for every address.
    pub bind: Address,
    /// The protocols spoken: HTTP/1.1, and HTTP/2 with prior knowledge.
    #[serde(default = "all_protocols")]
    #[schemars(length(min = 1))]
    pub protocols: Vec<Protocol>,
    /// Bounds on what is accepted.
    #[serde(default)]
    pub limits: Limits,
}

fn all_protocols() -> Vec<Protocol> {
    vec![Protocol::Http1, Protocol::Http2]
}

/// A version of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// HTTP/1.1 (RFC 9112).
    Http1,
    /// HTTP/2 (RFC 9113).
    Http2,
}

/// Bounds on what a client may send, and how long it may take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Limits {
    /// All header lines together; more is answered 431.
    pub header_size: Size,
    /// The number of header lines; more is answered 431.
    #[schemars(range(min = 1, max = 10_000))]
    pub header_count: u16,
    /// The request target; longer is answered 414.
    pub uri_size: Size,
    /// The request body; longer is answered 413. A route can set its own.
    pub body_size: Size,
    /// From the first byte of a request to the end of its headers.
    pub header_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// Connections open at once on this listener; more wait to be accepted.
    #[schemars(range(min = 1))]
    pub connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_size: Size::from_kib(64),
            header_count: 100,
            uri_size: Size::from_kib(16),
            body_size: Size::from_mib(16),
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            connections: 16_384,
        }
    }
}
