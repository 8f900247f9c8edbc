//! S205: a name that two files give

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S205.
pub const RULE: Rule = Rule {
    code: "S205",
    name: "duplicate-name",
    severity: Severity::Error,
    summary: r##"a name that two files give"##,
    explanation: r##"Files are merged: the routes of all files are the routes of the gateway, and so with listeners and
upstreams. The same name, or the same setting, in two files would make one of them silently lose. Both
places are shown."##,
    wrong: r##"include "routes/orders.kdl"

listener "web" bind="127.0.0.1:8080"

route "orders" public=#true {
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

/// The second of two files that give the same name.
pub(crate) fn again(key: &str, second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(RULE.code, second, format!("`{key}` is given in two files"))
        .label("given again")
        .related(first, "first given here")
        .help("take one of the two out, or give it another name")
}
