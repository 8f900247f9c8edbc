//! `K205`: a bracketed list or map that is not well formed.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K205",
    name: "unclosed-bracket",
    severity: Severity::Error,
    summary: "a bracketed list or map that is not well formed",
    explanation: r"A list in `[ ]` or a map in `{ }` is not closed, is closed by the wrong bracket, or lacks a comma
between two entries. Since such a list may go over several lines, the parser notices only later; the
finding points at the opening bracket.

Text that itself has brackets, commas or `: ` needs quotes.",
    wrong: r#"# yaml
gateway: {name: shop
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
