//! T108: a secret would be shown.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;
use crate::template::Site;

/// The rule of T108.
pub(crate) const RULE: Rule = Rule {
    code: "T108",
    name: "secret-shown",
    severity: Severity::Error,
    summary: "a secret would be shown",
    explanation: r##"A secret may go into a header of the request that is passed on to an upstream, and nowhere else. In a response it would be given to every client; in a path it would
stand in the logs of every machine on the way."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"key {{ secret("api-key") }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "api" {
    server "http://127.0.0.1:9000"
}

route "hello" public=#true {
    match "GET" "/hello/{name}"
    request {
        set "authorization" "Bearer {{ secret(\"api-key\") }}"
    }
    proxy "api"
}
"##,
};

/// A secret at a place where it would be shown.
pub(in crate::template) fn finding(range: Range<usize>, name: &str, site: Site) -> Finding {
    let whom = match site {
        Site::UpstreamTarget => "stand in logs as part of an address",
        _ => "be sent to every client",
    };
    Finding::error(RULE.code, range, format!("the secret `{name}` would {whom}"))
        .label("shown here")
        .help("a secret may go into a header of the request to an upstream: `request { set \"authorization\" … }`")
}
