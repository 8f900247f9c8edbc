//! P115: a file of an identity cannot be used.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};
use gated_identity::Problem;

/// The rule of P115.
pub(crate) const RULE: Rule = Rule {
    code: "P115",
    name: "unusable-identity-file",
    severity: Severity::Error,
    summary: r##"a file of an identity cannot be used"##,
    explanation: r##"The file is read here as a replica reads it, and a replica would refuse it. Passwords are lines of a name, `:` and a hash with bcrypt or argon2, as `htpasswd -B` writes them. Keys are lines as `gatec key new` writes them. Keys of tokens are a JSON Web Key Set, or public
keys or certificates in PEM."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

identity "staff" {
    basic "keys.txt"
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

pub(in crate::check) fn finding(span: Span, path: &str, problem: &Problem) -> Diagnostic {
    let message = match problem.line {
        Some(line) => format!("`{path}` cannot be used: line {line}: {}", problem.why),
        None => format!("`{path}` {}", problem.why),
    };
    Diagnostic::error(RULE.code, span, message).label("a replica would refuse it")
}

pub(in crate::check) fn no_file(span: Span, path: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("`{path}` is no plain file"))
        .label("a replica would refuse it")
}
