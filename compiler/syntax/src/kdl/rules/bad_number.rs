//! K108: a word starts like a number but is none

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K108.
pub const RULE_BAD_NUMBER: Rule = Rule {
    code: "K108",
    name: "bad-number",
    severity: Severity::Error,
    summary: "a word starts like a number but is none",
    explanation: r##"A word that starts with a digit (or a sign or a point and a digit) must be a number: `10`, `1_000`, `-2.5`, `1e3`, `0xff`, `0o17`, `0b101`.
Durations, sizes and rates are strings, because their unit is part of them: `"5s"`, `"64KiB"`, `"100/min"`."##,
    wrong: r##"gateway "shop"

listener "web" bind=127.0.0.1
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The word at `span`, and `why` it is no number.
pub(in crate::kdl) fn bad_number(span: Span, word: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        RULE_BAD_NUMBER.code,
        span,
        format!("`{word}` is not a number"),
    )
    .label("not a number")
    .help(match word.strip_suffix(',') {
        Some(before) => format!("values are set apart by spaces, without commas: `{before}`"),
        None => {
            format!("{why}; a value with a unit, an address or a version is a string: `\"{word}\"`")
        }
    })
}
