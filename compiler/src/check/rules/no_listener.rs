//! U104: the spec has no listener.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U104.
pub(crate) const RULE: Rule = Rule {
    code: "U104",
    name: "no-listener",
    severity: Severity::Error,
    summary: "the spec has no listener",
    explanation: r##"A listener is the address on which requests come in. Without one nothing can be served."##,
    wrong: r##"route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    if context.lost_text() {
        return;
    }
    if context.spec.listeners.is_empty() && !context.places.written(&["listeners"]) {
        found.push(
            Diagnostic::error(
                RULE.code,
                context.value(&[]),
                "this spec has no listener: there is no address to serve on",
            )
            .help("add one: `listener \"web\" bind=\"127.0.0.1:8080\"`"),
        );
    }
}
