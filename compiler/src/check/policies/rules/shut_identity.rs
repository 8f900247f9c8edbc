//! P224: an identity of a route that never gets in

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P224.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P224",
    name: "shut-identity",
    severity: Severity::Warning,
    summary: r##"an identity of a route that never gets in"##,
    explanation: r##"The route says that this identity may be asking, and no policy can ever permit it: whoever comes by it is answered 403. Either a policy is missing, or the route need not name
the identity."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
}

identity "guest" {
    anonymous
}

policies {
    cedar "permit (principal is Staff, action, resource);"
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
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(context: &Context<'_>, route: &str, identity: &str) -> Diagnostic {
    let span = context.value(&["routes", route, "identity"]);
    let message = format!("identity `{identity}` is never let in on route `{route}`");
    Diagnostic::warning(RULE.code, span, message)
        .label("answered 403, whatever is asked")
        .help("permit it in a policy, or take it out of the route")
}
