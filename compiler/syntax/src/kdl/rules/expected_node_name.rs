//! K104: a node does not start with a name

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K104.
pub const RULE_EXPECTED_NODE_NAME: Rule = Rule {
    code: "K104",
    name: "expected-node-name",
    severity: Severity::Error,
    summary: "a node does not start with a name",
    explanation: r##"Every line of a spec, and every entry of a block, is a node: it starts with a name, which is a bare word such as `listener`, or text in quotes.
A number, `#true` or a brace cannot be a name."##,
    wrong: r##"gateway "shop"

8080 bind="127.0.0.1:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// `found` stands at `span` where a name should.
pub(in crate::kdl) fn expected_node_name(span: Span, found: &str) -> Diagnostic {
    let message = if found.is_empty() {
        "expected the name of a node".to_owned()
    } else {
        format!("found `{found}`, expected the name of a node")
    };
    let help = match found {
        "{" => "put the name of the node before its block, on the same line: `name {`",
        _ => "each line, and each entry of a block, starts with a name, such as `route`",
    };
    Diagnostic::error(RULE_EXPECTED_NODE_NAME.code, span, message)
        .label("not a name")
        .help(help)
}
