//! S203: files that include each other in a circle

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S203.
pub const RULE: Rule = Rule {
    code: "S203",
    name: "include-cycle",
    severity: Severity::Error,
    summary: r##"files that include each other in a circle"##,
    explanation: r##"A file is included by a file that it includes itself, directly or through others. The chain is shown.
Take one of the includes out; what both need goes into a file of its own."##,
    wrong: r##"include "loop.kdl"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"include "routes/orders.kdl"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// `chain` are the names from the file that is met again to itself.
pub(crate) fn chain(span: Span, chain: &[String]) -> Diagnostic {
    let words: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "files include each other in a circle: {}",
        words.join(" → ")
    );
    Diagnostic::error(RULE.code, span, message).label("closes the circle")
}
