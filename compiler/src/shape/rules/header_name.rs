//! S116: a header name that cannot be sent

use gatec_syntax::{Rule, Severity};

/// The rule of S116.
pub const RULE: Rule = Rule {
    code: "S116",
    name: "header-name",
    severity: Severity::Error,
    summary: r##"a header name that cannot be sent"##,
    explanation: r##"A header's name is a token (RFC 9110): letters, digits and `-`, without spaces and without the colon."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello" {
        header "x greeting" "hi"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello" {
        header "x-greeting" "hi"
    }
}
"##,
};
