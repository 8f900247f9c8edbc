//! U102: an upstream is not used.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashSet;

/// The rule of U102.
pub(crate) const RULE: Rule = Rule {
    code: "U102",
    name: "unused-upstream",
    severity: Severity::Warning,
    summary: "an upstream is not used",
    explanation: r##"No route passes requests on to this upstream. Either a route is missing, or the upstream is a leftover."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let routes = context.spec.routes.values();
    let used: HashSet<&str> = routes
        .filter_map(|route| route.proxy.as_ref())
        .map(|proxy| proxy.upstream.as_str())
        // Where U101 asks whether this one was meant, one finding is enough.
        .chain(super::unknown_upstream::offered(context))
        .collect();
    // A route of wrong shape may have been meant to use it.
    let broken = context
        .spec
        .routes
        .keys()
        .any(|name| context.is_broken(name));
    for name in context.spec.upstreams.keys() {
        if !used.contains(name.as_str()) && !broken {
            let message = format!("no route passes requests on to the upstream `{name}`");
            let span = context.key(&["upstreams", name]);
            found.push(Diagnostic::warning(RULE.code, span, message).label("not used"));
        }
    }
}
