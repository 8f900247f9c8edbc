//! P113: no route takes an identity.

use std::collections::HashSet;

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P113.
pub(crate) const RULE: Rule = Rule {
    code: "P113",
    name: "unused-identity",
    severity: Severity::Warning,
    summary: r##"no route takes an identity"##,
    explanation: r##"No route names this identity, so nobody is ever asked for it. Either a route is missing it, or it is a leftover."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

identity "guest" {
    anonymous
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // A route of wrong shape may have been meant to name it.
    let broken = |name: &String| context.is_broken(name);
    if context.lost_text() || context.spec.routes.keys().any(broken) {
        return;
    }
    let routes = context.spec.routes.values();
    let named: HashSet<&str> = routes
        .flat_map(|route| &route.identity)
        .map(String::as_str)
        // Where P116 asks whether this one was meant, one finding is enough.
        .chain(super::unknown_identity::offered(context))
        .collect();
    for name in context.spec.identities.keys() {
        if !named.contains(name.as_str()) {
            let message = format!("no route names the identity `{name}`");
            let span = context.key(&["identities", name]);
            found.push(
                Diagnostic::warning(RULE.code, span, message)
                    .label("not used")
                    .help(format!(
                        "write `identity \"{name}\"` in the routes that are for it"
                    )),
            );
        }
    }
}
