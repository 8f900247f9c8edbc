//! P210: a policy says what a replica cannot decide

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P210.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P210",
    name: "not-expressible",
    severity: Severity::Error,
    summary: r##"a policy says what a replica cannot decide"##,
    explanation: r##"Nearly all of Cedar can be decided by a replica. What cannot: whole records as values (`context == {…}`), sets of entities compared with each other, and entities chosen by
`if`. Ask for the parts that count instead."##,
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
        when { context.query == context.query };
        """#
    query "page"
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
        when { context.query has page && context.query.page == "1" };
        """#
    query "page"
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(span: Span, what: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("a replica cannot decide this policy: it has {what}"),
    )
    .label("here")
    .help("ask for the parts that count, each by itself")
}
