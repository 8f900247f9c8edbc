//! S124: an error page for what is no error status

use gatec_syntax::{Rule, Severity};

/// The rule of S124.
pub const RULE: Rule = Rule {
    code: "S124",
    name: "error-status",
    severity: Severity::Error,
    summary: r##"an error page for what is no error status"##,
    explanation: r##"An error page is for one status from 400 to 599, or for a class of them: `4xx`, `5xx`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}

error-page 200 "all is well"
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello"
}

error-page 404 "not here"
"##,
};
