//! `K213`: a text that is not a map.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K213",
    name: "root-not-a-map",
    severity: Severity::Error,
    summary: "a text that is not a map",
    explanation: r"The whole text is a list or one value, but a spec is a map: entries such as `gateway: {name: shop}` at
the left edge. A key must be followed by a colon *and a blank*.",
    wrong: r#"# yaml
- gateway: {name: shop}
- listeners: {web: {bind: "127.0.0.1:8080"}}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners: {web: {bind: "127.0.0.1:8080"}}
"#,
};
