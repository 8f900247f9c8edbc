//! P226: a condition that can never hold

use crate::check::Context;
use crate::policy::read::place;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P226.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P226",
    name: "constant-condition",
    severity: Severity::Warning,
    summary: r##"a condition that can never hold"##,
    explanation: r##"Its parts rule each other out: no request can meet them all, so the policy does nothing. What it was meant to permit is forbidden, and what it was meant to forbid may be permitted."##,
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
        forbid (principal is Staff, action == Action::"get-order", resource)
        when { context.host == "a.example" && context.host == "b.example" };
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
        permit (principal is Staff, action == Action::"get-order", resource);
        forbid (principal is Staff, action == Action::"get-order", resource)
        when { context.host == "a.example" || context.host == "b.example" };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn never(context: &Context<'_>, policy: usize) -> Diagnostic {
    let rulebook = context.rulebook;
    let live = rulebook.live.get(policy);
    let written = live.and_then(|live| rulebook.policies.list.get(live.policy));
    let clause = written.and_then(|policy| Some((policy.text, policy.piece.clauses.first()?)));
    let span = match clause {
        Some((text, range)) => place(&rulebook.texts, text, range.clone()),
        None => rulebook.span(policy),
    };
    Diagnostic::warning(RULE.code, span, "no request can meet this condition")
        .label("never holds")
        .help("its parts rule each other out; was `||` meant for `&&`?")
}
