//! K111: the text holds a character that may not appear literally

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K111.
pub const RULE_DISALLOWED_CODE_POINT: Rule = Rule {
    code: "K111",
    name: "disallowed-code-point",
    severity: Severity::Error,
    summary: "the text holds a character that may not appear literally",
    explanation: r##"Control characters, marks that turn the direction of writing, and byte order marks (except at the very start) are invisible: what a reader
sees would not be what is read. Where such a character is really meant, write it as an escape in a string, for example `\u{7F}`."##,
    wrong: "gateway \"shop\u{202E}\"\n\nlistener \"web\" bind=\"127.0.0.1:8080\"\n",
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The character at `span`.
pub(in crate::kdl) fn disallowed_code_point(span: Span, found: char) -> Diagnostic {
    let code = u32::from(found);
    Diagnostic::error(
        RULE_DISALLOWED_CODE_POINT.code,
        span,
        format!("found the invisible character U+{code:04X}, which may not appear in a text"),
    )
    .label("invisible character")
    .help(format!(
        "remove it, or write it in a string as `\\u{{{code:X}}}`"
    ))
}
