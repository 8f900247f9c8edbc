//! K109: a line of a multi-line string is indented otherwise than its closing quotes

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K109.
pub const RULE_MULTI_LINE_INDENTATION: Rule = Rule {
    code: "K109",
    name: "multi-line-indentation",
    severity: Severity::Error,
    summary: "a line of a multi-line string is indented otherwise than its closing quotes",
    explanation: r##"The white space before the closing quotes of a multi-line string is taken off every line of it, so each line must start with exactly
that white space (empty lines may be empty), and nothing else may stand before the closing quotes."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        body """
    hello
        """
    }
}
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        body """
        hello
        """
    }
}
"##,
};

/// The line whose white space is at `span` does not start with `prefix`.
pub(in crate::kdl) fn multi_line_indentation(span: Span, prefix: &str) -> Diagnostic {
    let (prefix, count) = (prefix.escape_debug(), prefix.chars().count());
    Diagnostic::error(
        RULE_MULTI_LINE_INDENTATION.code,
        span,
        format!("this line does not start with the {count} characters of white space of its closing quotes"),
    )
    .label(format!("expected `{prefix}`"))
    .help("indent the line at least as deep as the closing quotes, with the same tabs and spaces")
}

/// The closing quotes at `span` have something before them on their line.
pub(in crate::kdl) fn closing_quotes(span: Span) -> Diagnostic {
    Diagnostic::error(RULE_MULTI_LINE_INDENTATION.code, span, "found text before the closing quotes of a multi-line string")
        .label("expected on a line of their own")
        .help("put the closing quotes on the next line; the white space before them is the indentation that is taken off")
}
