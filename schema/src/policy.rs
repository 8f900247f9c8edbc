//! What those who are known may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{CedarText, FilePath, HeaderName};

/// The Cedar policies, and what they see of a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["files*"]]}))]
pub struct Policies {
    /// Files with policies: paths or globs, relative to this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FilePath>,
    /// Policies written here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cedar: Option<CedarText>,
    /// A file with entities in Cedar's JSON: which roles are part of others, and who has a role or is in
    /// a group whatever their credentials say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entities: Option<FilePath>,
    /// Policies made from templates, by name.
    #[schemars(extend("x-kdl" = {"node": "link"}))]
    pub links: Map<Link>,
    /// Headers that policies see: `context.headers["x-tenant"]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<HeaderName>,
    /// Query parameters that policies see: `context.query.page`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<String>,
    /// Which decisions are logged.
    pub log: DecisionLog,
}

/// A policy made from a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["template"]]}))]
pub struct Link {
    /// The template, by its `@id`.
    pub template: String,
    /// What stands for `?principal`, such as `Role::"admin"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// What stands for `?resource`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// Which decisions are logged. What a request asked for is told, never what it carried: no header, no
/// query, no claim but the principal's id, and that only as a hash where it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DecisionLog {
    /// How many of those let in are logged, in percent. Those that are not are always logged.
    #[schemars(range(max = 100))]
    pub allowed: u8,
    /// Whether the principal's id is told as a hash.
    pub hash_principals: bool,
}

/// Something that must never be allowed, whatever the policies say: checked against every route when the
/// spec is compiled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Never {
    /// The identities it is about; none written: every one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-reference" = "identities"))]
    pub identity: Vec<String>,
    /// The routes and tags it is about; none written: every route that is not public.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<String>,
    /// A condition in Cedar on `principal`, `resource` and `context`; none written: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<CedarText>,
}
