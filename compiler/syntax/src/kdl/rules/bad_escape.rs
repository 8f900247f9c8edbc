//! K107: a backslash in a string is followed by something that is no escape

use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::Rule;
use crate::source::Span;

/// The rule of K107.
pub const RULE_BAD_ESCAPE: Rule = Rule {
    code: "K107",
    name: "bad-escape",
    severity: Severity::Error,
    summary: "a backslash in a string is followed by something that is no escape",
    explanation: r##"In a string in quotes a backslash starts an escape: `\"`, `\\`, `\n`, `\r`, `\t`, `\b`, `\f`, `\s` (a space), `\u{1F600}`, or a
backslash before white space, which drops that white space. For a backslash itself write `\\`, or use a raw string, in which nothing
is escaped: `#"\d+"#`."##,
    wrong: r##"gateway "shop"

listener "web" bind="127.0.0.1\:8080"
"##,
    right: r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
"##,
};

/// The escape `words` at `span`, backslash included.
pub(in crate::kdl) fn bad_escape(span: Span, words: &str) -> Diagnostic {
    let found = Diagnostic::error(
        RULE_BAD_ESCAPE.code,
        span,
        format!("there is no escape `{words}`"),
    );
    if words == "\\/" {
        return found
            .label("needs no backslash")
            .fix("remove the backslash", span, "/");
    }
    if words.starts_with("\\u") {
        return found
            .label("not a character")
            .help("a character is written with one to six hexadecimal digits: `\\u{1F600}`");
    }
    found
        .label("not an escape")
        .help("for a backslash write `\\\\`, or use a raw string such as `#\"\\d+\"#`")
}
