//! M303: it is not said what a session does while Redis is away.

use crate::check::Context;
use gatec_schema::StoreKind;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M303.
pub(crate) const RULE: Rule = Rule {
    code: "M303",
    name: "session-on-loss",
    severity: Severity::Error,
    summary: "it is not said what a session does while Redis is away",
    explanation: r##"Redis can be away: it is restarted, fails over, or the network is cut. What requests with a session do then is a choice that nobody can make for you. `on-loss="closed"`: they are answered 503. `on-loss="anonymous"`: they go on as if they had no session; those that need one (`required`) or would change one are answered 503."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

store "redis" url="redis://127.0.0.1:6379" replicas=2

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

store "redis" url="redis://127.0.0.1:6379" replicas=2

session "web" on-loss="closed" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "POST" "/cart"
    session "web" {
        add "cart" 1
    }
    respond 204
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    if spec.store.kind != StoreKind::Redis {
        return;
    }
    for (name, session) in &spec.sessions {
        if session.on_loss.is_none() && !context.has_error_in(context.value(&["sessions", name])) {
            let message =
                format!("it is not said what the session `{name}` does while Redis is away");
            found.push(
                Diagnostic::error(RULE.code, context.key(&["sessions", name]), message)
                    .label("`on-loss` is missing")
                    .help("write `on-loss=\"closed\"` (503) or `\"anonymous\"` (go on without a session; changes are answered 503)"),
            );
        }
    }
}
