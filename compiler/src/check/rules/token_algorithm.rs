//! P103: an algorithm of tokens does not fit their keys.

use gatec_schema::identity::JwtAlgorithm;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P103.
pub(crate) const RULE: Rule = Rule {
    code: "P103",
    name: "token-algorithm",
    severity: Severity::Error,
    summary: r##"an algorithm of tokens does not fit their keys"##,
    explanation: r##"`HS256`, `HS384` and `HS512` sign with a shared secret, all others with a private key. An algorithm of the other kind could never be used; and to take a public key for a secret is how tokens are forged."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" algorithms="HS256" keys="https://id.example/jwks.json"
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
    jwt issuer="https://id.example" audience="shop" algorithms="RS256" keys="https://id.example/jwks.json"
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
        let secret = match (&jwt.keys, &jwt.secret) {
            (None, Some(_)) => true,
            (Some(_), None) => false,
            _ => continue,
        };
        for (index, algorithm) in jwt.algorithms.iter().enumerate() {
            let symmetric = matches!(
                algorithm,
                JwtAlgorithm::HS256 | JwtAlgorithm::HS384 | JwtAlgorithm::HS512
            );
            if symmetric == secret {
                continue;
            }
            let index = index.to_string();
            let span = context.value(&["identities", name, "jwt", "algorithms", &index]);
            let (kind, other) = match symmetric {
                true => ("a shared secret", "keys"),
                false => ("a private key", "a secret"),
            };
            found.push(
                Diagnostic::error(
                    RULE.code,
                    span,
                    format!("`{algorithm:?}` signs with {kind}, and the tokens of identity `{name}` have {other}"),
                )
                .label("never used")
                .help("leave `algorithms` out: each key is used with its own"),
            );
        }
    }
}
