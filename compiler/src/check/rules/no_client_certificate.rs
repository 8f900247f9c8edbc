//! P109: an identity wants a certificate that no listener asks for.

use gatec_schema::ClientCertificateMode;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of P109.
pub(crate) const RULE: Rule = Rule {
    code: "P109",
    name: "no-client-certificate",
    severity: Severity::Error,
    summary: r##"an identity wants a certificate that no listener asks for"##,
    explanation: r##"Clients show a certificate only where the listener asks for it in the TLS handshake: `client-certificate "request"` or `"require"` within `tls`, with the authorities (`ca`) that they must come from. Where none asks, nobody
could ever be proved."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    client-certificate "common-name"
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
    right: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
        client-certificate "request" ca="certs/ca.pem"
    }
}

identity "staff" {
    client-certificate "common-name"
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
    let tls = context.spec.listeners.values().flat_map(|one| &one.tls);
    let asks = |tls: &gatec_schema::Tls| tls.client_certificate.mode != ClientCertificateMode::Off;
    let mut asked = tls.filter(|tls| asks(tls));
    if asked.next().is_some() || context.lost_text() || context.spec.listeners.is_empty() {
        return;
    }
    for (name, identity) in &context.spec.identities {
        if identity.client_certificate.is_none() {
            continue;
        }
        let message = format!("no listener asks for the certificates of identity `{name}`");
        let span = context.key(&["identities", name, "client-certificate"]);
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("nobody could be proved")
                .help("have a listener ask: `tls { client-certificate \"request\" ca=\"certs/clients.pem\"; }`"),
        );
    }
}
