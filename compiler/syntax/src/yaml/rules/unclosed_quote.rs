//! `K204`: quoted text without its closing quote.

use crate::diagnostic::Severity;
use crate::rule::Rule;

/// The rule.
pub const RULE: Rule = Rule {
    code: "K204",
    name: "unclosed-quote",
    severity: Severity::Error,
    summary: "quoted text without its closing quote",
    explanation: r#"The value starts with a quote, and no such quote ends it before the entry does. Write the closing
quote. Between double quotes a quote is written `\"`, between single quotes it is doubled: `''`. Text
over several lines is best written as a block, after `|`."#,
    wrong: r#"# yaml
gateway: {name: "shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
    right: r#"# yaml
gateway: {name: shop}
listeners:
  web: {bind: "127.0.0.1:8080"}
"#,
};
