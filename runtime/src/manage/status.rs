//! What a replica says about itself: what it *runs*, never what it was told to run.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::shared::{Shared, lock};
use crate::snapshot::Snapshot;
use crate::tls::Shown;

/// The whole status.
pub(super) fn of(shared: &Shared, management: SocketAddr) -> Value {
    let reloads = &shared.metrics.reloads;
    let snapshot = shared.snapshot.load_full();
    json!({
        "version": crate::VERSION,
        "commit": crate::COMMIT,
        "started": time(shared.started_at),
        "uptime_seconds": shared.started.elapsed().as_secs(),
        "ready": shared.is_ready(),
        "draining": shared.draining.load(Ordering::Relaxed),
        "workers": shared.workers.load(Ordering::Relaxed),
        "management": management.to_string(),
        "log_level": shared.level.name(),
        "digest": snapshot.as_deref().map(|snapshot| &snapshot.digest),
        "bundle": snapshot.as_deref().map(bundle),
        "store": snapshot.as_deref().map(|snapshot| super::ready::told(&snapshot.store.health())),
        "restart_needed": *lock(&shared.restart_needed),
        "listeners": listeners(shared),
        "certificates": snapshot.as_deref().map(certificates).unwrap_or_default(),
        "connections": {
            "open": shared.metrics.open_connections(),
            "accepted": shared.metrics.sum(|worker| worker.connections_opened.get()),
        },
        "requests": {
            "in_flight": shared.metrics.in_flight(),
            "total": shared.metrics.sum(|worker| worker.requests_begun.get()),
        },
        "reloads": {
            "swapped": reloads.swapped.get(),
            "unchanged": reloads.unchanged.get(),
            "refused": reloads.refused.get(),
            "empty": reloads.empty.get(),
        },
        "refused": shared.refused(),
    })
}

fn bundle(snapshot: &Snapshot) -> Value {
    let manifest = snapshot.bundle.manifest();
    json!({
        "gateway": snapshot.settings.name,
        "digest": snapshot.digest,
        "since": time(snapshot.since),
        "profile": manifest.profile,
        "compiler": manifest.compiler,
        "mode": if snapshot.settings.development { "development" } else { "production" },
        "routes": snapshot.routes,
    })
}

fn certificates(snapshot: &Snapshot) -> Vec<Value> {
    Shown::all(snapshot).map(|shown| shown.told()).collect()
}

fn listeners(shared: &Shared) -> Vec<Value> {
    lock(&shared.listeners)
        .iter()
        .map(|open| {
            let settings = open.settings.load();
            json!({
                "name": settings.name,
                "bind": settings.bind,
                "address": open.address.to_string(),
                "tls": settings.tls.is_some(),
                "connections": open.connections(),
            })
        })
        .collect()
}

pub(super) fn time(time: SystemTime) -> Option<String> {
    jiff::Timestamp::try_from(time)
        .ok()
        .map(|time| format!("{time:.3}"))
}
