//! What happens to a request that a route takes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Map;
use crate::value::{Duration, FilePath, HeaderValue, Status, Template};

/// An answer from the spec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(extend("x-kdl" = {"arguments": [["status"], ["status", "body"]]}))]
pub struct Respond {
    /// The status.
    pub status: Status,
    /// Headers to send. Without a `content-type`, a body from a file has that of the file's name, a body
    /// that is a JSON object or list is `application/json`, and any other is `text/plain`.
    #[schemars(extend("x-kdl" = {"node": "header"}, "propertyNames" = {"format": "header-name"}))]
    pub headers: Map<Template>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Template>,
    /// A file that holds the body, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_file: Option<FilePath>,
    /// Whether `{{ … }}` in the body is a template. `false` sends it as it stands.
    pub template: bool,
}

impl Default for Respond {
    fn default() -> Self {
        Self {
            status: Status::OK,
            headers: Map::default(),
            body: None,
            body_file: None,
            template: true,
        }
    }
}

/// Passes the request on to an upstream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["upstream"]]}))]
pub struct Proxy {
    /// The upstream's name.
    #[schemars(extend("x-reference" = "upstreams"))]
    pub upstream: String,
    /// The path to ask for instead of the request's own; the query is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["/orders/{{ path.id }}"]))]
    pub path: Option<Template>,
    /// Leading segments to take off the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip_prefix: Option<crate::value::PathPrefix>,
    /// The `Host` to send. Left out, the server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["orders.internal"]))]
    pub host: Option<Template>,
    /// From the request passed on to the end of the answer's headers. Left out, the upstream's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

/// Serves the files of a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["root"]]}))]
pub struct Files {
    /// The folder, relative to this file. Its files go into the bundle, unless `live`: all but hidden
    /// ones, whose name begins with a dot (`.well-known` is taken). With `live` it may be an absolute
    /// path on the replica (`/srv/www`); a relative one is then relative to the spec or bundle.
    pub root: FilePath,
    /// Read the files from the replica's own disk at each request instead of taking them into the
    /// bundle.
    #[serde(default)]
    pub live: bool,
    /// The files looked for in a folder that is asked for.
    #[serde(default = "index")]
    pub index: Vec<String>,
    /// The file sent for a page that does not exist (single-page applications). A missing path whose
    /// last segment has a file extension is still 404.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Leading segments to take off the path before looking for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strip_prefix: Option<crate::value::PathPrefix>,
    /// Send `FILE.br`, `FILE.zst` or `FILE.gz` in the place of `FILE` to a client that takes that
    /// encoding.
    #[serde(default = "yes")]
    pub precompressed: bool,
    /// The `Cache-Control` header to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<HeaderValue>,
}

fn index() -> Vec<String> {
    vec!["index.html".to_owned()]
}

fn yes() -> bool {
    true
}

/// Sends the client elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(extend("x-kdl" = {"arguments": [["to"], ["status", "to"]]}))]
pub struct Redirect {
    /// Where to: the `Location` header.
    #[schemars(extend("examples" = ["/hello/{{ path.name }}"]))]
    pub to: Template,
    /// The status: 301, 302, 303, 307 or 308.
    #[serde(default = "temporary")]
    #[schemars(extend("enum" = [301, 302, 303, 307, 308]))]
    pub status: Status,
}

fn temporary() -> Status {
    Status::TEMPORARY_REDIRECT
}
