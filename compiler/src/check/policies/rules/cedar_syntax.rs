//! P201: Cedar that cannot be read

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P201.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P201",
    name: "cedar-syntax",
    severity: Severity::Error,
    summary: r##"Cedar that cannot be read"##,
    explanation: r##"A policy is `permit` or `forbid`, its scope in brackets, and conditions in `when { … }` and `unless { … }`, with a `;` at the end. A policy that
cannot be read is left out, so that the others are still checked, and no bundle is made."##,
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
        when { resource.id = principal.sub };
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

pub(in crate::check) fn finding(span: Span, message: &str, help: Option<&str>) -> Diagnostic {
    let entity = message
        .contains("entity uid")
        .then_some(r#"an entity is its type and its id: `Action::"get-order"`, `Role::"sales"`"#);
    let help = entity.or(help).unwrap_or(
        "a policy is `permit (principal, action, resource) when { … };`, and each ends with `;`",
    );
    Diagnostic::error(
        RULE.code,
        span,
        format!("this cannot be read as Cedar: {message}"),
    )
    .label("here")
    .help(help)
}
