//! U131: a file holds no certificate or key that can be used.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use gated_certificate::Problem;

/// The rule of U131.
pub(crate) const RULE: Rule = Rule {
    code: "U131",
    name: "unusable-certificate",
    severity: Severity::Error,
    summary: "a file holds no certificate or key that can be used",
    explanation: r##"Certificates and keys are PEM text (`-----BEGIN CERTIFICATE-----`). A key is PKCS#8, PKCS#1 or SEC1, and not encrypted, since nobody could type its password. RSA from 2048 bits on, ECDSA and Ed25519 are
supported. `openssl pkey -in old.key -out new.key` takes a password off a key; `openssl x509 -inform der -in a.crt -out a.pem` makes PEM from DER."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/web.pem" key="hello.txt"
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

pub(in crate::check) fn finding(span: Span, path: &str, problem: &Problem) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("`{path}` {problem}")).label("cannot be used")
}

/// What is there is no plain file.
pub(in crate::check) fn no_file(span: Span, path: &str) -> Diagnostic {
    let message = format!("`{path}` is no plain file of at most 8 MiB");
    Diagnostic::error(RULE.code, span, message).label("cannot be used")
}
