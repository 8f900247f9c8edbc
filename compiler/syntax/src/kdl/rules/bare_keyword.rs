//! K113: a keyword lacks its `#`

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K113.
pub const RULE_BARE_KEYWORD: Rule = Rule {
    code: "K113",
    name: "bare-keyword",
    severity: Severity::Error,
    summary: "a keyword lacks its `#`",
    explanation: r##"In KDL v2 the values `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan` are written with a `#`. KDL v1 wrote `true`, `false` and `null`. Every
other bare word is a string, so these words alone are refused rather than guessed at. As a name, a key or a string put them in quotes."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

/// The keyword `word` at `span` where a value stands.
pub(in crate::kdl) fn bare_keyword(span: Span, word: &str) -> Diagnostic {
    let found = Diagnostic::error(
        RULE_BARE_KEYWORD.code,
        span,
        format!("found `{word}`, expected `#{word}` or a string in quotes"),
    )
    .label(format!("expected `#{word}`"));
    match word {
        // KDL v1 had these three words, so what was meant is certain.
        "true" | "false" | "null" => found.fix(
            format!("write `#{word}`, as KDL v2 does"),
            span,
            format!("#{word}"),
        ),
        _ => found.help(format!(
            "write `#{word}` for the number or `\"{word}\"` for the string"
        )),
    }
}

/// The keyword `word` at `span` where a name stands.
pub(in crate::kdl) fn keyword_as_name(span: Span, word: &str) -> Diagnostic {
    Diagnostic::error(
        RULE_BARE_KEYWORD.code,
        span,
        format!("found `{word}`, expected a name: this word is kept for a value"),
    )
    .label("not a name")
    .help(format!(
        "put it in quotes if it is meant as a name: `\"{word}\"`"
    ))
}
