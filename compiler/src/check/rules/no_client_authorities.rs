//! U135: clients are asked for a certificate, and nobody vouches for it.

use gatec_schema::{ClientCertificate, ClientCertificateMode};
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U135.
pub(crate) const RULE: Rule = Rule {
    code: "U135",
    name: "no-client-authorities",
    severity: Severity::Error,
    summary: "clients are asked for a certificate, and nobody vouches for it",
    explanation: r##"With `client-certificate "request"` or `"require"`, a client's certificate must come from an authority that the gateway knows. `ca` names the file with those authorities, in PEM. The authorities that
browsers trust do not vouch for clients, so there is no default."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
        client-certificate "require"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
        client-certificate "require" ca="certs/ca.pem"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, listener) in &context.spec.listeners {
        let clients = listener.tls.as_ref().map(|tls| &tls.client_certificate);
        let asks = |clients: &&ClientCertificate| {
            clients.mode != ClientCertificateMode::Off && clients.ca.is_none()
        };
        if clients.filter(asks).is_some() {
            let path = ["listeners", name, "tls", "client-certificate", "mode"];
            let message = "clients must show a certificate, and no `ca` says whose it may be";
            found.push(
                Diagnostic::error(RULE.code, context.value(&path), message)
                    .label("from which authority?")
                    .help("name the authorities: `ca=\"certs/clients.pem\"`"),
            );
        }
    }
}
