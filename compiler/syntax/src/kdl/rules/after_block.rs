//! K115: something follows the block of a node

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K115.
pub const RULE_AFTER_BLOCK: Rule = Rule {
    code: "K115",
    name: "after-block",
    severity: Severity::Error,
    summary: "something follows the block of a node",
    explanation: r##"A node's values and properties come before its block, and it has one block at most. After the `}` the node is over: the next one starts on a new
line or after `;`."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" {
    match "GET" "/hello"
    respond 200
} public=#true
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

/// `found` at `span` comes after the block that ends at `block`.
pub(in crate::kdl) fn after_block(span: Span, found: &str, block: Span) -> Diagnostic {
    Diagnostic::error(
        RULE_AFTER_BLOCK.code,
        span,
        format!("found `{found}` after the block of a node, expected the end of the node"),
    )
    .label("after the block")
    .related(block, "the block ends here")
    .help("put values and properties before the block, and the next node on a line of its own")
}
