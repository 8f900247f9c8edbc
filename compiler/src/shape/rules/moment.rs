//! S129: what is no moment

use gatec_syntax::{Rule, Severity};

/// The rule of S129.
pub const RULE: Rule = Rule {
    code: "S129",
    name: "moment",
    severity: Severity::Error,
    summary: r##"text that is no moment"##,
    explanation: r##"A moment is a day and a time with its offset from UTC, as RFC 3339 writes it: `2026-03-01T08:30:00Z`, or `2026-03-01T09:30:00+01:00`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "in the morning" {
    request "/hello" at="8:30"
    expect 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "in the morning" {
    request "/hello" at="2026-03-01T08:30:00Z"
    expect 200
}
"##,
};
