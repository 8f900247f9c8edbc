//! P229: a stated rule is about what there is not

use std::collections::BTreeSet;

use crate::check::{Context, closest, listed};
use crate::policy::never::Never;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P229.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P229",
    name: "never-names",
    severity: Severity::Error,
    summary: r##"a stated rule is about what there is not"##,
    explanation: r##"A rule about an identity or a route that does not exist would hold for ever, and say nothing. `identity` names identities, and `route` routes and tags."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

identity "guest" {
    anonymous
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource);
        permit (principal is Guest, action == Action::"get-order", resource)
        when { context.secure };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
}

never "guests see orders" {
    identity "guest"
    route "get-orders"
    when "!context.secure"
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

identity "guest" {
    anonymous
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource);
        permit (principal is Guest, action == Action::"get-order", resource)
        when { context.secure };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
}

never "guests see orders" {
    identity "guest"
    route "get-order"
    when "!context.secure"
}
"####,
};

pub(in crate::check) fn check(context: &Context<'_>, never: &Never, found: &mut Vec<Diagnostic>) {
    let Some(given) = context.spec.never.get(&never.name) else {
        return;
    };
    let identities: Vec<&str> = context.spec.identities.keys().map(String::as_str).collect();
    for (number, name) in given.identity.iter().enumerate() {
        if !identities.contains(&name.as_str()) {
            let at = ["never", &never.name, "identity", &number.to_string()];
            found.push(finding(context, &at, "identity", name, &identities));
        }
    }
    let routes = &context.spec.routes;
    let tags = routes.values().flat_map(|route| &route.tags);
    let names: BTreeSet<&str> = routes.keys().chain(tags).map(String::as_str).collect();
    let names: Vec<&str> = names.into_iter().collect();
    for (number, name) in given.route.iter().enumerate() {
        if !names.contains(&name.as_str()) {
            let at = ["never", &never.name, "route", &number.to_string()];
            found.push(finding(context, &at, "route or tag", name, &names));
        }
    }
}

fn finding(
    context: &Context<'_>,
    at: &[&str],
    what: &str,
    name: &str,
    known: &[&str],
) -> Diagnostic {
    let message = format!("there is no {what} `{name}`");
    let diagnostic = Diagnostic::error(RULE.code, context.value(at), message);
    match closest(name, known.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.label("unknown"),
    }
    .help(format!("there are {}", listed(known.iter().copied())))
}
