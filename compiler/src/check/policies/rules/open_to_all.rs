//! P222: a route that is open to all and does not say so

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P222.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P222",
    name: "open-to-all",
    severity: Severity::Error,
    summary: r##"a route that is open to all and does not say so"##,
    explanation: r##"Somebody without credentials may do whatever the route does, at any time: that is what `public=#true` says, so that it can be seen in the spec. A policy meant for some must
have a condition, or be about other identities."##,
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
        permit (principal, action, resource);
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
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
        permit (principal is Staff, action, resource);
        permit (principal is Guest, action, resource)
        when { context.client.isInRange(ip("10.0.0.0/8")) };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(
    context: &Context<'_>,
    route: &str,
    identity: &str,
    policy: usize,
) -> Diagnostic {
    let span = context.key(&["routes", route]);
    let message = format!("anybody may use route `{route}`, and it does not say so");
    Diagnostic::error(RULE.code, span, message)
        .label(format!("`{identity}` needs no credentials"))
        .related(
            context.rulebook.span(policy),
            "this permits it to everybody, without any condition",
        )
        .help("write `public=#true` instead of its identities, or let the policy be about others")
}
