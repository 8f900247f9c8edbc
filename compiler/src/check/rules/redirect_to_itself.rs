//! U136: a listener that speaks TLS redirects to https.

use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U136.
pub(crate) const RULE: Rule = Rule {
    code: "U136",
    name: "redirect-to-itself",
    severity: Severity::Error,
    summary: "a listener that speaks TLS redirects to https",
    explanation: r##"`redirect-to-https` sends clients that came plain to the same address under `https`. A listener with `tls` takes nothing plain, so there is nothing to redirect. It belongs to a listener of its own, often the
one on port 80."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
    }
    redirect-to-https
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
    }
}

listener "plain" bind="127.0.0.1:8080" {
    redirect-to-https port=8443
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, listener) in &context.spec.listeners {
        if listener.tls.is_some() && listener.redirect_to_https.is_some() {
            let span = context.key(&["listeners", name, "redirect-to-https"]);
            let message = format!("listener `{name}` speaks TLS, so nothing on it is redirected");
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("without effect")
                    .related(context.key(&["listeners", name, "tls"]), "TLS")
                    .help("give plain requests a listener of their own, and redirect there"),
            );
        }
    }
}
