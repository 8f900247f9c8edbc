//! P105: a key of message signatures is neither a file nor a secret, or both.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P105.
pub(crate) const RULE: Rule = Rule {
    code: "P105",
    name: "message-key",
    severity: Severity::Error,
    summary: r##"a key of message signatures is neither a file nor a secret, or both"##,
    explanation: r##"Each key that messages are signed with is either a public key in a file, or a secret that both sides share."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    message-signature {
        key "partner"
    }
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
    message-signature {
        key "partner" file="partner.pem"
    }
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
        let signature = identity.message_signature.iter();
        for (id, key) in signature.flat_map(|signature| &signature.keys) {
            let path = ["identities", name, "message-signature", "keys", id];
            let span = context.key(&path);
            let message = match (&key.file, &key.secret) {
                (None, None) if !context.has_error_in(context.value(&path)) => {
                    format!("the key `{id}` has neither a file nor a secret")
                }
                (Some(_), Some(_)) => format!("the key `{id}` has both a file and a secret"),
                _ => continue,
            };
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("which key?")
                    .help("write `file=\"partner.pem\"` for a public key, or `secret=(secret)\"NAME\"` for a shared one"),
            );
        }
    }
}
