//! P102: a token has nobody who signs it, or two who do.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P102.
pub(crate) const RULE: Rule = Rule {
    code: "P102",
    name: "token-keys",
    severity: Severity::Error,
    summary: r##"a token has nobody who signs it, or two who do"##,
    explanation: r##"Tokens are signed either with a private key, whose public half is in `keys` (a URL, or a file), or with a secret that issuer and gateway share. With neither no token could be checked. With both a token could be
signed in a way that its issuer never uses."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop"
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
        let path = ["identities", name.as_str(), "jwt"];
        let finding = match (&jwt.keys, &jwt.secret) {
            (None, None) if !context.has_error_in(context.value(&path)) => {
                let message = format!("nobody is named who signs the tokens of identity `{name}`");
                Diagnostic::error(RULE.code, context.key(&path), message)
                    .label("with which keys?")
                    .help("name the issuer's keys: `keys=\"https://id.example/jwks.json\"`, or a file with them; or `secret=(secret)\"NAME\"`")
            }
            (Some(_), Some(_)) => {
                let message = format!("tokens of identity `{name}` have both keys and a secret");
                let [identities, name, jwt] = path;
                Diagnostic::error(
                    RULE.code,
                    context.value(&[identities, name, jwt, "secret"]),
                    message,
                )
                .label("one too many")
                .related(context.value(&[identities, name, jwt, "keys"]), "the keys")
                .help("take one of them out; where there are two issuers, make two identities")
            }
            _ => continue,
        };
        found.push(finding);
    }
}
