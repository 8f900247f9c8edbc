//! P209: a policy that no request can meet

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P209.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P209",
    name: "never-applies",
    severity: Severity::Warning,
    summary: r##"a policy that no request can meet"##,
    explanation: r##"Its scope or its conditions rule each other out: it is about principals that the route is not for, or asks for what can never be. Nothing is permitted or
forbidden by it."##,
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
        permit (principal in Role::"lead", action == Action::"get-order", resource)
        when { principal is Staff && !(principal is Staff) };
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
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, reason: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(RULE.code, span, "no request can ever meet this policy")
        .label("does nothing");
    match reason {
        Some(reason) => diagnostic.help(reason),
        None => diagnostic.help("its scope and its conditions rule each other out"),
    }
}
