//! `K207`: an escape that means nothing.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K207",
    name: "bad-escape",
    severity: Severity::Error,
    summary: "an escape that means nothing",
    explanation: r#"Between double quotes a backslash starts an escape: `\n`, `\t`, `\"`, `\\`, `\x41`, `\u00e9`. Other
letters after a backslash mean nothing. Regular expressions and Windows paths are best written in
single quotes, where a backslash stands for itself."#,
    wrong: r#"# yaml
gateway: {name: "sh\qop"}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
