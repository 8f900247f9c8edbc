//! U132: a key does not fit its certificate.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of U132.
pub(crate) const RULE: Rule = Rule {
    code: "U132",
    name: "key-mismatch",
    severity: Severity::Error,
    summary: "a key does not fit its certificate",
    explanation: r##"A certificate holds the public half of one key, and only that key can prove that the certificate is its own. The two files named here belong to different certificates, or the certificate was renewed with
a new key and only one of the files is the new one. In a file with several certificates, the first is the one that the key must fit."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="certs/other.key"
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
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn finding(span: Span, key: &str, file_span: Span, file: &str) -> Diagnostic {
    let message = format!("the key in `{key}` does not fit the certificate in `{file}`");
    Diagnostic::error(RULE.code, span, message)
        .label("another certificate's key")
        .related(file_span, "the certificate")
        .help("in a file with several certificates, the first is the one that the key must fit")
}
