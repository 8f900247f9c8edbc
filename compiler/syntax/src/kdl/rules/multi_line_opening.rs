//! K120: three quotes are not followed by a new line

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K120.
pub const RULE_MULTI_LINE_OPENING: Rule = Rule {
    code: "K120",
    name: "multi-line-opening",
    severity: Severity::Error,
    summary: "three quotes are not followed by a new line",
    explanation: r##"Three quotes open a string of several lines, so the line ends after them and the string starts on the next one. A string on one line has one quote on
each side; quotes inside it are written `\"`, or the string is made raw: `#"say "hello""#`."##,
    wrong: r##"gateway """shop"""

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The string at `span`.
pub(in crate::kdl) fn multi_line_opening(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_MULTI_LINE_OPENING.code,
        span,
        "found `\"\"\"` without a new line after it",
    )
    .label("expected a new line after the opening quotes")
    .help("put the text on lines of its own, or use one quote on each side")
}
