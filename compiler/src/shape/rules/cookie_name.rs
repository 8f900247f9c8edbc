//! S123: a cookie name that cannot be sent

use gatec_syntax::{Rule, Severity};

/// The rule of S123.
pub const RULE: Rule = Rule {
    code: "S123",
    name: "cookie-name",
    severity: Severity::Error,
    summary: r##"a cookie name that cannot be sent"##,
    explanation: r##"A cookie's name is a token (RFC 6265): letters, digits, `-` and `_`, without spaces, `=` and `;`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" {
        cookie "session id" present=#true
    }
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello" {
        cookie "session-id" present=#true
    }
    respond 200 "hello"
}
"##,
};
