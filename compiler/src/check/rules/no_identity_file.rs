//! P114: a file of an identity is not there where the spec is checked.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of P114.
pub(crate) const RULE: Rule = Rule {
    code: "P114",
    name: "no-identity-file",
    severity: Severity::Warning,
    summary: r##"a file of an identity is not there where the spec is checked"##,
    explanation: r##"Passwords, keys and public keys are read by the replica from its own disk, relative to the folder of the spec or the bundle, or from an absolute path. They never go into a bundle, and a machine that only builds need not have them. A replica that lacks one
refuses to start, or refuses the change. So this is a warning, in case the name is misspelt."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    basic "uesrs"
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
    basic "users"
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

pub(in crate::check) fn finding(span: Span, path: &str, make: &str) -> Diagnostic {
    Diagnostic::warning(RULE.code, span, format!("there is no file `{path}` here"))
        .label("not on this machine")
        .help(format!(
            "each replica needs it; where only a replica has it, this may be passed over. {make}"
        ))
}
