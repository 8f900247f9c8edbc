//! P108: an identity has claims that nothing gives it.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P108.
pub(crate) const RULE: Rule = Rule {
    code: "P108",
    name: "no-claims",
    severity: Severity::Error,
    summary: r##"an identity has claims that nothing gives it"##,
    explanation: r##"What is known of who asks comes from a token, from the line of a key, or from a proxy's headers. A password, a signature and a certificate say who it is and nothing more. A claim that is not `optional` would have to be there, so
nobody would ever be let in."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    basic "users"
    claim "level"
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
    claim "level"
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
        let method = if identity.basic.is_some() {
            "basic"
        } else if identity.signature.is_some() {
            "signature"
        } else if identity.message_signature.is_some() {
            "message-signature"
        } else if identity.client_certificate.is_some() {
            "client-certificate"
        } else if identity.anonymous {
            "anonymous"
        } else {
            continue;
        };
        for (claim, declared) in &identity.claims {
            if declared.optional {
                continue;
            }
            found.push(
                Diagnostic::error(
                    RULE.code,
                    context.key(&["identities", name, "claims", claim]),
                    format!("the claim `{claim}` has to be there, and `{method}` gives none"),
                )
                .label("nobody would be let in")
                .help("take it out. The id is always known: in policies the id of the principal"),
            );
        }
    }
}
