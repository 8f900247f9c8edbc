//! `K210`: a text beyond the limits.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K210",
    name: "over-limit",
    severity: Severity::Error,
    summary: "a text beyond the limits",
    explanation: r"To keep reading quick and within memory, a text may have at most 64 MiB, four million values and a
depth of 128, and all aliases together may add at most 100,000 values. No spec written by hand comes
near. What lies beyond the limit is not read.",
    wrong: r#"# yaml
gateway: {name: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
