//! `K203`: a line that is not in line with its siblings.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K203",
    name: "bad-indentation",
    severity: Severity::Error,
    summary: "a line that is not in line with its siblings",
    explanation: r"The entries of one map, and the items of one list, start in the same column, and deeper than the key
they belong to. This line fits neither the entry above nor any that encloses it, so it cannot be said
where it belongs.

Give siblings the same indentation. The items of a list start with `- ` on the lines below their key.",
    wrong: r#"# yaml
gateway: {name: shop}
listeners:
    web: {bind: "127.0.0.1:8080"}
  admin: {bind: "127.0.0.1:8081"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
  admin: {bind: "127.0.0.1:8081"}
"#,
};
