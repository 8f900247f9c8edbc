//! T112: an expression stands right after a backslash.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;

/// The rule of T112.
pub(crate) const RULE: Rule = Rule {
    code: "T112",
    name: "value-after-backslash",
    severity: Severity::Error,
    summary: "an expression stands right after a backslash in a string",
    explanation: r##"In a string of JSON or JavaScript a backslash changes the meaning of what follows it. A value put there would be cut in two, and a client could end the string with it. Write the
backslash twice where one is meant, or leave it out."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 {
        header "content-type" "application/json"
        body #"{"user": "shop\{{ path.name }}"}"#
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 {
        header "content-type" "application/json"
        body #"{"user": "shop\\{{ path.name }}"}"#
    }
}
"##,
};

/// The finding at an expression.
pub(in crate::template) fn finding(range: Range<usize>) -> Finding {
    Finding::error(
        RULE.code,
        range,
        "the backslash before this expression would escape the first character of its value",
    )
    .label("after a backslash")
    .help("write the backslash twice where one is meant")
}
