//! `K202`: a line indented with a tab.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K202",
    name: "tab-indentation",
    severity: Severity::Error,
    summary: "a line indented with a tab",
    explanation: r"YAML does not allow tabs in the indentation, because their width is not agreed on. Indent with two
blanks per level. For the rest of the findings each tab counts as one blank.",
    wrong: r#"# yaml
gateway: {name: shop}
listeners:
	web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
