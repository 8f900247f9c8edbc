//! M103: it is not said what a limit does while Redis is away.

use crate::check::Context;
use gatec_schema::StoreKind;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M103.
pub(crate) const RULE: Rule = Rule {
    code: "M103",
    name: "no-on-loss",
    severity: Severity::Error,
    summary: "it is not said what a limit does while Redis is away",
    explanation: r##"Redis can be away: it is restarted, fails over, or the network is cut. What a limit does then is a choice between letting too many in and turning everybody away, and nobody can make it for you. `on-loss="local"`: each replica counts by itself and lets in its share (the limit divided by the `replicas` of the store). `on-loss="open"`: everybody is let in. `on-loss="closed"`: nobody is, and the answer is 503 (not 429: it is not the client's fault)."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

store "redis" url="redis://127.0.0.1:6379" replicas=2

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

store "redis" url="redis://127.0.0.1:6379" replicas=2

limit "per-client" rate="100/min" by="address" on-loss="local"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    if spec.store.kind != StoreKind::Redis {
        return;
    }
    for (name, limit) in &spec.limits {
        if limit.on_loss.is_none() && !context.has_error_in(context.value(&["limits", name])) {
            let message =
                format!("it is not said what the limit `{name}` does while Redis is away");
            let span = context.key(&["limits", name]);
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("`on-loss` is missing")
                    .help("write `on-loss=\"local\"` (each replica lets in its share), `\"open\"` (everybody is let in) or `\"closed\"` (503)"),
            );
        }
    }
}
