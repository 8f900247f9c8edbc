//! P208: text in a policy that can be taken for another

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P208.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P208",
    name: "suspicious-text",
    severity: Severity::Error,
    summary: r##"text in a policy that can be taken for another"##,
    explanation: r##"Characters that turn the direction of text, letters of several scripts in one word, and letters that look like others make a policy read otherwise than it is. Whoever
reviews such a policy cannot see what it says."##,
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
        when { principal.sub == "аnn" };
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
        when { principal.sub == "ann" };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, message)
        .label("not what it looks like")
        .help("write it in letters of one script, and without characters that cannot be seen")
}
