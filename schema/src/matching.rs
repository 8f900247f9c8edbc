//! Conditions on a request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{FilePath, Host, JsonPath, JsonText, Method, PathPattern, PathPrefix, Pattern};

/// Conditions on a request; all of them must hold. At most one of `path`, `prefix` and `path-regex`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["path"], ["method"], ["method", "path"]]}))]
pub struct Match {
    /// The methods taken; none written takes every method. `HEAD` is not `GET`.
    pub method: Vec<Method>,
    /// The whole path. `{name}` takes one segment, `{name:int}` one of that type (`int`, `uuid`,
    /// `alpha`, `alnum`, `date`), `{name...}` at the end all that remains, `*` one segment and
    /// `**` at the end all that remains without a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathPattern>,
    /// The path's first whole segments: `/v2` takes `/v2` and `/v2/x` but not `/v2x`. May hold
    /// `{name}` as `path` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<PathPrefix>,
    /// A regular expression for the whole path (linear time: no look-around, no back-references).
    /// Named groups can be used as `path.NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_regex: Option<Pattern>,
    /// The hosts taken: `shop.example`, `*.shop.example` for any name below it. None written takes
    /// every host; the port does not count.
    pub host: Vec<Host>,
    /// Conditions on headers, by name.
    #[schemars(extend("x-kdl" = {"node": "header"}, "propertyNames" = {"format": "header-name"}))]
    pub headers: Map<ValueMatch>,
    /// Conditions on query parameters, by name.
    #[schemars(extend("x-kdl" = {"node": "query"}))]
    pub query: Map<ValueMatch>,
    /// Conditions on cookies, by name.
    #[schemars(extend("x-kdl" = {"node": "cookie"}, "propertyNames" = {"format": "cookie-name"}))]
    pub cookies: Map<ValueMatch>,
    /// Conditions on the body; looked at last, when everything else fits.
    #[schemars(extend("x-kdl" = {"node": "body"}))]
    pub body: Vec<BodyMatch>,
}

/// What a value must be like; all that is written must hold. Nothing written: it must be there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["equals"]]}))]
pub struct ValueMatch {
    /// Exactly this: `Yes` is not `yes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// This somewhere within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A regular expression for the whole value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<Pattern>,
    /// `true`: it must be there; `false`: it must not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
}

/// A condition on the body. At most one of `json-path`, `json`, `schema` and `form` says what is
/// looked at (none: the text), and the others what it must be like.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BodyMatch {
    /// Looks at what a JSON path (RFC 9535) selects; one selected value that fits is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json_path: Option<JsonPath>,
    /// The body must equal this JSON; the order of keys does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<JsonText>,
    /// Parts left out of the comparison with `json`, as JSON paths.
    pub ignore: Vec<JsonPath>,
    /// Further keys that `json` does not have are allowed.
    pub ignore_extra: bool,
    /// The body must be valid under the JSON Schema in this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<FilePath>,
    /// Looks at this field of a form (`application/x-www-form-urlencoded`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Exactly this. A selected JSON value that is not a string is compared as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// This somewhere within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// A regular expression for the whole of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regex: Option<Pattern>,
    /// `true`: it must be there; `false`: it must not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
}
