//! What is changed in requests and responses on their way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{Duration, HeaderName, Template};

/// Changes to the request before it is passed on, in this order: remove, set, add.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RequestTransform {
    /// Headers to take out.
    pub remove: Vec<HeaderName>,
    /// Headers to set, in the place of what the client sent.
    #[schemars(extend("x-kdl" = {"node": "set"}, "propertyNames" = {"format": "header-name"}))]
    pub set: Map<Template>,
    /// Headers to add to what the client sent.
    #[schemars(extend("x-kdl" = {"node": "add"}, "propertyNames" = {"format": "header-name"}))]
    pub add: Map<Template>,
}

/// Changes to the response before it is sent, in this order: remove, set, add, cookies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ResponseTransform {
    /// Headers to take out.
    pub remove: Vec<HeaderName>,
    /// Headers to set, in the place of what was there.
    #[schemars(extend("x-kdl" = {"node": "set"}, "propertyNames" = {"format": "header-name"}))]
    pub set: Map<Template>,
    /// Headers to add to what was there.
    #[schemars(extend("x-kdl" = {"node": "add"}, "propertyNames" = {"format": "header-name"}))]
    pub add: Map<Template>,
    /// Cookies to set, by name.
    #[schemars(extend("x-kdl" = {"node": "cookie"}, "propertyNames" = {"format": "cookie-name"}))]
    pub cookies: Map<Cookie>,
}

/// A cookie to set (RFC 6265). Secure unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["value"]]}))]
pub struct Cookie {
    /// The value.
    #[schemars(extend("examples" = ["{{ uuid }}"]))]
    pub value: Template,
    /// The path it is for.
    #[serde(default = "root")]
    pub path: String,
    /// The domain it is for; left out, this host only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// How long the client keeps it; left out, until it closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Duration>,
    /// Scripts in the page cannot read it.
    #[serde(default = "yes")]
    pub http_only: bool,
    /// Sent over TLS only.
    #[serde(default = "yes")]
    pub secure: bool,
    /// Whether it is sent along with requests from other sites.
    #[serde(default)]
    pub same_site: SameSite,
}

fn root() -> String {
    "/".to_owned()
}

fn yes() -> bool {
    true
}

/// Whether a cookie is sent along with requests from other sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SameSite {
    /// Never.
    Strict,
    /// Only when a link is followed.
    #[default]
    Lax,
    /// Always.
    None,
}
