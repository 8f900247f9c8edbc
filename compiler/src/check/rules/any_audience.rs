//! P110: tokens are taken whoever issued them, or whomever they are for.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P110.
pub(crate) const RULE: Rule = Rule {
    code: "P110",
    name: "any-audience",
    severity: Severity::Warning,
    summary: r##"tokens are taken whoever issued them, or whomever they are for"##,
    explanation: r##"A token says who issued it (`iss`) and for whom (`aud`). Most issuers sign the tokens of all their customers and services with the same keys: where neither is checked, a token that was meant for another service opens this one too."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
}

policies {
    cedar "permit (principal is Staff, action, resource);"
}

route "orders" {
    match "GET" "/orders"
    identity "staff"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, identity) in &context.spec.identities {
        let Some(jwt) = &identity.jwt else { continue };
        let missing = match (jwt.issuer.is_none(), jwt.audience.is_empty()) {
            (false, false) => continue,
            (true, true) => "neither their issuer nor their audience is",
            (true, false) => "their issuer is not",
            (false, true) => "their audience is not",
        };
        let path = ["identities", name.as_str(), "jwt"];
        if context.has_error_in(context.value(&path)) {
            continue;
        }
        let message = format!("tokens of identity `{name}` are taken and {missing} checked");
        found.push(
            Diagnostic::warning(RULE.code, context.key(&path), message)
                .label("a token meant for others would do")
                .help(
                    "write what the tokens say: `issuer=\"https://id.example\" audience=\"shop\"`",
                ),
        );
    }
}
