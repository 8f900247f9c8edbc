//! K114: a raw string is written as in KDL v1

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K114.
pub const RULE_V1_RAW_STRING: Rule = Rule {
    code: "K114",
    name: "v1-raw-string",
    severity: Severity::Error,
    summary: "a raw string is written as in KDL v1",
    explanation: r##"KDL v1 wrote raw strings as `r"…"` and `r#"…"#`. KDL v2 leaves the `r` away and always has at least one `#`: `#"…"#`."##,
    wrong: r##"gateway r"shop"

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"gateway #"shop"#

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The string at `span`, what stands between its quotes, and its number of hashes.
pub(in crate::kdl) fn v1_raw_string(span: Span, words: &str, hashes: usize) -> Diagnostic {
    let marks = "#".repeat(hashes.max(1));
    let found = Diagnostic::error(
        RULE_V1_RAW_STRING.code,
        span,
        "found a raw string of KDL v1, expected `#\"…\"#`",
    )
    .label("written as in KDL v1");
    // Quotes at the start would make three in a row, which begin a multi-line string in v2.
    if words.starts_with('"') {
        return found.help("write the string in quotes, with `\\\"` for each quote in it");
    }
    found.fix(
        "write it as KDL v2 does",
        span,
        format!("{marks}\"{words}\"{marks}"),
    )
}
