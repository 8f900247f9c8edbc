//! `K208`: a value that must be put in quotes.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K208",
    name: "needs-quotes",
    severity: Severity::Error,
    summary: "a value that must be put in quotes",
    explanation: r"Without quotes a value cannot start with `@`, `%` or a backtick and cannot contain `: `, and nothing
may follow a closing quote. Put the whole value in quotes.",
    wrong: r"# yaml
gateway: {name: shop}
listeners:
  web:
    bind: @127.0.0.1:8080
",
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
