//! `K215`: a tag that does not fit.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K215",
    name: "bad-tag",
    severity: Severity::Error,
    summary: "a tag that does not fit",
    explanation: r"Tags before a value are either references (`!env NAME`, `!file path`, `!secret name`), which take one
name or path, or the types of YAML (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`),
which the value must match.",
    wrong: r#"# yaml
gateway: {name: !!int shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
