//! S126: the name of a server that cannot be one

use gatec_syntax::{Rule, Severity};

/// The rule of S126.
pub const RULE: Rule = Rule {
    code: "S126",
    name: "server-name",
    severity: Severity::Error,
    summary: r##"the name of a server that cannot be one"##,
    explanation: r##"The name under `tls` is what a server is asked for and what its certificate must hold: one host name, such as `orders.internal`, or one IP
address. A certificate may hold a wildcard; the name that is asked for is none."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls name="*.orders.internal"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "https://10.0.0.11:9443"
    tls name="api.orders.internal"
}

route "orders" public=#true {
    match prefix="/orders"
    proxy "orders"
}
"##,
};
