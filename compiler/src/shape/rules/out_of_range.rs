//! S107: a number outside its bounds, or a list with too few items

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S107.
pub const RULE: Rule = Rule {
    code: "S107",
    name: "out-of-range",
    severity: Severity::Error,
    summary: r##"a number outside its bounds, or a list with too few items"##,
    explanation: r##"The number is understood but less than the least or more than the most that makes sense here, or a list
that needs an item has none. The message names the bound."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true priority=5000 {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true priority=500 {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A number outside its bounds; `found` is the number as written.
pub(crate) fn number(span: Span, found: &str, low: Option<i64>, high: Option<i64>) -> Diagnostic {
    let expected = match (low, high) {
        (Some(low), Some(high)) => format!("a number from {low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => "another number".to_owned(),
    };
    Diagnostic::error(
        RULE.code,
        span,
        format!("expected {expected}, found {found}"),
    )
    .label(format!("expected {expected}"))
}

/// A list with too few items.
pub(crate) fn too_few(span: Span, key: &str, least: u64) -> Diagnostic {
    let items = if least == 1 { "item" } else { "items" };
    Diagnostic::error(
        RULE.code,
        span,
        format!("`{key}` has too few items; expected at least {least} {items}"),
    )
    .label(format!("at least {least} {items}"))
}
