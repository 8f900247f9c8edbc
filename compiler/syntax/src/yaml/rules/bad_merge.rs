//! `K214`: a merge key with something else than a map.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K214",
    name: "bad-merge",
    severity: Severity::Error,
    summary: "a merge key with something else than a map",
    explanation: r"`<<: *base` takes over the entries of the map marked `&base`; a list of such aliases takes over
several. Anything else cannot be merged. Entries that the map has itself win over merged ones.",
    wrong: r#"# yaml
gateway: {name: shop}
listeners:
  <<: web
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
