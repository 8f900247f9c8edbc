//! S105: a word that is not one of those known

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::shape::names::{Near, listed};

/// The rule of S105.
pub const RULE: Rule = Rule {
    code: "S105",
    name: "unknown-value",
    severity: Severity::Error,
    summary: r##"a word that is not one of those known"##,
    explanation: r##"Some keys take one of a few words, such as the `level` of the log. The help lists them."##,
    wrong: r##"log level="loud"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"log level="debug"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A value that is none of the known ones.
pub(crate) fn unknown(
    span: Span,
    found: &str,
    known: &[String],
    near: Option<Near<'_>>,
) -> Diagnostic {
    let names = listed(known.iter().map(String::as_str), "or");
    let label = match near {
        Some(near) => near.question(),
        None => "not known here".to_owned(),
    };
    let message = match known.len() {
        0 | 1 => format!("expected {names}, found {found}"),
        _ => format!("expected one of {names}, found {found}"),
    };
    Diagnostic::error(RULE.code, span, message).label(label)
}
