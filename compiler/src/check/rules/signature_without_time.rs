//! P111: a signature can be sent again and again.

use gatec_schema::identity::SignedPart;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P111.
pub(crate) const RULE: Rule = Rule {
    code: "P111",
    name: "signature-without-time",
    severity: Severity::Warning,
    summary: r##"a signature can be sent again and again"##,
    explanation: r##"A signature that does not cover the time holds for ever: whoever sees such a request once, in a log perhaps, can send it again. With `timestamp` among what it `covers`, it holds for the `window` only, and once. Some webhooks sign nothing but the body; what
they ask for should then do no harm when it is done twice."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    signature covers="body" {
        key "shop" secret=(secret)"webhook-key"
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
    signature {
        covers "timestamp" "body"
        key "shop" secret=(secret)"webhook-key"
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
        let Some(signature) = &identity.signature else {
            continue;
        };
        if signature.covers.contains(&SignedPart::Timestamp) {
            continue;
        }
        let path = ["identities", name.as_str(), "signature", "covers"];
        let message = format!("the signatures of identity `{name}` hold for ever");
        found.push(
            Diagnostic::warning(RULE.code, context.value(&path), message)
                .label("the time is not covered")
                .help("cover it: `covers \"timestamp\" \"body\"`, if whoever signs does so too"),
        );
    }
}
