//! S125: a file path that cannot be one

use gatec_syntax::{Rule, Severity};

/// The rule of S125.
pub const RULE: Rule = Rule {
    code: "S125",
    name: "file-path",
    severity: Severity::Error,
    summary: r##"a file path that cannot be one"##,
    explanation: r##"A file path names a file or folder relative to the file it is written in. It is not empty."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body-file=""
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 body-file="bodies/hello.json"
}
"##,
};
