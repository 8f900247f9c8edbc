//! T113: a template uses a claim that no identity of the route declares.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::check::{closest, listed};
use crate::template::{Finding, Scope};

/// The rule of T113.
pub(crate) const RULE: Rule = Rule {
    code: "T113",
    name: "unknown-claim",
    severity: Severity::Error,
    summary: "a template uses a claim that no identity of the route declares",
    explanation: r##"`claim.NAME` is something known of who asks, and `principal` the id; both are there where a route has an identity. A claim is declared by the identity: `claim "email"`. Where
a route has several identities, what one of them does not declare is empty for those who come by it."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "email"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "hello" {
    match "GET" "/hello"
    identity "staff"
    respond 200 "Hello {{ claim.e-mail }}"
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "email"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "hello" {
    match "GET" "/hello"
    identity "staff"
    respond 200 "Hello {{ claim.email }}"
}
"####,
};

/// What is wrong with `claim.name` here, if anything.
pub(in crate::template) fn check(
    range: Range<usize>,
    name: &str,
    scope: &Scope<'_>,
) -> Option<Finding> {
    if let Some(finding) = nobody(range.clone(), scope) {
        return Some(finding);
    }
    let known = || scope.claims.iter().flatten().map(String::as_str);
    if known().any(|known| known == name) {
        return None;
    }
    let message = format!("no identity of this route declares the claim `{name}`");
    let finding = Finding::error(RULE.code, range, message);
    Some(match closest(name, known()) {
        Some(near) => finding
            .label(format!("did you mean `claim.{near}`?"))
            .replacement(format!("claim.{near}")),
        None if known().next().is_none() => finding
            .label("no such claim")
            .help(format!("declare it in the identity: `claim \"{name}\"`")),
        None => finding
            .label("no such claim")
            .help(format!("the claims are {}", listed(known()))),
    })
}

/// What is wrong where nobody is asked who they are.
pub(in crate::template) fn nobody(range: Range<usize>, scope: &Scope<'_>) -> Option<Finding> {
    scope.claims.is_empty().then(|| {
        Finding::error(RULE.code, range, "nobody is asked who they are here")
            .label("not known")
            .help("a route with an `identity` knows who asks; error pages and public routes do not")
    })
}
