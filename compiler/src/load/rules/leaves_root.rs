//! S210: a path that leaves the folder of the spec

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S210.
pub const RULE: Rule = Rule {
    code: "S210",
    name: "leaves-root",
    severity: Severity::Error,
    summary: r##"a path that leaves the folder of the spec"##,
    explanation: r##"A spec and all it names lie in one folder: that of the file the compiler was given. A path that is
absolute, climbs out with `..`, or follows a link out of it, is refused, so that a spec means the same on
every machine and cannot take a stranger's file into a bundle."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body-file="../bodies/hello.json"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body-file="bodies/hello.json"
}
"##,
};

/// A path that leads out; `how` says by which way.
pub(crate) fn path(span: Span, path: &str, how: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("`{path}` leaves the folder of the spec: {how}"),
    )
    .label("leads outside")
    .help("move the file into the folder of the spec and write a path relative to this file")
}
