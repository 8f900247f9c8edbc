//! P101: an identity does not say how it is proved, or says it twice.

use gatec_schema::Identity;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::{Context, listed};

/// The rule of P101.
pub(crate) const RULE: Rule = Rule {
    code: "P101",
    name: "identity-method",
    severity: Severity::Error,
    summary: r##"an identity does not say how it is proved, or says it twice"##,
    explanation: r##"An identity is one way to prove who is asking: `basic`, `bearer`, `jwt`, `api-key`, `header`, `signature`, `message-signature`, `client-certificate`, `session` or `anonymous`. Where a route takes
several, each is an identity of its own, and the route names all of them: they are tried in that order."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    claim "level" optional=#true
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
        let path = ["identities", name.as_str()];
        let span = context.key(&path);
        // What was left out because its shape is wrong, may be the method.
        if context.has_error_in(span.to(context.value(&path))) {
            continue;
        }
        let methods = methods(identity);
        match methods.as_slice() {
            [_] => {}
            [] => found.push(
                Diagnostic::error(
                    RULE.code,
                    span,
                    format!("identity `{name}` does not say how it is proved"),
                )
                .label("how?")
                .help(format!("it takes one of {}", listed(METHODS))),
            ),
            [first, second, ..] => found.push(
                Diagnostic::error(
                    RULE.code,
                    context.key(&["identities", name, second]),
                    format!("identity `{name}` is proved in several ways"),
                )
                .label(format!("besides `{first}`"))
                .related(context.key(&["identities", name, first]), "one way")
                .help("make an identity of each, and have the route name both"),
            ),
        }
    }
}

const METHODS: [&str; 10] = [
    "basic",
    "bearer",
    "jwt",
    "api-key",
    "header",
    "signature",
    "message-signature",
    "client-certificate",
    "session",
    "anonymous",
];

/// The methods of an identity, by their keys.
fn methods(identity: &Identity) -> Vec<&'static str> {
    let written = [
        identity.basic.is_some(),
        identity.bearer.is_some(),
        identity.jwt.is_some(),
        identity.api_key.is_some(),
        identity.header.is_some(),
        identity.signature.is_some(),
        identity.message_signature.is_some(),
        identity.client_certificate.is_some(),
        identity.session.is_some(),
        identity.anonymous,
    ];
    let named = METHODS.into_iter().zip(written);
    named
        .filter_map(|(name, written)| written.then_some(name))
        .collect()
}
