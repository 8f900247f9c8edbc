//! K119: there is no such keyword

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K119.
pub const RULE_UNKNOWN_KEYWORD: Rule = Rule {
    code: "K119",
    name: "unknown-keyword",
    severity: Severity::Error,
    summary: "there is no such keyword",
    explanation: r##"The words that begin with `#` are `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`, in lower case. A comment starts with `//`, not with `#`."##,
    wrong: r##"# the shop
gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
    right: r##"// the shop
gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// `word`, with its `#`, at `span`.
pub(in crate::kdl) fn unknown_keyword(span: Span, word: &str) -> Diagnostic {
    if word.trim_start_matches('#').is_empty() {
        return Diagnostic::error(
            RULE_UNKNOWN_KEYWORD.code,
            span,
            format!("found `{word}`; a comment starts with `//`"),
        )
        .label("no comment in KDL")
        .fix("write `//`", span, "//");
    }
    let found = Diagnostic::error(
        RULE_UNKNOWN_KEYWORD.code,
        span,
        format!("there is no keyword `{word}`"),
    )
    .label("not a keyword");
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "#true" | "#false" | "#null" | "#inf" | "#-inf" | "#nan" => {
            found.fix(format!("write `{lower}`"), span, lower.clone())
        }
        _ => found.help("the words with a `#` are `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`; text with a `#` needs quotes, and a comment starts with `//`"),
    }
}
