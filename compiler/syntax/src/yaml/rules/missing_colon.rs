//! `K206`: a line that is no entry.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K206",
    name: "missing-colon",
    severity: Severity::Error,
    summary: "a line that is no entry",
    explanation: r"Among the entries of a map stands a line without a colon, or with a colon that no blank follows:
`name:shop` is one word to YAML, not an entry. Write a blank after the colon.",
    wrong: r#"# yaml
gateway:
  name:shop
  title: Shop
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
