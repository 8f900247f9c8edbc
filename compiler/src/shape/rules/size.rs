//! S111: a size that cannot be read

use gatec_syntax::{Rule, Severity};

/// The rule of S111.
pub const RULE: Rule = Rule {
    code: "S111",
    name: "size",
    severity: Severity::Error,
    summary: r##"a size that cannot be read"##,
    explanation: r##"A size is a whole number with its unit: `64KiB`, `10MiB`. `KiB`, `MiB` and `GiB` count in 1024, `KB`, `MB`
and `GB` in 1000, `B` is a byte."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true body-limit="10 megs" {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true body-limit="10MiB" {
    match "GET" "/hello"
    respond 200 "hello"
}
"##,
};
