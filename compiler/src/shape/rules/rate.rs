//! S130: what is no rate

use gatec_syntax::{Rule, Severity};

/// The rule of S130.
pub const RULE: Rule = Rule {
    code: "S130",
    name: "rate",
    severity: Severity::Error,
    summary: r##"text that is no rate"##,
    explanation: r##"A rate is how many in how long: `100/min`, `10/s`, `5/10s`. The time is `s`, `min`, `h`, `d`, or a duration with its unit."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100" by="address"

route "hello" public=#true {
    match "GET" "/hello"
    limit "per-client"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "hello" public=#true {
    match "GET" "/hello"
    limit "per-client"
    respond 200
}
"##,
};
