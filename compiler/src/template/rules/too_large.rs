//! T110: a template is too large.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;
use crate::template::{MAX_EXPRESSIONS, MAX_FILTERS, MAX_TEXT};

/// The rule of T110.
pub(crate) const RULE: Rule = Rule {
    code: "T110",
    name: "template-too-large",
    severity: Severity::Error,
    summary: "a template is too large",
    explanation: r##"A template has at most 4 MiB of text and 10,000 expressions, and an expression at most 16 filters. What is larger is better served as a file: `files`, or `body-file` with
`template=#false`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim | trim }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name | trim }}"#
}
"##,
};

/// Too much text.
pub(in crate::template) fn text(length: usize) -> Finding {
    Finding::error(
        RULE.code,
        0..0,
        format!("this template has {length} bytes; at most {MAX_TEXT} are taken"),
    )
}

/// Too many expressions.
pub(in crate::template) fn expressions(at: usize) -> Finding {
    Finding::error(
        RULE.code,
        at..at + 2,
        format!("this template has more than {MAX_EXPRESSIONS} expressions"),
    )
}

/// Too many filters.
pub(in crate::template) fn filters(range: Range<usize>) -> Finding {
    Finding::error(
        RULE.code,
        range,
        format!("this expression has more than {MAX_FILTERS} filters"),
    )
    .label("one too many")
}
