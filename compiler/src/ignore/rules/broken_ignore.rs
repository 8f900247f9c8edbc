//! S302: a comment is meant to silence something, and cannot.

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S302.
pub const RULE: Rule = Rule {
    code: "S302",
    name: "broken-ignore",
    severity: Severity::Warning,
    summary: "a `gatec: ignore` comment that cannot silence anything",
    explanation: r##"After `gatec: ignore` come the codes to silence and then, in your words, why: `// gatec: ignore U102 for the
next release`. Only warnings and advice can be silenced: no bundle is made with an error in it, whoever knows
of it."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

// gatec: ignore for the next release
upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

// gatec: ignore U102 for the next release
upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A comment without any code.
pub(in crate::ignore) fn no_code(span: Span) -> Diagnostic {
    Diagnostic::warning(RULE.code, span, "this comment says to ignore, and not what")
        .label("no code")
        .help("name the codes and say why: `gatec: ignore U102 the reason`")
}

/// A code that nobody has.
pub(in crate::ignore) fn unknown(span: Span, code: &str) -> Diagnostic {
    Diagnostic::warning(RULE.code, span, format!("there is no code `{code}`"))
        .label("unknown code")
        .help("`gatec explain --list` lists every code")
}

/// The code of an error.
pub(in crate::ignore) fn error(span: Span, code: &str) -> Diagnostic {
    let message = format!("{code} is an error, and errors cannot be ignored");
    Diagnostic::warning(RULE.code, span, message)
        .label("an error")
        .help("mend it: no bundle is made while it is there")
}
