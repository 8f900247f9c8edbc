//! S204: more or larger files than are read

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S204.
pub const RULE: Rule = Rule {
    code: "S204",
    name: "too-much",
    severity: Severity::Error,
    summary: r##"more or larger files than are read"##,
    explanation: r##"A spec is read whole, so its size is bounded: 1,000 files, 64 deep, 16 MiB each and 64 MiB together. Most
often a glob took in more than was meant."##,
    wrong: r##"include "many/*.kdl"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"include "routes/*.kdl"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// What was found and what the bound is, in one sentence.
pub(crate) fn over(span: Span, sentence: impl Into<String>) -> Diagnostic {
    Diagnostic::error(RULE.code, span, sentence).label("too much")
}
