//! S110: a duration that cannot be read

use gatec_syntax::{Rule, Severity};

/// The rule of S110.
pub const RULE: Rule = Rule {
    code: "S110",
    name: "duration",
    severity: Severity::Error,
    summary: r##"a duration that cannot be read"##,
    explanation: r##"A duration is whole numbers, each with its unit: `250ms`, `5s`, `1m30s`. The units are `ms`, `s`, `m`, `h`
and `d`. A number alone is refused, since nobody can see whether it means seconds or milliseconds."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true timeout="5" {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true timeout="5s" {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};
