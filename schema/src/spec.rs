//! The root of a spec.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{HeaderName, Template};
use crate::{
    Compress, Identity, Limit, Listener, Log, Management, Map, Never, Policies, Route, Session,
    Store, Test, Upstream,
};

/// A gateway or mock server: where it listens, what it serves, and how that is tested.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "gate spec")]
pub struct Spec {
    /// The gateway's name and what holds for it as a whole.
    pub gateway: Gateway,
    /// Further files whose contents are taken in as if they stood here: paths or globs, relative to
    /// this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// Where requests come in.
    #[schemars(extend("x-kdl" = {"node": "listener"}))]
    pub listeners: Map<Listener>,
    /// The address for health, status and metrics.
    pub management: Management,
    /// What is logged, and how.
    pub log: Log,
    /// Where limits, sessions and what mocks remember are kept.
    pub store: Store,
    /// How often something may be asked for, by name. Routes name those that hold there.
    #[schemars(extend("x-kdl" = {"node": "limit"}))]
    pub limits: Map<Limit>,
    /// What is remembered of clients, by name. Routes name the one that they work with.
    #[schemars(extend("x-kdl" = {"node": "session"}))]
    pub sessions: Map<Session>,
    /// Servers that requests can be passed on to.
    #[schemars(extend("x-kdl" = {"node": "upstream"}))]
    pub upstreams: Map<Upstream>,
    /// Who may be asking, and how they prove it.
    #[schemars(extend("x-kdl" = {"node": "identity"}))]
    pub identities: Map<Identity>,
    /// What those who are known may do.
    pub policies: Policies,
    /// What must never be allowed, by name: checked when the spec is compiled.
    #[schemars(extend("x-kdl" = {"node": "never"}))]
    pub never: Map<Never>,
    /// What is served, by name. Order matters only between routes that are equally specific.
    #[schemars(extend("x-kdl" = {"node": "route"}))]
    pub routes: Map<Route>,
    /// What is sent instead of the plain error, by status: `404`, or `4xx` and `5xx` for a class.
    #[schemars(extend("x-kdl" = {"node": "error-page"}, "propertyNames" = {"format": "error-status"}))]
    pub error_pages: Map<ErrorPage>,
    /// Requests with the answers they must get, run by `gatec test`.
    #[schemars(extend("x-kdl" = {"node": "test"}))]
    pub tests: Map<Test>,
}

/// The gateway's name and what holds for it as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["name"]]}))]
pub struct Gateway {
    /// The name, shown in status and metrics.
    pub name: String,
    /// Threads that serve requests; 0 takes one per processor.
    #[schemars(range(max = 1024))]
    pub workers: u16,
    /// How much an answer tells about what went wrong: in `development`, an unmatched request is
    /// answered with the nearest routes and what differed.
    pub mode: Mode,
    /// The header that carries the request id: accepted from the client, made where it is missing,
    /// passed on, and sent back.
    pub request_id_header: HeaderName,
    /// How long a stopping replica waits for requests in flight.
    pub drain: crate::value::Duration,
    /// Compresses answers for clients that take it. Left out, nothing is compressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compress: Option<Compress>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            name: "gateway".to_owned(),
            workers: 0,
            mode: Mode::Production,
            request_id_header: HeaderName::of("x-request-id"),
            drain: crate::value::Duration::from_secs(30),
            compress: None,
        }
    }
}

/// How much an error answer tells its reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The status and nothing else.
    #[default]
    Production,
    /// The nearest routes and what differed.
    Development,
}

/// What is sent instead of the plain text of an error.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["body"]]}))]
pub struct ErrorPage {
    /// The status to send; left out, the error's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::value::Status>,
    /// Headers to send.
    #[schemars(extend("x-kdl" = {"node": "header"}, "propertyNames" = {"format": "header-name"}))]
    pub headers: Map<Template>,
    /// The body. Besides the usual names, `error.status` and `error.reason` can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["{{ error.status }} {{ error.reason }}"]))]
    pub body: Option<Template>,
    /// A file that holds the body, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_file: Option<crate::value::FilePath>,
}
