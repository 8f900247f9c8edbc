//! S113: the URL of a server that cannot be used

use gatec_syntax::{Rule, Severity};

/// The rule of S113.
pub const RULE: Rule = Rule {
    code: "S113",
    name: "server-url",
    severity: Severity::Error,
    summary: r##"the URL of a server that cannot be used"##,
    explanation: r##"A server is named by `http://` or `https://`, a host and a port, perhaps with a path that is put before every request's
path. A query, a fragment, a user name or a password have no place there."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "10.0.0.11:9000"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://10.0.0.11:9000"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
};
