//! S102: a key that is given twice

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S102.
pub const RULE: Rule = Rule {
    code: "S102",
    name: "duplicate-key",
    severity: Severity::Error,
    summary: r##"a key that is given twice"##,
    explanation: r##"A key, node, property or name stands twice in the same place, or once as a positional argument and once
as a property. Which of the two holds would be a guess, so both are shown. Take one out. Two routes need
two names; several methods of one match are written together: `method "GET" "POST"`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" path="/hi"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// The second of two entries with one key.
pub(crate) fn again(key: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(RULE.code, second, format!("`{key}` is given twice"))
        .label("given again")
        .related(first, "first given here")
        .help("take one of the two out")
}
