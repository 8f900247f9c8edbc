//! A route: which requests it takes, and what happens to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Duration, Size};
use crate::{
    Compress, Files, LimitUse, Match, Proxy, Redirect, RequestTransform, Respond,
    ResponseTransform, SessionUse,
};

/// Which requests are taken, and what happens to them. Exactly one of `respond`, `proxy`, `files` and
/// `redirect` says what happens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Route {
    /// Anybody may use this route. Without it a route needs an identity and a policy.
    pub public: bool,
    /// Who may be asking: identities, tried in this order. What each may do, the policies say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-reference" = "identities"))]
    pub identity: Vec<String>,
    /// Limits that hold here; all of them are decided together, and a refusal takes from none.
    #[schemars(extend("x-kdl" = {"node": "limit"}))]
    pub limits: Vec<LimitUse>,
    /// The session that requests are in, and what is done with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionUse>,
    /// Words that several routes share; in policies each is a group of actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A higher number is tried first, before anything else is compared.
    #[schemars(range(min = -1000, max = 1000))]
    pub priority: i32,
    /// Which requests; one `match` that fits is enough, and within it everything must fit. No
    /// `match` takes every request.
    #[serde(rename = "match")]
    #[schemars(extend("x-kdl" = {"node": "match"}))]
    pub matches: Vec<Match>,
    /// What is changed in the request before it is passed on.
    pub request: RequestTransform,
    /// What is changed in the response before it is sent.
    pub response: ResponseTransform,
    /// The longest request body taken here; longer is answered 413. Left out, the listener's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_limit: Option<Size>,
    /// From the request's headers to the end of the response's headers; 504 after that. Left out or
    /// `0s`: no bound but the upstream's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// Compresses the answers, or with `#false` does not. Left out, as the gateway has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compress: Option<Compress>,
    /// Answer from the spec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond: Option<Respond>,
    /// Pass the request on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Proxy>,
    /// Serve files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Files>,
    /// Send the client elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Redirect>,
}
