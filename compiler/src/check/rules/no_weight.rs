//! U105: every server of an upstream has weight 0.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U105.
pub(crate) const RULE: Rule = Rule {
    code: "U105",
    name: "no-weight",
    severity: Severity::Error,
    summary: "every server of an upstream has weight 0",
    explanation: r##"A weight of 0 takes a server out. With all of them out no request can be passed on, and each is answered 500."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000" weight=0
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000" weight=0
    server "http://127.0.0.1:9001"
}

route "orders" public=#true {
    match "GET" "/orders"
    proxy "orders"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, upstream) in &context.spec.upstreams {
        if !upstream.servers.is_empty() && upstream.servers.iter().all(|server| server.weight == 0)
        {
            let message =
                format!("every server of the upstream `{name}` has weight 0: none would be asked");
            found.push(
                Diagnostic::error(RULE.code, context.key(&["upstreams", name]), message)
                    .label("no server left")
                    .help("give one of its servers a weight of 1 or more"),
            );
        }
    }
}
