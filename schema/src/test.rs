//! Requests with the answers they must get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{IpAddress, JsonText, Method, Status, Timestamp};

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
    /// Who is asking; left out, nobody.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub principal: Option<As>,
    /// What the session of the route remembers; left out, there is no session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<TestSession>,
    /// The client's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<IpAddress>,
    /// When it is asked, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// What a session remembers in a test: as if requests before had set it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"open": "fields"}))]
pub struct TestSession {
    /// The values of its fields.
    #[schemars(extend("x-kdl" = {"node": "fields"}))]
    pub fields: Map<GivenClaim>,
}

/// Who is asking in a test: as if their credentials had proved it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["identity"]], "open": "claims"}))]
pub struct As {
    /// The identity that took the credentials.
    #[schemars(extend("x-reference" = "identities"))]
    pub identity: String,
    /// The id of the principal. Left out, that of the claim `sub`, or else the identity's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its claims: each a value, or a list for one that is a set.
    #[schemars(extend("x-kdl" = {"node": "claims"}))]
    pub claims: Map<GivenClaim>,
}

/// The values of a claim: one, or the items of a set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct GivenClaim(pub Vec<ClaimScalar>);

/// One value of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClaimScalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// Text.
    Text(String),
}

impl<'de> Deserialize<'de> for GivenClaim {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(ClaimScalar),
            Several(Vec<ClaimScalar>),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::One(value) => vec![value],
            Written::Several(values) => values,
        }))
    }
}

impl JsonSchema for GivenClaim {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "GivenClaim".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let scalar = ["string", "integer", "boolean"];
        schemars::json_schema!({
            "type": ["string", "integer", "boolean", "array"],
            "items": { "type": scalar },
        })
    }

    fn inline_schema() -> bool {
        true
    }
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
