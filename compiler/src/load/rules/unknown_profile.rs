//! S206: a profile that the spec does not have

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use crate::shape::names::{listed, nearest};

/// The rule of S206.
pub const RULE: Rule = Rule {
    code: "S206",
    name: "unknown-profile",
    severity: Severity::Error,
    summary: r##"a profile that the spec does not have"##,
    explanation: r##"`--profile NAME` merges `profile "NAME"` over the rest. The spec has no profile of that name; the message
lists those it has. (The example is run with `--profile prod`.)"##,
    wrong: r##"profile "production" {
    log level="warn"
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"profile "prod" {
    log level="warn"
}

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// `known` are the profiles there are.
pub(crate) fn name(span: Span, name: &str, known: &[String]) -> Diagnostic {
    let names = known.iter().map(String::as_str);
    let found = Diagnostic::error(RULE.code, span, format!("there is no profile `{name}`"));
    match (known.is_empty(), nearest(name, names.clone())) {
        (true, _) => found
            .label("no profiles here")
            .help(format!("write `profile {name:?} {{ … }}`")),
        (_, Some(near)) => found
            .label(format!("did you mean `{}`?", near.name))
            .help(format!("the profiles are {}", listed(names, "and"))),
        _ => found
            .label("unknown profile")
            .help(format!("the profiles are {}", listed(names, "and"))),
    }
}
