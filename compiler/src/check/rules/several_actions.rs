//! R103: a route says that several things happen.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R103.
pub(crate) const RULE: Rule = Rule {
    code: "R103",
    name: "several-actions",
    severity: Severity::Error,
    summary: "a route says that several things happen",
    explanation: r##"A request is answered once, so a route has one of `respond`, `proxy`, `files` and `redirect`. To do different things for different requests make several routes."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
    redirect "/elsewhere"
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
    for (name, route) in &context.spec.routes {
        let actions = [
            ("respond", route.respond.is_some()),
            ("proxy", route.proxy.is_some()),
            ("files", route.files.is_some()),
            ("redirect", route.redirect.is_some()),
        ];
        let given: Vec<&str> = actions
            .iter()
            .filter(|(_, there)| *there)
            .map(|(action, _)| *action)
            .collect();
        let [first, second, ..] = given.as_slice() else {
            continue;
        };
        let message =
            format!("route `{name}` has both `{first}` and `{second}`; a request is answered once");
        let diagnostic =
            Diagnostic::error(RULE.code, context.key(&["routes", name, second]), message)
                .label("a second action")
                .related(context.key(&["routes", name, first]), "the first one")
                .help("keep one of them, or make two routes");
        found.push(diagnostic);
    }
}
