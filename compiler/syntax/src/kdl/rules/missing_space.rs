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
    explanation: r##"A node's name, its values, its properties and a `/-` are set apart by white space. Where two parts touch, a space
is missing, or a quote is missing or one too many."##,
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
        format!("`{found}` touches what stands before it, expected a space between the two"),
    )
    .label("expected a space before this")
    .help("put a space before it; if both are one text, put quotes around the whole")
}
