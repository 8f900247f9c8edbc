//! P221: a route that nobody can use

use crate::check::Context;
use crate::policy::schema::action_uid;
use crate::policy::slice::Slice;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of P221.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P221",
    name: "no-permit",
    severity: Severity::Error,
    summary: r##"a route that nobody can use"##,
    explanation: r##"A route that is not public is shut unless a policy permits it. Here no `permit` can apply to any request of any of its identities, or a `forbid` always does, so
every request would be answered 403."##,
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
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}

route "put-order" {
    match "PUT" "/orders/{id}"
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
        permit (principal in Role::"lead", action == Action::"put-order", resource);
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}

route "put-order" {
    match "PUT" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(
    context: &Context<'_>,
    route: &str,
    arms: &[(String, Slice)],
) -> Diagnostic {
    let rulebook = context.rulebook;
    let span = context.key(&["routes", route]);
    let forbids = arms.iter().flat_map(|(_, slice)| &slice.forbids);
    let always = |left: &&crate::policy::slice::Left| {
        rulebook.slices.pool.decided(left.condition) == Some(true)
    };
    let kinds = arms
        .iter()
        .filter_map(|(identity, _)| rulebook.world.principals.get(identity))
        .map(|principal| principal.kind.as_str());
    let diagnostic = Diagnostic::error(
        RULE.code,
        span,
        format!("no policy permits anybody to use route `{route}`"),
    )
    .label("every request would be answered 403");
    let kind = kinds.into_iter().next().unwrap_or("Staff");
    let diagnostic = diagnostic.help(format!(
        "permit it: `permit (principal is {kind}, action == {}, resource);`, or if anybody may use it, write \
         `public=#true`",
        action_uid(route)
    ));
    match forbids.into_iter().find(always) {
        Some(left) => diagnostic.related(rulebook.span(left.policy), "this forbids it always"),
        None => diagnostic,
    }
}
