//! S112: an address to listen on that cannot be read

use gatec_syntax::{Rule, Severity};

/// The rule of S112.
pub const RULE: Rule = Rule {
    code: "S112",
    name: "address",
    severity: Severity::Error,
    summary: r##"an address to listen on that cannot be read"##,
    explanation: r##"A listener binds an IP address and a port: `127.0.0.1:8080`, `[::1]:8080`, or `:8080` for every address.
A host name is refused, because it can stand for another address tomorrow; `localhost` is taken."##,
    wrong: r##"listener "web" bind="127.0.0.1"

route "hello" public=#true {
    match "GET" "/hello"
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
