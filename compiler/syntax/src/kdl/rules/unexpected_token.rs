//! K103: a character means nothing where it stands

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K103.
pub const RULE_UNEXPECTED_TOKEN: Rule = Rule {
    code: "K103",
    name: "unexpected-token",
    severity: Severity::Error,
    summary: "a character means nothing where it stands",
    explanation: r##"A line of KDL is a name, then values and properties, then perhaps a block in braces: `listener "web" bind="127.0.0.1:8080" { … }`. Here stands
something else. Most often it is one of these:

- text without quotes: write `"/orders"`, not `/orders`
- a `=` between a name and its value: write `gateway "shop"`; only a property has one, as in `bind="…"`
- a list in brackets: write the values one after the other, `method "GET" "POST"`
- a comma: values are set apart by spaces"##,
    wrong: r##"gateway = "shop"

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// Text with a `/` in it that stands without quotes; `whole` if it surely ends there.
pub(in crate::kdl) fn bare_text(span: Span, text: &str, whole: bool) -> Diagnostic {
    let found = Diagnostic::error(
        RULE_UNEXPECTED_TOKEN.code,
        span,
        format!("`{text}` has to stand in quotes, because of its `/`"),
    )
    .label("text without quotes");
    let quoted = format!("\"{text}\"");
    match whole {
        true => found.fix(format!("write `{quoted}`"), span, quoted),
        false => found.help("put quotes around the whole text"),
    }
}

/// The text `found` at `span`; `expected` completes "expected …".
pub(in crate::kdl) fn unexpected_token(span: Span, found: &str, expected: &str) -> Diagnostic {
    let help = match found {
        "=" => {
            "a node's value follows its name after a space: `name \"value\"`; only `key=value` takes `=`"
        }
        "[" | "]" => {
            "there are no lists in brackets: write the values one after the other, `\"a\" \"b\"`"
        }
        "," => "values are set apart by spaces, without commas",
        ")" => "only a word such as `env` stands in parentheses, before a value: `(env)\"NAME\"`",
        "\\" => {
            "a backslash carries a node on to the next line; nothing but a comment may follow it"
        }
        "/" => "a comment is `//` or `/* */`; text with a slash needs quotes",
        _ => "text with this character needs quotes",
    };
    Diagnostic::error(
        RULE_UNEXPECTED_TOKEN.code,
        span,
        format!("found `{found}`, expected {expected}"),
    )
    .label(format!("expected {expected}"))
    .help(help)
}
