//! P104: an api key is looked for at several places.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P104.
pub(crate) const RULE: Rule = Rule {
    code: "P104",
    name: "key-places",
    severity: Severity::Error,
    summary: r##"an api key is looked for at several places"##,
    explanation: r##"A request has its key in one place: a header, a query parameter or a cookie. Where it could be at two, two keys could come with one request, and it would be for the reader to guess whose it is."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    api-key "keys.txt" header="x-key" cookie="key"
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
    api-key "keys.txt" header="x-key"
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
        let Some(key) = &identity.api_key else {
            continue;
        };
        let places = [
            ("header", key.header.is_some()),
            ("query", key.query.is_some()),
            ("cookie", key.cookie.is_some()),
        ];
        let mut written = places.iter().filter(|(_, written)| *written);
        let (Some((first, _)), Some((second, _))) = (written.next(), written.next()) else {
            continue;
        };
        let at = |place: &str| context.value(&["identities", name, "api-key", place]);
        let message = format!("the key of identity `{name}` is looked for at two places");
        found.push(
            Diagnostic::error(RULE.code, at(second), message)
                .label(format!("besides the {first}"))
                .related(at(first), "one place")
                .help("take one of them out, or make an identity of each"),
        );
    }
}
