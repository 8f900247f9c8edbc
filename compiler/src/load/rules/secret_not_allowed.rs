//! S209: a secret where none can be

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S209.
pub const RULE: Rule = Rule {
    code: "S209",
    name: "secret-not-allowed",
    severity: Severity::Error,
    summary: r##"a secret where none can be"##,
    explanation: r##"A secret never enters a bundle: the bundle holds its name, and the replica puts the value in when it
answers a request. So a secret can only stand where a template can: in header values, bodies and cookies.
Anything read when the spec is compiled (a path, a number, an address) cannot be one."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://10.0.0.11:9000"
}

route "orders" public=#true {
    match prefix="/orders"
    request {
        set "authorization" (secret)"orders-token"
    }
    proxy "orders" timeout=(secret)"orders-timeout"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://10.0.0.11:9000"
}

route "orders" public=#true {
    match prefix="/orders"
    request {
        set "authorization" (secret)"orders-token"
    }
    proxy "orders" timeout="5s"
}
"##,
};

/// A secret where the key takes no template.
pub(crate) fn here(span: Span, name: &str) -> Diagnostic {
    let message = format!(
        "the secret `{name}` cannot stand here: this value is needed before a replica runs"
    );
    Diagnostic::error(RULE.code, span, message)
        .label("no secret here")
        .help("secrets stand where templates do: header values, bodies and cookies")
}

/// A secret without a sound name.
pub(crate) fn name(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{}` is not the name of a secret", name.escape_debug());
    Diagnostic::error(RULE.code, span, message)
        .label("not a name")
        .help("a secret's name holds letters, digits, `-`, `_`, `.` and `/`")
}
