//! P212: a link that makes no policy

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P212.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P212",
    name: "broken-link",
    severity: Severity::Error,
    summary: r##"a link that makes no policy"##,
    explanation: r##"A `link` makes a policy from a template: it names the template by its `@id`, and says what stands for `?principal` and `?resource`."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "roles" type="set<string>" role=#true
    claim "level" type="long" optional=#true
}

policies {
    cedar #"""
        @id("readers")
        permit (principal in ?principal, action == Action::"get-order", resource);
        """#
    link "leads" template="reader" principal=#"Role::"lead""#
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

pub(in crate::check) fn finding(span: Span, message: String, help: String) -> Diagnostic {
    Diagnostic::error(RULE.code, span, message)
        .label("makes no policy")
        .help(help)
}
