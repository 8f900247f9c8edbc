//! U134: a certificate stands behind another for each of its names.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use gated_certificate::Pair;

/// The rule of U134.
pub(crate) const RULE: Rule = Rule {
    code: "U134",
    name: "certificate-never-used",
    severity: Severity::Warning,
    summary: "a certificate stands behind another for each of its names",
    explanation: r##"A client gets the certificate that holds the name it asks for; where several do, the first whose kind of key the client understands. A certificate all of whose names are in others before it, with keys of
the same kind, is never shown to anybody. (One RSA and one ECDSA certificate for the same names are useful: old clients get the one, new ones the other.)"##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/web.key"
        certificate "certs/more.pem" key="certs/more.key"
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
        certificate "certs/other.pem" key="certs/other.key"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn finding(
    span: Span,
    file: &str,
    pair: &Pair,
    other_span: Span,
    other: &str,
) -> Diagnostic {
    let name = pair.facts.title();
    let kind = pair.algorithm.name();
    let message = format!(
        "the certificate in `{file}` is never used: `{other}` holds {kind} for `{name}` already"
    );
    Diagnostic::warning(RULE.code, span, message)
        .label("never shown")
        .related(other_span, "this one is")
        .help("take it out, or put it before the other")
}
