//! S114: a host that cannot be matched

use gatec_syntax::{Rule, Severity};

/// The rule of S114.
pub const RULE: Rule = Rule {
    code: "S114",
    name: "host",
    severity: Severity::Error,
    summary: r##"a host that cannot be matched"##,
    explanation: r##"A host is a name such as `shop.example`, without a scheme and without a port; `*.shop.example` takes every
name below it."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" host="shop.example:8080"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" host="shop.example"
    respond 200 "hello"
}
"##,
};
