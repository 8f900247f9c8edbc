//! P118: a signature is to cover what no request has.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::{Context, closest, listed};

/// The rule of P118.
pub(crate) const RULE: Rule = Rule {
    code: "P118",
    name: "signed-component",
    severity: Severity::Error,
    summary: r##"a signature is to cover what no request has"##,
    explanation: r##"A message signature covers headers by their names in lower case, and what is derived from the request: `@method`, `@target-uri`, `@authority`, `@scheme`, `@request-target`, `@path` and `@query` (RFC 9421, section 2.2). A signature without it is not taken, so nobody would
ever be proved."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    message-signature {
        covers "@method" "@paht"
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
    right: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    message-signature {
        covers "@method" "@path"
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

const DERIVED: [&str; 7] = [
    "@method",
    "@target-uri",
    "@authority",
    "@scheme",
    "@request-target",
    "@path",
    "@query",
];

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, identity) in &context.spec.identities {
        let signature = identity.message_signature.iter();
        let covers = signature.flat_map(|signature| &signature.covers);
        for (index, component) in covers.enumerate() {
            let derived = component.starts_with('@');
            let sound = match derived {
                true => DERIVED.contains(&component.as_str()),
                false => http::HeaderName::try_from(component.as_str()).is_ok(),
            };
            if sound {
                continue;
            }
            let index = index.to_string();
            let path = ["identities", name, "message-signature", "covers", &index];
            let message = format!("no request has `{component}`");
            let finding = Diagnostic::error(RULE.code, context.value(&path), message);
            found.push(match closest(component, DERIVED) {
                Some(near) if derived => {
                    let finding = finding.label(format!("did you mean `{near}`?"));
                    super::unknown_upstream::mend(context, finding, component, near)
                }
                _ => finding.label("nobody could be proved").help(format!(
                    "it is the name of a header, or one of {}",
                    listed(DERIVED)
                )),
            });
        }
    }
}
