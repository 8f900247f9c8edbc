//! S207: a variable of the environment that is not set

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of S207.
pub const RULE: Rule = Rule {
    code: "S207",
    name: "missing-variable",
    severity: Severity::Error,
    summary: r##"a variable of the environment that is not set"##,
    explanation: r##"`(env)"NAME"` (in YAML `!env NAME`) is read when the spec is compiled. The variable is not set and no
default is given. Set it, or write the default after `:-`, as in `(env)"PORT:-8080"`."##,
    wrong: r##"listener "web" bind=(env)"GATEC_EXAMPLE_BIND"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind=(env)"GATEC_EXAMPLE_BIND:-127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A variable that is not set.
pub(crate) fn variable(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("the variable `{name}` is not set"))
        .label("not set")
        .help(format!("set it, or give a default: `{name}:-…`"))
}

/// A reference without the name of a variable.
pub(crate) fn unnamed(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        "`env` is followed by the name of a variable, found none",
    )
    .label("no name")
}
