//! Sessions: what is remembered of a client from one request to the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Duration, SecretName, Size, Template};
use crate::{Map, SameSite};

/// What is remembered of a client from one request to the next. The client has nothing but a random id in a
/// cookie; the values are in the store, encrypted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Session {
    /// The cookie that holds the id.
    #[serde(default = "cookie")]
    #[schemars(extend("format" = "cookie-name"))]
    pub cookie: String,
    /// The path that the cookie is for.
    #[serde(default = "root")]
    pub path: String,
    /// The domain that the cookie is for; left out, this host only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Whether the cookie is sent over TLS only. Browsers make an exception for `localhost`.
    #[serde(default = "yes")]
    pub secure: bool,
    /// Whether the cookie is sent along with requests from other sites.
    #[serde(default)]
    pub same_site: SameSite,
    /// The session ends when nobody has asked for so long.
    #[serde(default = "half_an_hour")]
    pub idle: Duration,
    /// The session ends so long after it began, whatever happens.
    #[serde(default = "half_a_day")]
    pub absolute: Duration,
    /// Secrets of at least 32 characters. The first encrypts, and all decrypt: a new one goes in front, and
    /// the old one stays until the sessions of its time are over.
    #[schemars(extend("x-kdl" = {"node": "key"}), length(min = 1, max = 16))]
    pub keys: Vec<SecretName>,
    /// What can be remembered, by name: `session.NAME` in templates, `context.session.NAME` in policies.
    #[schemars(extend("x-kdl" = {"node": "field"}), length(min = 1, max = 64))]
    pub fields: Map<SessionField>,
    /// The field that says whose session it is: all sessions of one user can then be ended together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Other origins whose pages may send requests with this session, such as `https://app.example.com`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// What happens while Redis is away. Needed if the store is `redis`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_loss: Option<SessionLoss>,
}

fn cookie() -> String {
    "__Host-sid".to_owned()
}

fn root() -> String {
    "/".to_owned()
}

fn yes() -> bool {
    true
}

fn half_an_hour() -> Duration {
    Duration::from_secs(30 * 60)
}

fn half_a_day() -> Duration {
    Duration::from_secs(12 * 60 * 60)
}

/// Something that a session remembers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["type"]]}))]
pub struct SessionField {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: SessionFieldType,
    /// The longest value of a `string`; a longer one is answered 400. Left out, 4 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

/// The type of what a session remembers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SessionFieldType {
    /// Text.
    #[default]
    String,
    /// A whole number of 64 bits.
    Long,
    /// `true` or `false`.
    Bool,
    /// A whole number that requests add to. The store itself adds, so that no request's part is lost; for
    /// that it lies there as it is, not encrypted.
    Counter,
}

/// What a session does while the store is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SessionLoss {
    /// Routes with the session answer 503.
    Closed,
    /// Requests go on as if they had no session; those that need or change one are answered 503.
    Anonymous,
}

/// What a route does with a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["name"]]}))]
pub struct SessionUse {
    /// The session, by its name.
    #[schemars(extend("x-reference" = "sessions"))]
    pub name: String,
    /// A request without a session is answered 401.
    pub required: bool,
    /// The session goes on under a new id, and the old one ends. For logins: who planted an id before knows
    /// nothing after.
    pub renew: bool,
    /// The session ends.
    pub end: bool,
    /// Fields to set; the values are templates.
    #[schemars(extend("x-kdl" = {"node": "set"}))]
    pub set: Map<Template>,
    /// Counters to add to.
    #[schemars(extend("x-kdl" = {"node": "add"}))]
    pub add: Map<i64>,
    /// Fields to take out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// Requests that change something (all but GET, HEAD, OPTIONS and TRACE) and that a page of another site
    /// sent are answered 403.
    #[serde(default = "yes")]
    pub csrf: bool,
}
