//! Settings of the gateway, its listeners and its upstreams.

use rkyv::{Archive, Deserialize, Serialize};

/// What holds for the gateway as a whole.
#[derive(Debug, Clone, Default, PartialEq, Archive, Serialize, Deserialize)]
pub struct Settings {
    /// The gateway's name.
    pub name: String,
    /// Threads that serve requests; 0: one per processor.
    pub workers: u16,
    /// Whether errors tell the nearest routes.
    pub development: bool,
    /// The header that carries the request id, in lower case.
    pub request_id_header: String,
    /// How long a stopping replica waits, in milliseconds.
    pub drain_ms: u64,
    /// `ip:port` of the management listener; absent: not opened.
    pub management: Option<String>,
    /// Whether the spec itself named that address (then failing to bind it is an error).
    pub management_given: bool,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// `auto`, `pretty` or `json`.
    pub log_format: String,
    /// `all`, `errors` or `off`.
    pub access_log: String,
    /// How answers are compressed that no route gives (index into the program's compressions); absent:
    /// not at all.
    pub compression: Option<u32>,
}

/// An address on which requests are accepted.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Listener {
    /// Its name.
    pub name: String,
    /// `ip:port`.
    pub bind: String,
    /// Speaks HTTP/1.1.
    pub http1: bool,
    /// Speaks HTTP/2.
    pub http2: bool,
    /// Speaks TLS; absent: plain.
    pub tls: Option<ListenerTls>,
    /// The port that requests are redirected to under `https`; absent: they are served.
    pub redirect_to_https: Option<u16>,
    /// All header lines together, in bytes.
    pub header_size: u64,
    /// Number of header lines.
    pub header_count: u16,
    /// Longest request target, in bytes.
    pub uri_size: u64,
    /// Longest request body, in bytes.
    pub body_size: u64,
    /// From a request's first byte to the end of its headers, in milliseconds.
    pub header_timeout_ms: u64,
    /// Longest time without a request, in milliseconds.
    pub idle_timeout_ms: u64,
    /// Connections open at once.
    pub connections: u32,
    /// Requests on one connection; 0: any number.
    pub requests: u32,
    /// Connections that the system holds before they are accepted.
    pub backlog: u16,
    /// Whether a proxy in front says who the client is; absent: not.
    pub proxy_protocol: Option<ProxyProtocol>,
}

/// How a proxy in front says who the client is.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct ProxyProtocol {
    /// Whether every connection begins so.
    pub required: bool,
    /// Whose word is taken.
    pub from: Vec<Network>,
}

/// The addresses of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Network {
    /// Its first address as IPv6 has it, IPv4 mapped.
    pub address: u128,
    /// How many bits all its addresses share, of 128.
    pub bits: u8,
}

/// How a listener speaks TLS. Paths are relative to the bundle's folder, or absolute.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct ListenerTls {
    /// Its certificates; the first is for clients that name no host, or an unknown one.
    pub certificates: Vec<CertificateFiles>,
    /// Whether TLS 1.2 is refused.
    pub only_tls13: bool,
    /// Which clients' certificates are asked for; absent: none.
    pub clients: Option<ClientCertificates>,
    /// `Strict-Transport-Security`.
    pub hsts: Option<String>,
}

/// Whose certificates clients may show.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct ClientCertificates {
    /// PEM file with the authorities.
    pub ca: String,
    /// Whether a client must show one.
    pub required: bool,
}

/// A group of servers that give the same answers.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// Its servers in the order written, those of weight 0 included.
    pub servers: Vec<Server>,
    /// Milliseconds for a connection to be made; 0: no bound.
    pub connect_timeout_ms: u64,
    /// Milliseconds to the end of the answer's headers; 0: no bound.
    pub request_timeout_ms: u64,
    /// Longest pause within an answer, in milliseconds; 0: no bound.
    pub idle_timeout_ms: u64,
    /// How connections to its secure servers are made; absent where it has none.
    pub tls: Option<UpstreamTls>,
    /// Whether its servers may be asked in HTTP/1.1. With both, a secure server chooses, and any other
    /// is asked in HTTP/1.1.
    pub http1: bool,
    /// Whether its servers may be asked in HTTP/2.
    pub http2: bool,
    /// Which connections are kept for further requests.
    pub pool: Pool,
}

/// Which connections to a server are kept for further requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct Pool {
    /// Idle connections to each server, of each worker.
    pub idle: u32,
    /// Milliseconds without a request; 0: no bound.
    pub idle_timeout_ms: u64,
    /// Milliseconds since it was made; 0: no bound.
    pub lifetime_ms: u64,
    /// Requests on one connection; 0: no bound.
    pub requests: u32,
}

/// How connections to `https://` servers are secured. Paths are relative to the bundle's folder, or
/// absolute.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct UpstreamTls {
    /// PEM file with the trusted authorities; absent: the system's.
    pub ca: Option<String>,
    /// The name asked for and verified; absent: the server's host.
    pub name: Option<String>,
    /// PEM files with the certificate shown to servers and its key.
    pub certificate: Option<CertificateFiles>,
    /// Whether TLS 1.2 is refused.
    pub only_tls13: bool,
    /// Whether servers must prove who they are.
    pub verify: bool,
}

/// Where a certificate and its key lie.
#[derive(Debug, Clone, PartialEq, Eq, Archive, Serialize, Deserialize)]
pub struct CertificateFiles {
    /// PEM file with the certificate and those between it and the root.
    pub file: String,
    /// PEM file with its key.
    pub key: String,
}

/// One server of an upstream.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct Server {
    /// Name or IP address (IPv6 without brackets).
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether it is asked over TLS.
    pub secure: bool,
    /// What stands in `Host`: `host` or `host:port`.
    pub authority: String,
    /// Put before every path; empty, or begins with `/` and does not end with one.
    pub base_path: String,
    /// Share of the requests.
    pub weight: u32,
}

/// What is sent instead of a plain error.
#[derive(Debug, Clone, PartialEq, Archive, Serialize, Deserialize)]
pub struct ErrorPage {
    /// First status it is for.
    pub from: u16,
    /// Last status it is for. Narrower ranges stand before wider ones.
    pub to: u16,
    /// What is sent; status 0 keeps the error's own.
    pub respond: super::Respond,
}
