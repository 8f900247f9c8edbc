//! U125: a test expects nothing.

use gatec_schema::Expect;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U125.
pub(crate) const RULE: Rule = Rule {
    code: "U125",
    name: "empty-expectation",
    severity: Severity::Warning,
    summary: "a test expects nothing",
    explanation: r##"A test fails when the answer differs from what `expect` says. Where it says nothing, any answer passes, and so the test shows nothing. Say at least the status or the route."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "/hello"
    expect
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "/hello"
    expect 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, test) in &context.spec.tests {
        let path = ["tests", name.as_str(), "expect"];
        let span = context.key(&path);
        // What was wrong in it is left out of the typed spec, and was told.
        if test.expect != Expect::default() || context.has_error_in(span.to(context.value(&path))) {
            continue;
        }
        let message = format!("the test `{name}` expects nothing, so any answer passes");
        found.push(
            Diagnostic::warning(RULE.code, span, message)
                .label("expects nothing")
                .help("say what must come of it, such as `status` or `route`"),
        );
    }
}
