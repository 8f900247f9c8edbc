//! R102: a route does not say what happens.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R102.
pub(crate) const RULE: Rule = Rule {
    code: "R102",
    name: "no-action",
    severity: Severity::Error,
    summary: "a route does not say what happens",
    explanation: r##"A route takes requests and then answers them itself (`respond`), passes them on (`proxy`), serves files (`files`) or sends the client elsewhere (`redirect`). One of these is
needed."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
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
    let idle = context.sound_routes().filter(|(_, route)| {
        route.respond.is_none()
            && route.proxy.is_none()
            && route.files.is_none()
            && route.redirect.is_none()
    });
    found.extend(idle.map(|(name, _)| {
        let message = format!("route `{name}` does not say what happens to its requests");
        Diagnostic::error(RULE.code, context.key(&["routes", name]), message)
            .label("no action")
            .help("give it one of `respond`, `proxy`, `files` and `redirect`")
    }));
}
