//! P204: a policy mixes types

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P204.
pub(in crate::check) const RULE: Rule = Rule {
    code: "P204",
    name: "cedar-type",
    severity: Severity::Error,
    summary: r##"a policy mixes types"##,
    explanation: r##"Cedar compares only what is of one type: a number is never equal to a text, and `<` is for numbers. In a strict check such a comparison is a mistake, because it
would be `false` for every request. A path parameter is text, unless its route says `{id:int}`; a claim has the type that its identity declares."##,
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
        when { principal has level && principal.level == "high" };
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
        when { principal has level && principal.level == 3 };
        """#
}

route "get-order" {
    match "GET" "/orders/{id}"
    identity "staff"
    respond 200
}
"####,
};

pub(in crate::check) fn finding(
    span: Span,
    message: &str,
    written: &str,
    help: Option<&str>,
) -> Diagnostic {
    // `the types Long and String are not compatible`
    let mixed = message
        .strip_prefix("the types ")
        .and_then(|rest| rest.strip_suffix(" are not compatible"));
    let message = match mixed {
        Some(types) => {
            format!("this brings two types together that have nothing in common: {types}")
        }
        None => message.to_owned(),
    };
    let meant = meant(written);
    let help = meant.as_deref().or(help.filter(|_| mixed.is_none()));
    let diagnostic = Diagnostic::error(RULE.code, span, message).label("here");
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic.help("`gatec policy schema` shows the type of everything"),
    }
}

/// What was probably meant.
fn meant(written: &str) -> Option<String> {
    if written.contains("resource.") {
        return Some(
            "a path parameter is text, unless its route says what it is: `{id:int}` is a Long"
                .to_owned(),
        );
    }
    if let Some(("principal.roles", role)) = written.split_once(" == ") {
        return Some(format!("ask for a role with `principal in Role::{role}`"));
    }
    None
}
