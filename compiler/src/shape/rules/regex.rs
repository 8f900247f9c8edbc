//! S120: a regular expression that cannot be used

use gatec_syntax::{Rule, Severity};

/// The rule of S120.
pub const RULE: Rule = Rule {
    code: "S120",
    name: "regex",
    severity: Severity::Error,
    summary: r##"a regular expression that cannot be used"##,
    explanation: r##"Only expressions that run in linear time are taken: no look-around and no back-references, so that no
request can make a replica slow. Often a plain `path` with `{name}` says the same."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match method="GET" path-regex="/(hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match method="GET" path-regex="/(hello|hi)"
    respond 200 "hello"
}
"##,
};
