//! S127: what is no network

use gatec_syntax::{Rule, Severity};

/// The rule of S127.
pub const RULE: Rule = Rule {
    code: "S127",
    name: "network",
    severity: Severity::Error,
    summary: r##"text that is no network and no address"##,
    explanation: r##"A network is an IP address and the number of its first bits that all its addresses share: `10.0.0.0/8`, `fd00::/8`. The bits behind are
zero, so that nobody takes one address for the whole network by mistake. An address alone, such as `192.168.1.7`, is itself."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080" {
    proxy-protocol "require" {
        from "10.1.2.3/8"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080" {
    proxy-protocol "require" {
        from "10.0.0.0/8"
    }
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};
