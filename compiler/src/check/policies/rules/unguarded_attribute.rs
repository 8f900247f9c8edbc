//! P206: a policy relies on something that may be missing

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P206.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P206",
    name: "unguarded-attribute",
    severity: Severity::Error,
    summary: r##"a policy relies on something that may be missing"##,
    explanation: r##"A claim with `optional=#true`, a header, a query parameter, and a path parameter that not every `match` of its route has may be missing from a request. A policy that
looks at one asks for it first, with `has`."##,
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
        when { principal.level > 3 };
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
        when { principal has level && principal.level > 3 };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, message: &str, written: &str) -> Diagnostic {
    let name = message.split('`').nth(1).unwrap_or_default();
    let message = match name.is_empty() {
        true => message.to_owned(),
        false => format!("`{name}` may be missing, and nothing asks whether it is there"),
    };
    let asked = match written.rsplit_once('.') {
        Some((of, name)) => format!("{of} has {name}"),
        None => match written.split_once('[') {
            Some((of, name)) => format!("{of} has {}", name.trim_end_matches(']')),
            None => format!("… has {name}"),
        },
    };
    Diagnostic::error(RULE.code, span, message)
        .label("may be missing")
        .help(format!("ask for it first: `{asked} && …`"))
}
