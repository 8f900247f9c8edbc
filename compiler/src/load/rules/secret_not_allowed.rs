//! S209: a secret where none can be

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S209.
pub const RULE: Rule = Rule {
    code: "S209",
    name: "secret-not-allowed",
    severity: Severity::Error,
    summary: r##"a secret where none can be"##,
    explanation: r##"A secret never enters a bundle: the bundle holds its name, and the replica puts the value in when it
answers a request. So a secret can only stand where a template can, in header values, bodies and cookies, and as the key of
an identity. There nothing but the name of a secret can stand: a key written into a spec is known to whoever reads it.
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

/// The value of a secret where its name belongs.
pub(crate) fn in_clear(span: Span) -> Diagnostic {
    let message = "a key cannot be written into a spec: whoever reads it would have it";
    Diagnostic::error(RULE.code, span, message.to_owned())
        .label("the name of a secret, not its value")
        .help("write `(secret)\"NAME\"` (YAML: `!secret NAME`); the replica finds its value in the environment or in the folder given by `--secrets-dir`")
}

/// A secret without a sound name.
pub(crate) fn name(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{}` is not the name of a secret", name.escape_debug());
    Diagnostic::error(RULE.code, span, message)
        .label("not a name")
        .help("a secret's name holds letters, digits, `-`, `_`, `.` and `/`")
}
