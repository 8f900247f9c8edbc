//! S201: a file that cannot be read

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S201.
pub const RULE: Rule = Rule {
    code: "S201",
    name: "unreadable",
    severity: Severity::Error,
    summary: r##"a file that cannot be read"##,
    explanation: r##"The file is missing, is a folder, may not be read, or is not UTF-8 text. The message says which. `-` in
the place of a file's name reads standard input."##,
    wrong: r##"include "routes"

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

/// A file that cannot be read; `reason` says why.
pub(crate) fn file(span: Span, name: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("cannot read `{name}`: {reason}"))
        .label("cannot be read")
}
