//! P228: it cannot be decided whether a stated rule holds

use crate::check::{Context, listed};
use crate::policy::never::Case;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P228.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P228",
    name: "undecided-never",
    severity: Severity::Warning,
    summary: r##"it cannot be decided whether a stated rule holds"##,
    explanation: r##"`never` is decided by trying the values that the policies can tell apart. Where they ask for patterns (`like`), networks, or sums, those values do not stand for all there are: no
request was found that breaks the rule, and that there is none is not proved. Say it with plain comparisons, or forbid it outright: what is forbidden without a condition is decided at once."##,
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
        when { context.client.isInRange(ip("10.1.0.0/16")) };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff" "guest"
    respond 200
}

never "guests from outside" {
    identity "guest"
    route "get-order"
    when #"!context.client.isInRange(ip("10.0.0.0/8"))"#
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

never "guests in the clear" {
    identity "guest"
    route "get-order"
    when "!context.secure"
}
"####,
};

pub(in crate::check) fn finding(
    context: &Context<'_>,
    name: &str,
    undecided: &[&Case],
) -> Diagnostic {
    let span = context.key(&["never", name]);
    let mut routes: Vec<&str> = undecided.iter().map(|case| case.route.as_str()).collect();
    routes.dedup();
    let message = format!(
        "no request was found that breaks this rule, and it is not proved that there is none: on {}",
        listed(routes.iter().copied())
    );
    Diagnostic::warning(RULE.code, span, message)
        .label("not decided")
        .help("say it with plain comparisons, or forbid it without a condition: that is decided at once")
}
