//! M107: a route names a limit twice.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M107.
pub(crate) const RULE: Rule = Rule {
    code: "M107",
    name: "limit-twice",
    severity: Severity::Error,
    summary: "a route names a limit twice",
    explanation: r##"A limit holds once on a route. For a request that counts for several write its `cost`."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client" cost=2
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route_name, route) in &context.spec.routes {
        for (index, one) in route.limits.iter().enumerate() {
            let mut before = route.limits.iter().take(index);
            if before.any(|known| known.name == one.name) {
                let index = index.to_string();
                let span = context.value(&["routes", route_name, "limits", &index, "name"]);
                let message = format!("the limit `{}` is named twice", one.name);
                found.push(
                    Diagnostic::error(RULE.code, span, message)
                        .label("named before")
                        .help(
                            "name it once; for a request that counts for several write its `cost`",
                        ),
                );
            }
        }
    }
}
