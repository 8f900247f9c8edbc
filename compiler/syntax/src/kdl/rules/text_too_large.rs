//! K116: the text is larger than 64 MiB

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K116.
pub const RULE_TEXT_TOO_LARGE: Rule = Rule {
    code: "K116",
    name: "text-too-large",
    severity: Severity::Error,
    summary: "the text is larger than 64 MiB",
    explanation: r##"A single text of more than 64 MiB is not read at all. Split the spec over several files with `include`."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

// and so on, for more than 64 MiB
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// A text of `size` bytes, where `most` are read.
pub(in crate::kdl) fn text_too_large(span: Span, size: usize, most: usize) -> Diagnostic {
    Diagnostic::error(
        RULE_TEXT_TOO_LARGE.code,
        span,
        format!("the text has {size} bytes, expected at most {most}"),
    )
    .help("split the spec over several files with `include`")
}
