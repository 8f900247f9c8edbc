//! `K211`: a key that is not text.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K211",
    name: "key-not-text",
    severity: Severity::Error,
    summary: "a key that is not text",
    explanation: r"YAML allows lists and maps as keys; a spec has no use for them. Most often a template such as
`{{ name }}` was written without quotes, which YAML reads as a map inside a map. A key is a word, a
number or quoted text.",
    wrong: r#"# yaml
gateway: {name: shop}
listeners:
  [web]: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
