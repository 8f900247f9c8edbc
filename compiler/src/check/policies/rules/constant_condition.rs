//! P226: a condition that never holds, or always

use crate::check::Context;
use crate::policy::read::place;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P226.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P226",
    name: "constant-condition",
    severity: Severity::Warning,
    summary: r##"a condition that never holds, or always"##,
    explanation: r##"Where its parts rule each other out no request can meet them all, and the policy does nothing: what it was meant to permit is forbidden, and what it was meant to forbid may be permitted.
Where they hold for every request, it permits or forbids more than it seems to."##,
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
    let span = clause_span(context, policy, 0);
    Diagnostic::warning(RULE.code, span, "no request can meet this condition")
        .label("never holds")
        .help("its parts rule each other out; was `||` meant for `&&`?")
}

/// A clause that holds for every request that gets as far.
pub(in crate::check) fn always(context: &Context<'_>, policy: usize, clause: usize) -> Diagnostic {
    let span = clause_span(context, policy, clause);
    Diagnostic::warning(RULE.code, span, "every request meets this condition")
        .label("always holds")
        .help("it changes nothing; take it out, or mend what it was meant to ask")
}

fn clause_span(context: &Context<'_>, policy: usize, clause: usize) -> Span {
    let rulebook = context.rulebook;
    let live = rulebook.live.get(policy);
    let written = live.and_then(|live| rulebook.policies.list.get(live.policy));
    let clause = written.and_then(|policy| Some((policy.text, policy.piece.clauses.get(clause)?)));
    match clause {
        Some((text, range)) => place(&rulebook.texts, text, range.clone()),
        None => rulebook.span(policy),
    }
}
