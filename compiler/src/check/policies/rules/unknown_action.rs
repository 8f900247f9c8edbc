//! P203: a policy speaks of an action that there is not

use std::collections::BTreeSet;

use crate::check::{Context, closest, listed};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P203.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P203",
    name: "unknown-action",
    severity: Severity::Error,
    summary: r##"a policy speaks of an action that there is not"##,
    explanation: r##"Each route that is not public is an action of its name, and each tag of such routes is a group of actions. A policy about an action that does not exist would never
be asked, so what it permits or forbids would silently not hold."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        permit (principal is Staff, action == Action::"get-ordre", resource);
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
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, name: &str, context: &Context<'_>) -> Diagnostic {
    let actions = &context.rulebook.world.actions;
    let tags = actions.values().flat_map(|action| &action.tags);
    let names: BTreeSet<&str> = actions.keys().chain(tags).map(String::as_str).collect();
    let diagnostic = Diagnostic::error(RULE.code, span, format!("there is no action `{name}`"));
    let all = match names.is_empty() {
        true => "every route is public, so there are no actions".to_owned(),
        false => format!("the actions are {}", listed(names.iter().copied())),
    };
    if context
        .spec
        .routes
        .get(name)
        .is_some_and(|route| route.public)
    {
        return diagnostic
            .label("this route is public")
            .help(format!("a route with `public=#true` asks no policy; {all}"));
    }
    match closest(name, names.iter().copied()) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(all)
            .fix(format!("write `{near}`"), span, format!("\"{near}\"")),
        None => diagnostic.label("unknown action").help(all),
    }
}
