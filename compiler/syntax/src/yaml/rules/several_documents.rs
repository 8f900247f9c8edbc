//! `K212`: more than one document in a file.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K212",
    name: "several-documents",
    severity: Severity::Error,
    summary: "more than one document in a file",
    explanation: r"A line `---` begins a new document, and a spec is one. Put the other document in a file of its own and
name it under `include`, or take the `---` away.",
    wrong: r#"# yaml
gateway: {name: shop}
---
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
