//! S121: a JSON path that cannot be read

use gatec_syntax::{Rule, Severity};

/// The rule of S121.
pub const RULE: Rule = Rule {
    code: "S121",
    name: "json-path",
    severity: Severity::Error,
    summary: r##"a JSON path that cannot be read"##,
    explanation: r##"A JSON path (RFC 9535) begins with `$`, which is the whole body: `$.user.id`, `$.items[*].sku`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body json-path="user.id" equals="7"
    }
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "POST" "/hello" {
        body json-path="$.user.id" equals="7"
    }
    respond 200 "hello"
}
"##,
};
