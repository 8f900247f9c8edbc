//! M106: a request costs more than a bucket ever holds.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M106.
pub(crate) const RULE: Rule = Rule {
    code: "M106",
    name: "cost-above-burst",
    severity: Severity::Error,
    summary: "a request costs more than a bucket ever holds",
    explanation: r##"A bucket holds `burst` tokens (as many as `rate` says if it is left out). A request that costs more than that is refused for ever."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" burst=5 by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client" cost=10
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" burst=20 by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client" cost=10
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    for (route_name, route) in &spec.routes {
        for (index, one) in route.limits.iter().enumerate() {
            let Some(limit) = spec.limits.get(&one.name) else {
                continue;
            };
            let burst = limit.burst.unwrap_or(limit.rate.count());
            if one.cost > burst {
                let index = index.to_string();
                let span = context.value(&["routes", route_name, "limits", &index, "cost"]);
                let message = format!(
                    "a request costs {}, and the limit `{}` never holds more than {burst}: every request is refused",
                    one.cost, one.name
                );
                found.push(
                    Diagnostic::error(RULE.code, span, message)
                        .label("more than a full bucket")
                        .help(format!("give the limit `burst={}` or more", one.cost)),
                );
            }
        }
    }
}
