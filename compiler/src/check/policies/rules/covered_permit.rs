//! P225: a permit for what another permits already

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P225.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P225",
    name: "covered-permit",
    severity: Severity::Warning,
    summary: r##"a permit for what another permits already"##,
    explanation: r##"Every request that this policy permits is permitted by another one as well, on every route: without it nothing would change. Often the other one permits more than was
meant."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource);
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.id == principal.sub };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
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

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.id == principal.sub };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(context: &Context<'_>, policy: usize, other: usize) -> Diagnostic {
    let rulebook = context.rulebook;
    let message = "all that this policy permits is permitted without it";
    Diagnostic::warning(RULE.code, rulebook.span(policy), message)
        .label("changes nothing")
        .related(rulebook.span(other), "this permits it already")
        .help("take it out, or make the other one narrower")
}
