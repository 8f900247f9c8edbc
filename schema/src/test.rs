//! Requests with the answers they must get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{JsonText, Method, Status};

/// A request and the answer it must get. Run offline by `gatec test`, through the same engine that
/// serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Test {
    /// The request.
    pub request: TestRequest,
    /// What must come of it.
    pub expect: Expect,
}

/// The request of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["url"], ["method", "url"]]}))]
pub struct TestRequest {
    /// The method.
    #[serde(default = "get")]
    pub method: Method,
    /// The path with its query, or a whole URL.
    pub url: String,
    /// Headers to send.
    #[serde(default)]
    #[schemars(extend("x-kdl" = {"node": "header"}, "propertyNames" = {"format": "header-name"}))]
    pub headers: Map<String>,
    /// The body to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

fn get() -> Method {
    Method::of("GET")
}

/// What must come of a test's request; all that is written must hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["status"]]}))]
pub struct Expect {
    /// The status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The route that takes the request; `none` for no route.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-reference" = "routes"))]
    pub route: Option<String>,
    /// The upstream it is passed on to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-reference" = "upstreams"))]
    pub upstream: Option<String>,
    /// The path asked for at the upstream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream_path: Option<String>,
    /// Headers of the response, each exactly so.
    #[schemars(extend("x-kdl" = {"node": "header"}, "propertyNames" = {"format": "header-name"}))]
    pub headers: Map<String>,
    /// The whole body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Text somewhere in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// The body as JSON; the order of keys does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonText>,
}
