//! K112: two words touch

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K112.
pub const RULE_MISSING_SPACE: Rule = Rule {
    code: "K112",
    name: "missing-space",
    severity: Severity::Error,
    summary: "two words touch",
    explanation: r##"A node's name, its values, its properties and a `/-` are set apart by white space. Without it a quote that was forgotten or is one too many would
go unseen."##,
    wrong: r##"gateway "shop"

listener "web"bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// A space is missing at the start of `span`.
pub(in crate::kdl) fn missing_space(span: Span, found: &str) -> Diagnostic {
    Diagnostic::error(
        RULE_MISSING_SPACE.code,
        span,
        format!("found `{found}` right after the word before it, expected a space"),
    )
    .label("expected a space before this")
    .help("put a space between the two, or quotes around both")
}
