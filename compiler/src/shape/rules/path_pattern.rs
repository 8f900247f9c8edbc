//! S119: a path that no request can have

use gatec_syntax::{Rule, Severity};

/// The rule of S119.
pub const RULE: Rule = Rule {
    code: "S119",
    name: "path-pattern",
    severity: Severity::Error,
    summary: r##"a path that no request can have"##,
    explanation: r##"A path begins with `/`. `{name}` takes one whole segment, `{name:int}` one of that type, `{rest...}` at the
end all that remains. Empty segments, `.` and `..`, a query and bare spaces are refused, since the one
normal form of a request's path has none of them."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "hello"
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
