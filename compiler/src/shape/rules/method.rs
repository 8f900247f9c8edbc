//! S115: a method that cannot be right

use gatec_syntax::{Rule, Severity};

/// The rule of S115.
pub const RULE: Rule = Rule {
    code: "S115",
    name: "method",
    severity: Severity::Error,
    summary: r##"a method that cannot be right"##,
    explanation: r##"Methods are tokens in upper case, as they are sent (RFC 9110): `GET`, `POST`. Methods tell upper from lower
case, so `get` would never match a request."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "get" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};
