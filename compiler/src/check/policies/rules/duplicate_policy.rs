//! P211: two policies have one name

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P211.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P211",
    name: "duplicate-policy",
    severity: Severity::Error,
    summary: r##"two policies have one name"##,
    explanation: r##"The `@id` of a policy is what decisions are told by, and what a link names. Two policies of one name could not be told apart in a log."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        @id("own")
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.id == principal.sub };
        @id("own")
        permit (principal in Role::"lead", action, resource);
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
        @id("own")
        permit (principal is Staff, action == Action::"get-order", resource)
        when { resource.id == principal.sub };
        @id("lead")
        permit (principal in Role::"lead", action, resource);
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, first: Span, id: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("there is a policy `{id}` already"))
        .label("the same name again")
        .related(first, "the first")
        .help("give one of them another `@id`")
}
