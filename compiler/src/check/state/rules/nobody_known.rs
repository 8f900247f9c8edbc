//! M105: a limit counts by who asks on a route where that is not known.

use crate::check::Context;
use crate::lower::limits::uses;
use gatec_schema::value::Template;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M105.
pub(crate) const RULE: Rule = Rule {
    code: "M105",
    name: "nobody-known",
    severity: Severity::Error,
    summary: "a limit counts by who asks on a route where that is not known",
    explanation: r##"`by="principal"` counts the requests of each principal. A public route asks nobody who they are: all its clients would be one, and could use up each other's share. Count by `address`, or give the route an identity."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="principal"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    for (route_name, route) in &spec.routes {
        if !route.public || !route.identity.is_empty() {
            continue;
        }
        for (name, _) in uses(spec, route) {
            let by = spec.limits.get(name).map(|limit| limit.by.as_slice());
            let asks = |part: &Template| part.as_str() == "principal";
            let Some(at) = by.and_then(|by| by.iter().position(asks)) else {
                continue;
            };
            let span = match route.limits.iter().position(|one| one.name == name) {
                Some(index) => {
                    let index = index.to_string();
                    context.value(&["routes", route_name, "limits", &index, "name"])
                }
                None => context.value(&["limits", name, "by", &at.to_string()]),
            };
            let message = format!(
                "the limit `{name}` counts by who asks, and nobody is asked on the public route `{route_name}`"
            );
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("nobody is known here")
                    .help("count by `address` here, or give the route an identity"),
            );
        }
    }
}
