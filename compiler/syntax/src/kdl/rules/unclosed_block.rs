//! K105: a `{` has no `}`

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K105.
pub const RULE_UNCLOSED_BLOCK: Rule = Rule {
    code: "K105",
    name: "unclosed-block",
    severity: Severity::Error,
    summary: "a `{` has no `}`",
    explanation: r##"Each block that opens with `{` closes with `}`. Where the indentation shows which block was left open, reading goes on as if the
`}` stood there, so that the nodes below are still checked."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

/// The `{` at `span` is still open where `end` is.
pub(in crate::kdl) fn unclosed_block(span: Span, end: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_UNCLOSED_BLOCK.code,
        span,
        "this block is not closed: found `{` without its `}`",
    )
    .label("opened here")
    .related(end, "a `}` is missing before this place")
    .help("close the block with a `}` on a line of its own")
}
