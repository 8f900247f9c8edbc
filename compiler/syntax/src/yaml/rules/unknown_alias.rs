//! `K209`: an alias without its anchor.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K209",
    name: "unknown-alias",
    severity: Severity::Error,
    summary: "an alias without its anchor",
    explanation: r"`*name` stands for the value that is marked `&name` further up. No value is, or the alias stands
inside the very value it names, which would have no end. Text that starts with `*`, such as a pattern
for hosts, must be in quotes.",
    wrong: r"# yaml
gateway: {name: shop}
listeners:
  web: *address
",
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
