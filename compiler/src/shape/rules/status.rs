//! S118: a status that cannot be sent

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S118.
pub const RULE: Rule = Rule {
    code: "S118",
    name: "status",
    severity: Severity::Error,
    summary: r##"a status that cannot be sent"##,
    explanation: r##"A response's status is a number from 200 to 599. The statuses below 200 are not final answers, and there
are none above 599 (RFC 9110)."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 700 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A number that is no status; `found` is the number as written.
pub(crate) fn number(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("expected a status from 200 to 599, found {found}"),
    )
    .label("not a status")
}
