//! M104: a limit is shared out among replicas, and it is not said how many there are.

use crate::check::Context;
use gatec_schema::{LimitLoss, StoreKind};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M104.
pub(crate) const RULE: Rule = Rule {
    code: "M104",
    name: "no-replicas",
    severity: Severity::Error,
    summary: "a limit is shared out among replicas, and it is not said how many there are",
    explanation: r##"With `on-loss="local"` each replica lets in its share while Redis is away: the limit divided by the number of replicas. Say in the store how many run at once at most: `replicas=4`. With fewer running, less is let in; with more, more."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

store "redis" url="redis://127.0.0.1:6379"

limit "per-client" rate="100/min" by="address" on-loss="local"

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
    if spec.store.kind != StoreKind::Redis || spec.store.replicas.is_some() {
        return;
    }
    let local = |limit: &gatec_schema::Limit| limit.on_loss == Some(LimitLoss::Local);
    if let Some((name, _)) = spec.limits.iter().find(|(_, limit)| local(limit)) {
        let span = context.value(&["limits", name, "on-loss"]);
        let message = format!("the share of a replica in the limit `{name}` is not known");
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("one part in how many?")
                .help("say in the store how many replicas run at once at most: `replicas=2`"),
        );
    }
}
