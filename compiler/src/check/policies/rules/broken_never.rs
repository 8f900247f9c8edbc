//! P227: something is allowed that must never be

use crate::check::Context;
use crate::policy::never::Case;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P227.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P227",
    name: "broken-never",
    severity: Severity::Error,
    summary: r##"something is allowed that must never be"##,
    explanation: r##"`never` states what no policy may allow, whatever else is written: checked for every route and identity it is about. Here a request is let in that must not be; the finding
shows one. Either a policy permits too much, or the rule says too much."##,
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
        permit (principal is Staff, action == Action::"get-order", resource)
        when { principal in Role::"lead" };
        permit (principal, action == Action::"get-order", resource)
        when { context.query has demo };
        """#
    query "demo"
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
        permit (principal, action == Action::"get-order", resource)
        when { context.query has demo && context.secure };
        """#
    query "demo"
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

/// A request that is let in.
pub(in crate::check) fn finding(
    context: &Context<'_>,
    name: &str,
    case: &Case,
    request: &str,
    policy: Option<usize>,
) -> Diagnostic {
    let span = context.key(&["never", name]);
    let route = &case.route;
    let message = format!("this is allowed on route `{route}`, and must never be: `{request}`");
    let diagnostic = Diagnostic::error(RULE.code, span, message)
        .label("broken by the policies")
        .related(context.key(&["routes", route]), "here")
        .help("a `forbid` makes sure of it, or a narrower `permit`");
    match policy {
        Some(policy) => diagnostic.related(context.rulebook.span(policy), "this may permit it"),
        None => diagnostic,
    }
}

/// A route that is public.
pub(in crate::check) fn public(context: &Context<'_>, name: &str, route: &str) -> Diagnostic {
    let span = context.key(&["never", name]);
    let message = format!("route `{route}` is public, so anybody may do there what must never be");
    Diagnostic::error(RULE.code, span, message)
        .label("broken by a public route")
        .related(
            context.key(&["routes", route, "public"]),
            "anybody may use it",
        )
        .help(
            "give the route an identity in the place of `public=#true`, or take it out of the rule",
        )
}
