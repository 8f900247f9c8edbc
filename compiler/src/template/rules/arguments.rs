//! T107: a filter or a value of a template has wrong arguments.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;

/// The rule of T107.
pub(crate) const RULE: Rule = Rule {
    code: "T107",
    name: "wrong-arguments",
    severity: Severity::Error,
    summary: "a filter or a value of a template has wrong arguments",
    explanation: r##"Some filters and values need something in parentheses, of a kind: `truncate(20)`, `default("nobody")`, `replace("old", "new")`, `date("%Y-%m-%d")`, `random(1, 6)`,
`counter("orders")`. Others take nothing."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | truncate("ten") }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | truncate(10) }}"#
}
"##,
};

/// A filter whose arguments are not what it takes.
pub(in crate::template) fn filter(range: Range<usize>, name: &str, form: &str) -> Finding {
    let expected = match name == form {
        true => format!("`{name}` takes no arguments"),
        false => format!("`{name}` is written as in `{form}`"),
    };
    Finding::error(RULE.code, range, format!("wrong arguments: {expected}"))
        .label("wrong arguments")
}

/// A value that takes one text.
pub(in crate::template) fn source(range: Range<usize>, word: &str, example: &str) -> Finding {
    let message = format!("`{word}` takes one text in quotes, as in `{word}(\"{example}\")`");
    Finding::error(RULE.code, range, message).label("wrong arguments")
}

/// `random` with anything but two numbers in order.
pub(in crate::template) fn random(range: Range<usize>) -> Finding {
    let message =
        "`random` takes the lowest and the highest number, as in `random(1, 6)`, or nothing";
    Finding::error(RULE.code, range, message).label("wrong arguments")
}
