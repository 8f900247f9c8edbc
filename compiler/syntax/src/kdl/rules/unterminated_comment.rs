//! K102: a block comment has no end

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K102.
pub const RULE_UNTERMINATED_COMMENT: Rule = Rule {
    code: "K102",
    name: "unterminated-comment",
    severity: Severity::Error,
    summary: "a block comment has no end",
    explanation: r##"A comment that begins with `/*` ends with `*/`. Block comments nest, so a `/*` inside a comment needs a `*/` of its own.
For a comment to the end of the line use `//`."##,
    wrong: r##"gateway "shop" /* the shop

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop" /* the shop */

listener "web" bind="127.0.0.1:8080"
"##,
};

/// A comment whose `/*` is at `span`.
pub(in crate::kdl) fn unterminated_comment(span: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_UNTERMINATED_COMMENT.code,
        span,
        "this comment is not closed: expected `*/` before the text ends",
    )
    .label("starts here")
    .help("block comments nest: each `/*` inside needs its own `*/`")
}
