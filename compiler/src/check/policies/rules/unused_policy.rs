//! P223: a policy that does nothing

use crate::check::Context;
use crate::policy::world::Principal;
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P223.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P223",
    name: "unused-policy",
    severity: Severity::Warning,
    summary: r##"a policy that does nothing"##,
    explanation: r##"No request of any identity on any route can meet it, it forbids what nothing permits, or it is a template that no link makes a policy of. It may be about a route that has become public, or about an identity that the
route is not for. What does nothing is taken for a protection that is not there."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

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
        @id("readers")
        permit (principal in ?principal, action == Action::"get-order", resource);
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
        @id("readers")
        permit (principal in ?principal, action == Action::"get-order", resource);
        """#
    link "leads" template="readers" principal=#"Role::"lead""#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

/// A policy that no request can meet.
pub(in crate::check) fn finding(context: &Context<'_>, policy: usize) -> Diagnostic {
    let (span, link) = place(context, policy);
    let message = match link {
        Some(link) => format!("the policy that link `{link}` makes applies to no route"),
        None => "this policy applies to no route".to_owned(),
    };
    let diagnostic = Diagnostic::warning(RULE.code, span, message).label("does nothing");
    let rulebook = context.rulebook;
    let has_roles = |one: &Principal| !one.roles.is_empty();
    let live = rulebook.live.get(policy);
    let asks = live.is_some_and(|live| live.tree.to_string().contains("Role::"));
    if asks && !rulebook.world.principals.values().any(has_roles) {
        return diagnostic.help(
            r#"nobody has a role: an identity gives roles with a claim such as `claim "roles" type="set<string>" role=#true`"#,
        );
    }
    diagnostic.help(
        "no route has an identity and an action that it is about; take it out, or mend its scope",
    )
}

/// A template that nothing is made of.
pub(in crate::check) fn unlinked(context: &Context<'_>, policy: usize) -> Diagnostic {
    let rulebook = context.rulebook;
    let template = rulebook.policies.list.get(policy);
    let span = template
        .map(|policy| policy.span(&rulebook.texts))
        .unwrap_or_default();
    Diagnostic::warning(RULE.code, span, "no link makes a policy of this template")
        .label("does nothing")
        .help("a template counts for nothing by itself: `link \"NAME\" template=\"ID\" …` in `policies` makes a policy of it")
}

/// A `forbid` for what is not permitted in the first place.
pub(in crate::check) fn needless(context: &Context<'_>, policy: usize) -> Diagnostic {
    let (span, _) = place(context, policy);
    let message = "this policy forbids what no policy permits";
    Diagnostic::warning(RULE.code, span, message)
        .label("does nothing")
        .help("what is not permitted is forbidden already; it would only count if a `permit` came")
}

fn place<'a>(context: &Context<'a>, policy: usize) -> (Span, Option<&'a str>) {
    let live = context.rulebook.live.get(policy);
    match live.and_then(|live| live.link.as_deref()) {
        Some(link) => (context.key(&["policies", "links", link]), Some(link)),
        None => (context.rulebook.span(policy), None),
    }
}
