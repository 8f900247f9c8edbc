//! U130: a file with a certificate or key is not there where the spec is checked.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of U130.
pub(crate) const RULE: Rule = Rule {
    code: "U130",
    name: "no-certificate-file",
    severity: Severity::Warning,
    summary: "a file with a certificate or key is not there where the spec is checked",
    explanation: r##"Certificates, keys and authorities are read by the replica from its own disk, relative to the folder of the spec or the bundle, or from an absolute path such as `/etc/gated/web.pem`. They never go
into a bundle, and a machine that only builds need not have them. A replica that lacks one refuses to start, or refuses the change. So this is a warning, in case the name is misspelt."##,
    wrong: r##"listener "web" bind="127.0.0.1:8443" {
    tls {
        certificate "certs/wbe.pem" key="certs/web.key"
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

pub(in crate::check) fn finding(span: Span, path: &str) -> Diagnostic {
    Diagnostic::warning(RULE.code, span, format!("there is no file `{path}` here"))
        .label("not on this machine")
        .help("each replica needs it; where only a replica has it, this may be passed over. `gatec cert dev` makes one for development")
}
