//! P214: two names become one in Cedar

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P214.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P214",
    name: "cedar-name",
    severity: Severity::Error,
    summary: r##"two names become one in Cedar"##,
    explanation: r##"In Cedar an identity is a type: `order-staff` is `OrderStaff`, and so would `OrderStaff` be. Neither can two routes be one type of resources, nor a tag have the name of a
route, nor an identity that of a type that Cedar has itself."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "role" {
    anonymous
}

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
    identity "staff" "role"
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

/// An identity that would be called as a type of Cedar's.
pub(in crate::check) fn taken(span: Span, name: &str, kind: &str) -> Diagnostic {
    let message = format!("identity `{name}` would be the type `{kind}`, which there is already");
    Diagnostic::error(RULE.code, span, message)
        .label("another name")
        .help("give it another name")
}

/// Two identities, or two routes, that would be one type.
pub(in crate::check) fn same(
    span: Span,
    what: &str,
    name: &str,
    other: &str,
    kind: &str,
) -> Diagnostic {
    let message =
        format!("{what} `{name}` would be the type `{kind}` in policies, as `{other}` is");
    Diagnostic::error(RULE.code, span, message)
        .label("another name")
        .help("give one of them another name")
}

/// A tag with the name of a route.
pub(in crate::check) fn tag(span: Span, tag: &str) -> Diagnostic {
    let message = format!("the tag `{tag}` has the name of a route: both would be one action");
    Diagnostic::error(RULE.code, span, message)
        .label("another name")
        .help("give the tag another name")
}
