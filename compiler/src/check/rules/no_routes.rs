//! R110: the spec has no routes.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R110.
pub(crate) const RULE: Rule = Rule {
    code: "R110",
    name: "no-routes",
    severity: Severity::Warning,
    summary: "the spec has no routes",
    explanation: r##"Without a route every request is answered 404. That is allowed, but hardly ever what was meant: perhaps an `include` names no file."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"
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
    if context.spec.routes.is_empty() && !context.places.written(&["routes"]) {
        let message = "this spec has no routes: every request will be answered 404";
        found.push(
            Diagnostic::warning(RULE.code, context.value(&[]), message)
                .help("add one: `route \"hello\" public=#true { match \"GET\" \"/hello\"; respond 200 \"hello\" }`"),
        );
    }
}
