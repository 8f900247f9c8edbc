//! P213: a file of entities that cannot be used

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P213.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P213",
    name: "entities-file",
    severity: Severity::Error,
    summary: r##"a file of entities that cannot be used"##,
    explanation: r##"Entities are Cedar's JSON: a list of objects with `uid` and `parents`. They say which roles are part of others and who has a role whatever their credentials say. What is known of a
principal otherwise comes from its credentials, so entities have no attributes here."##,
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
    entities "broken.json"
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
    entities "entities.json"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, why: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("the entities cannot be used: {why}"))
        .label("here")
        .help(
            "an entity is `{\"uid\": {\"type\": \"Role\", \"id\": \"lead\"}, \"parents\": [{\"type\": \"Role\", \"id\": \"staff\"}]}`",
        )
}
