//! K106: a `}` closes no block

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K106.
pub const RULE_STRAY_BRACE: Rule = Rule {
    code: "K106",
    name: "stray-brace",
    severity: Severity::Error,
    summary: "a `}` closes no block",
    explanation: r##"A `}` was found while no block was open: either it is one too many, or the `{` that it closes is missing or stands in a string
or a comment."##,
    wrong: r##"gateway "shop"
}

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The `}` at `span`.
pub(in crate::kdl) fn stray_brace(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_STRAY_BRACE.code,
        span,
        "found `}`, but no block is open here",
    )
    .label("closes nothing")
    .help("remove it, or look for the missing `{` above")
}
