//! M102: a limit holds nowhere.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashSet;

/// The rule of M102.
pub(crate) const RULE: Rule = Rule {
    code: "M102",
    name: "unused-limit",
    severity: Severity::Warning,
    summary: "a limit holds nowhere",
    explanation: r##"No route names this limit, and it is not `everywhere`: it limits nobody."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

limit "logins" rate="5/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

limit "per-client" rate="100/min" by="address"

limit "all" rate="5000/s" by="everybody" everywhere=#true

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    // A route of wrong shape may have been meant to name it.
    let broken = |name: &String| context.is_broken(name);
    if context.lost_text() || spec.routes.keys().any(broken) {
        return;
    }
    let named = spec.routes.values().flat_map(|route| &route.limits);
    let used: HashSet<&str> = named
        .map(|one| one.name.as_str())
        // Where M101 asks whether this one was meant, one finding is enough.
        .chain(super::unknown_limit::offered(context))
        .collect();
    for (name, limit) in &spec.limits {
        if !limit.everywhere && !used.contains(name.as_str()) {
            let span = context.key(&["limits", name]);
            let message = format!("the limit `{name}` holds on no route");
            found.push(
                Diagnostic::warning(RULE.code, span, message)
                    .label("not used")
                    .help(format!(
                        "write `limit \"{name}\"` in the routes that it is for, or `everywhere=#true` for all"
                    )),
            );
        }
    }
}
