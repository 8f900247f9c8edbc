//! T106: a template uses a variable of the environment that is not set.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;

/// The rule of T106.
pub(crate) const RULE: Rule = Rule {
    code: "T106",
    name: "missing-template-variable",
    severity: Severity::Error,
    summary: "a template uses a variable of the environment that is not set",
    explanation: r##"`env.NAME` is read when the spec is compiled, and its value becomes part of the bundle. It is not set here, so the text would have a hole. Set it, or write the
value. What must not stand in a bundle is a secret: `{{ secret("name") }}`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello from {{ env.GATEC_EXAMPLE_UNSET }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello from {{ host }}"#
}
"##,
};

/// A variable that is not set.
pub(in crate::template) fn finding(range: Range<usize>, name: &str) -> Finding {
    Finding::error(
        RULE.code,
        range,
        format!("the environment variable `{name}` is not set"),
    )
    .label("not set")
    .help(format!(
        "it is read when the spec is compiled: `{name}=… gatec check`"
    ))
}
