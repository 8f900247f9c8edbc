//! S103: a value of another type than expected

use gatec_syntax::kdl::{Argument, Scalar};
use gatec_syntax::{Diagnostic, Edit, Fix, Rule, Severity, Span};

use crate::shape::from_kdl::words;
use crate::shape::words::quoted;

/// The rule of S103.
pub const RULE: Rule = Rule {
    code: "S103",
    name: "wrong-type",
    severity: Severity::Error,
    summary: r##"a value of another type than expected"##,
    explanation: r##"The value is, for example, a number where text is expected, or a single value where names with values
are. Numbers and booleans are never taken for text, nor text for numbers: write `5` or `"5"`, `#true` or
`"true"`, as the key wants it. In YAML mind that `5` is a number, and `true` a boolean, unless quoted."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond "200" "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};

/// A value that is not of the expected type; `found` names its type and shows it.
pub(crate) fn found(span: Span, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("expected {expected}, found {found}"),
    )
    .label(format!("expected {expected}"))
}

/// A variable of the environment that does not hold what is expected. What it holds is not shown.
pub(crate) fn variable(span: Span, name: &str, expected: &str) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        format!("the variable `{name}` does not hold {expected}"),
    )
    .label(format!("expected {expected}"))
}

/// A value that does not fit the schema in a way that has no better words.
pub(crate) fn unfit(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(RULE.code, span, format!("this does not fit: {message}"))
}

/// Two values of a node, the other way round.
pub(crate) fn swapped(word: &str, arguments: &[Argument<'_>]) -> Diagnostic {
    let written = |argument: &Argument<'_>| match &argument.value {
        Scalar::String(text) => quoted(text),
        other => words(other),
    };
    let shown: Vec<String> = arguments.iter().rev().map(written).collect();
    let shown = format!("{word} {}", shown.join(" "));
    let spans = arguments.iter().map(|argument| argument.span);
    let span = spans.reduce(Span::to).unwrap_or_default();
    let mut found = Diagnostic::error(
        RULE.code,
        span,
        format!("the two values of `{word}` are the other way round"),
    )
    .label("exchange these")
    .help(format!("write `{shown}`"));
    let edits = arguments.iter().zip(arguments.iter().rev());
    let edits = edits.map(|(place, other)| Edit {
        span: place.span,
        text: written(other),
    });
    found.fix = Some(Fix {
        title: "exchange the two".to_owned(),
        edits: edits.collect(),
        certain: true,
    });
    found
}

/// A single quote, which is a letter in KDL.
pub(crate) fn single_quote(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        span,
        "text in KDL stands in double quotes, found a single one",
    )
    .label("taken as a letter")
    .help(r##"write `"…"`, or `#"…"#` where the text has quotes in it: `#"{"a": 1}"#`"##)
}
