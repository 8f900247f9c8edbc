//! P112: keys of tokens are fetched in the clear.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P112.
pub(crate) const RULE: Rule = Rule {
    code: "P112",
    name: "keys-in-the-clear",
    severity: Severity::Error,
    summary: r##"keys of tokens are fetched in the clear"##,
    explanation: r##"Whoever stands between the gateway and an `http://` URL can put their own keys in the place of the issuer's, and sign whatever they like. So keys come over `https://`, whose server proves who it is, or from a server on the same machine."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    jwt issuer="https://id.example" audience="shop" keys="http://id.example/jwks.json"
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
        let Some(keys) = identity.jwt.as_ref().and_then(|jwt| jwt.keys.as_ref()) else {
            continue;
        };
        let Some(rest) = keys.as_str().strip_prefix("http://") else {
            continue;
        };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        if is_this_machine(host) {
            continue;
        }
        let span = context.value(&["identities", name, "jwt", "keys"]);
        let message = "keys in the clear (`http://`) come from this machine only".to_owned();
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("anybody in between could change them")
                .help(format!("write `https://{rest}`")),
        );
    }
}

/// Whether a host, with or without a port, is a loopback address or `localhost`.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
