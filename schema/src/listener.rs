//! Where requests come in, and the bounds on what is accepted there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Address, DiskPath, Duration, Network, Size};
use crate::{Certificate, TlsVersion};

/// An address on which requests are accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Listener {
    /// The address and port: `0.0.0.0:8080`, `[::1]:8080`, or `:8080` for every address.
    pub bind: Address,
    /// The protocols spoken: HTTP/1.1 and HTTP/2. With TLS the client chooses among them in the
    /// handshake (ALPN), and otherwise by what it sends first (prior knowledge).
    #[serde(default = "all_protocols")]
    #[schemars(length(min = 1))]
    pub protocols: Vec<Protocol>,
    /// Speaks TLS: `https`. Left out, the listener speaks `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// Answers every request 308 with the same address under `https`, but those below
    /// `/.well-known/acme-challenge/`, which go to the routes (certificates are asked for there).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_to_https: Option<RedirectToHttps>,
    /// Whether a proxy in front says who the client is.
    #[serde(default)]
    pub proxy_protocol: ProxyProtocol,
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

/// How a listener speaks TLS. Files are read by the replica, relative to the folder of the spec or the
/// bundle, or absolute; they are never part of the bundle, and read again when they change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tls {
    /// The certificates. A client gets the one that holds the name it asks for (SNI), or else the
    /// first.
    #[schemars(extend("x-kdl" = {"node": "certificate"}), length(min = 1))]
    pub certificates: Vec<Certificate>,
    /// The oldest version of TLS that is spoken.
    #[serde(default)]
    pub minimum: TlsVersion,
    /// Whether clients show a certificate.
    #[serde(default)]
    pub client_certificate: ClientCertificate,
    /// Tells browsers to use `https` alone (`Strict-Transport-Security`, RFC 6797), on every answer
    /// that does not say it itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hsts: Option<Hsts>,
}

/// Whether clients show a certificate, and who vouches for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["mode"]]}))]
pub struct ClientCertificate {
    /// Whether one is asked for.
    pub mode: ClientCertificateMode,
    /// The authorities that a certificate must come from, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca: Option<DiskPath>,
}

/// Whether a client is asked for a certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientCertificateMode {
    /// None is asked for.
    #[default]
    Off,
    /// One is asked for; a client may have none, but a wrong one ends the handshake.
    Request,
    /// A client without a right one gets no connection.
    Require,
}

/// For how long, and for what, browsers use `https` alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["max-age"]]}))]
pub struct Hsts {
    /// How long it is remembered. `0s` takes it back.
    pub max_age: Duration,
    /// Holds for the names below the host too.
    #[serde(default)]
    pub subdomains: bool,
    /// Agrees to be built into browsers (hstspreload.org), which is hard to take back.
    #[serde(default)]
    pub preload: bool,
}

/// Where `https` is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RedirectToHttps {
    /// The port that clients are sent to.
    #[schemars(range(min = 1))]
    pub port: u16,
}

impl Default for RedirectToHttps {
    fn default() -> Self {
        Self { port: 443 }
    }
}

/// Whether a proxy in front says who the client is, by a header before the first byte of the client's
/// own (PROXY protocol, versions 1 and 2, as HAProxy and cloud load balancers send it). The address it
/// names then counts as the client's: in logs, limits, and what upstreams are told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["mode"]]}))]
pub struct ProxyProtocol {
    /// Whether the header is taken.
    pub mode: ProxyProtocolMode,
    /// Whose headers are taken. From anybody else one is refused like any other nonsense.
    pub from: Vec<Network>,
}

/// Whether the header of a proxy is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyProtocolMode {
    /// It is not.
    #[default]
    Off,
    /// Connections may begin with one.
    Optional,
    /// A connection that does not begin with one, or comes from elsewhere, is closed.
    Require,
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
    /// From the first byte of a request to the end of its headers; with TLS also from the beginning of
    /// a connection to the end of its handshake.
    pub header_timeout: Duration,
    /// How long a connection may stay open without a request.
    pub idle_timeout: Duration,
    /// Connections open at once on this listener; more wait to be accepted.
    #[schemars(range(min = 1))]
    pub connections: u32,
    /// Requests on one connection; with the last one's answer the client is told to connect anew.
    /// Left out, there may be any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub requests: Option<u32>,
    /// Connections that the system holds for each worker before they are accepted, when the listener
    /// is opened. The system may have a bound of its own (`net.core.somaxconn`).
    #[schemars(range(min = 1, max = 65_535))]
    pub backlog: u16,
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
            requests: None,
            backlog: 1024,
        }
    }
}
