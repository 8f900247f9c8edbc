//! M109: a setting of the store does not fit its kind.

use crate::check::{Context, listed};
use gatec_schema::{Store, StoreKind};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of M109.
pub(crate) const RULE: Rule = Rule {
    code: "M109",
    name: "store-settings",
    severity: Severity::Error,
    summary: "a setting of the store does not fit its kind",
    explanation: r##"A `file` or `sqlite` store lies at a `path`; a `redis` store is at a `url`, with its user, password, deadline and the number of `replicas`. A setting of another kind would have no effect."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

store "sqlite" url="redis://127.0.0.1:6379"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

store "sqlite" path="state.db"

limit "per-client" rate="100/min" by="address"

route "orders" public=#true {
    match "GET" "/orders"
    limit "per-client"
    respond 200
}
"####,
};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let store = &context.spec.store;
    let on_disk = matches!(store.kind, StoreKind::File | StoreKind::Sqlite);
    if on_disk && store.path.is_none() {
        let span = context.value(&["store", "kind"]);
        found.push(
            Diagnostic::error(RULE.code, span, "it is not said where the store lies")
                .label("`path` is missing")
                .help("write the file: `path=\"state.db\"`"),
        );
    }
    for (key, kind) in FITS {
        let written = context.places.written(&["store", key]) && !is_default(store, key);
        if written && !kind.contains(&store.kind) {
            let span = context.value(&["store", key]);
            let message = format!(
                "`{key}` is nothing to a store of the kind `{}`",
                word(store.kind)
            );
            let kinds = kind.iter().map(|kind| word(*kind));
            found.push(
                Diagnostic::error(RULE.code, span, message)
                    .label("has no effect")
                    .help(format!("it is for {}", listed(kinds))),
            );
        }
    }
}

/// Whether a key has the value that it has when it is left out, as in a spec with every value written out.
fn is_default(store: &Store, key: &str) -> bool {
    let default = Store::default();
    match key {
        "deadline" => store.deadline == default.deadline,
        "connect-timeout" => store.connect_timeout == default.connect_timeout,
        _ => false,
    }
}

/// Which keys are for which kinds.
const FITS: &[(&str, &[StoreKind])] = &[
    ("path", &[StoreKind::File, StoreKind::Sqlite]),
    ("url", &[StoreKind::Redis]),
    ("user", &[StoreKind::Redis]),
    ("password", &[StoreKind::Redis]),
    ("authorities", &[StoreKind::Redis]),
    ("tenant", &[StoreKind::Redis]),
    ("deadline", &[StoreKind::Redis]),
    ("connect-timeout", &[StoreKind::Redis]),
    ("replicas", &[StoreKind::Redis]),
];

fn word(kind: StoreKind) -> &'static str {
    match kind {
        StoreKind::Memory => "memory",
        StoreKind::File => "file",
        StoreKind::Sqlite => "sqlite",
        StoreKind::Redis => "redis",
    }
}
