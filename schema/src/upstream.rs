//! Servers that requests are passed on to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::UpstreamTls;
use crate::value::{Duration, Url};

/// A group of servers that give the same answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Upstream {
    /// The servers; requests are shared out in turn, by weight.
    #[schemars(extend("x-kdl" = {"node": "server"}), length(min = 1))]
    pub servers: Vec<Server>,
    /// How long to wait for a server.
    #[serde(default)]
    pub timeout: Timeouts,
    /// How connections to `https://` servers are secured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<UpstreamTls>,
    /// The version of HTTP that its servers are asked in.
    #[serde(default)]
    pub protocol: UpstreamProtocol,
    /// Which connections to its servers are kept for further requests.
    #[serde(default)]
    pub pool: Pool,
}

/// The version of HTTP that servers are asked in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UpstreamProtocol {
    /// What an `https://` server chooses in the handshake (ALPN), HTTP/2 before HTTP/1.1; HTTP/1.1
    /// with an `http://` server.
    #[default]
    Auto,
    /// HTTP/1.1.
    Http1,
    /// HTTP/2: a server must speak it, an `http://` one with prior knowledge.
    Http2,
}

/// Which connections to a server are kept for further requests. Each worker has its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Pool {
    /// Connections kept to each server, by each worker, while no request needs them; 0 makes a new one
    /// for each request.
    #[schemars(range(max = 65_535))]
    pub idle: u32,
    /// How long one is kept without a request: best less than the servers do. `0s` keeps it until the
    /// server closes it.
    pub idle_timeout: Duration,
    /// The age from which one carries no further request; `0s` sets no bound.
    pub lifetime: Duration,
    /// The number of requests that one carries; 0 sets no bound.
    pub requests: u32,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            idle: 256,
            idle_timeout: Duration::from_secs(55),
            lifetime: Duration::from_secs(0),
            requests: 0,
        }
    }
}

/// One server of an upstream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["url"]]}))]
pub struct Server {
    /// Where it is: `http://10.0.0.11:9000`, or `https://…` to ask it over TLS. A path in it is put before every request's path.
    pub url: Url,
    /// Its share of the requests; 0 takes it out.
    #[serde(default = "one")]
    #[schemars(range(max = 65_535))]
    pub weight: u32,
}

fn one() -> u32 {
    1
}

/// How long to wait for a server. `0s` waits for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Timeouts {
    /// For a connection to be made; the next server is tried after that.
    pub connect: Duration,
    /// From the request passed on to the end of the answer's headers; 504 after that.
    pub request: Duration,
    /// The longest pause within an answer while the client waits for more; the answer is cut off after
    /// that. A stream of events that may be silent for longer wants more, or `0s`.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            request: Duration::from_secs(30),
            idle: Duration::from_secs(60),
        }
    }
}
