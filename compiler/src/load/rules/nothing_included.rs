//! S202: an include that finds nothing

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S202.
pub const RULE: Rule = Rule {
    code: "S202",
    name: "nothing-included",
    severity: Severity::Error,
    summary: r##"an include that finds nothing"##,
    explanation: r##"A plain path under `include` must exist, so a missing one is an error. A glob such as `routes/*.kdl` may
be empty for a while, so one that finds nothing is a warning. Both are relative to the file they are
written in."##,
    wrong: r##"include "routes/oders.kdl"

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

/// A plain path that does not exist; `near` is a name that does.
pub(crate) fn path(span: Span, path: &str, near: Option<&str>) -> Diagnostic {
    let found = Diagnostic::error(RULE.code, span, format!("`{path}` does not exist"));
    match near {
        Some(near) => found.label(format!("did you mean `{near}`?")),
        None => found
            .label("no such file")
            .help("the path is relative to the file it is written in"),
    }
}

/// A glob that finds nothing.
pub(crate) fn glob(span: Span, glob: &str) -> Diagnostic {
    Diagnostic::warning(RULE.code, span, format!("no file fits `{glob}`"))
        .label("finds nothing")
        .help("the glob is relative to the file it is written in")
}

/// A glob that cannot be read.
pub(crate) fn broken_glob(span: Span, glob: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("`{glob}` is not a glob: {reason}"))
        .label("not a glob")
}
