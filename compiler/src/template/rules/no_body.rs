//! T109: a template uses the request body where there is none.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::template::Finding;

/// The rule of T109.
pub(crate) const RULE: Rule = Rule {
    code: "T109",
    name: "no-body-here",
    severity: Severity::Error,
    summary: "a template uses the request body where there is none",
    explanation: r##"An error page is sent whatever went wrong, often before the body of the request was read. So `body`, `form` and `json` cannot be used in one."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name }}"#
}

error-page "404" "nothing for {{ body.user }}"
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name }}"#
}

error-page "404" "nothing at {{ path }}"
"##,
};

/// The body used where there is none.
pub(in crate::template) fn finding(range: Range<usize>, word: &str) -> Finding {
    Finding::error(
        RULE.code,
        range,
        format!(
            "`{word}` cannot be used on an error page: the request's body may not have been read"
        ),
    )
    .label("no body here")
}
