//! K103: something stands where a value, a property or the end of the node was expected

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K103.
pub const RULE_UNEXPECTED_TOKEN: Rule = Rule {
    code: "K103",
    name: "unexpected-token",
    severity: Severity::Error,
    summary: "something stands where a value, a property or the end of the node was expected",
    explanation: r##"After its name a node has values (`"web"`, `8080`), properties (`bind="127.0.0.1:8080"`) and at most one block in braces,
and it ends with its line or with `;`. There are no lists in brackets: values simply follow each other. There is no `=` between
a node's name and its value."##,
    wrong: r##"gateway = "shop"

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The text `found` at `span`; `expected` completes "expected …".
pub(in crate::kdl) fn unexpected_token(span: Span, found: &str, expected: &str) -> Diagnostic {
    let help = match found {
        "=" => {
            "a node's value follows its name after a space: `name \"value\"`; only `key=value` takes `=`"
        }
        "[" | "]" => "there are no lists in brackets: write the values one after the other",
        "\\" => {
            "a backslash carries a node on to the next line; nothing but a comment may follow it"
        }
        "/" => "a comment is `//` or `/* */`; a string with a slash needs quotes",
        _ => "a string with this character needs quotes",
    };
    Diagnostic::error(
        RULE_UNEXPECTED_TOKEN.code,
        span,
        format!("found `{found}`, expected {expected}"),
    )
    .label(format!("expected {expected}"))
    .help(help)
}
