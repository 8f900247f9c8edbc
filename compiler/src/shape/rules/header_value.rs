//! S117: a header value that cannot be sent

use gatec_syntax::{Rule, Severity};

/// The rule of S117.
pub const RULE: Rule = Rule {
    code: "S117",
    name: "header-value",
    severity: Severity::Error,
    summary: r##"a header value that cannot be sent"##,
    explanation: r##"A header's value is one line without control characters (RFC 9110): a line break in it would start
a header of its own."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    files "site" cache-control="public\nmax-age=60"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    files "site" cache-control="public, max-age=60"
}
"##,
};
