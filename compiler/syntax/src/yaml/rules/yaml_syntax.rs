//! `K201`: text that cannot be read as YAML.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K201",
    name: "yaml-syntax",
    severity: Severity::Error,
    summary: "text that cannot be read as YAML",
    explanation: r"The text breaks a rule of YAML that has no code of its own: a comment without a blank before it, a
control character, or more text after the end. The entry with the mistake is left out and the rest is
read, so other findings still hold.

The message names the rule; most often the value only needs quotes.",
    wrong: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}#main
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"} #main
"#,
};
