//! P207: a policy calls a function as it cannot be called

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P207.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P207",
    name: "cedar-call",
    severity: Severity::Error,
    summary: r##"a policy calls a function as it cannot be called"##,
    explanation: r##"The functions are `ip`, `decimal`, `datetime` and `duration`, each with a text written out, and the methods of what they give, such as
`context.client.isInRange(ip("10.0.0.0/8"))`. A text that is no address or no moment is found here."##,
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
        when { context.client.isInRange(ip("10.0.0.0/99")) };
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
        when { context.client.isInRange(ip("10.0.0.0/8")) };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, message: &str, help: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::error(RULE.code, span, message).label("here");
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
