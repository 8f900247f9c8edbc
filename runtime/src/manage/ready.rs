//! Whether a replica serves, what it depends on, and what it does without.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gated_engine::program::LimitLoss;
use gated_store::Health;
use gated_store::health::{Breaker, State};
use serde_json::{Value, json};

use crate::shared::Shared;
use crate::snapshot::Snapshot;

/// 200 if requests are served, 503 if not. A replica whose store is away serves on, and says how.
pub(super) fn answer(shared: &Shared) -> Response {
    let snapshot = shared.snapshot.load_full();
    let store = snapshot.as_deref().map(|snapshot| snapshot.store.health());
    let waits = match (&snapshot, &store) {
        (Some(snapshot), Some(health)) => waits_for_store(snapshot, health),
        _ => false,
    };
    let ready = shared.is_ready() && !waits;
    let (code, word) = match ready {
        true => (StatusCode::OK, "ready"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let mut report = json!({ "status": word });
    if let (Some(snapshot), Some(health)) = (&snapshot, &store) {
        set(&mut report, "store", told(health));
        let without = without(snapshot, health);
        if !without.is_empty() {
            set(&mut report, "without_store", json!(without));
        }
    }
    (code, Json(report)).into_response()
}

/// How a store is, for people and machines.
pub(super) fn told(health: &Health) -> Value {
    let mut told = json!({ "kind": health.kind.name(), "state": "up" });
    if let State::Away { since, why } = &health.state {
        set(&mut told, "state", json!("away"));
        set(&mut told, "since", json!(super::status::time(*since)));
        set(&mut told, "why", json!(why));
    } else if health.breaker == Breaker::Open {
        set(&mut told, "state", json!("failing"));
    }
    if health.losses > 0 {
        set(&mut told, "losses", json!(health.losses));
    }
    told
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn is_up(health: &Health) -> bool {
    matches!(health.state, State::Up) && health.breaker == Breaker::Closed
}

/// Whether a replica that has just begun would turn requests away because it has never reached its store.
/// One that has reached it before goes on: taking every replica out at once helps nobody.
fn waits_for_store(snapshot: &Snapshot, health: &Health) -> bool {
    let closed = |limit: &crate::state::LimitSettings| limit.on_loss == LimitLoss::Closed;
    !is_up(health) && health.answered.is_none() && snapshot.limits.iter().any(closed)
}

/// What is done without the store while it is away.
fn without(snapshot: &Snapshot, health: &Health) -> Vec<String> {
    if is_up(health) {
        return Vec::new();
    }
    let limits = snapshot.limits.iter().map(|limit| {
        let does = match limit.on_loss {
            LimitLoss::Local(1) => "counts on this replica alone".to_owned(),
            LimitLoss::Local(replicas) => {
                format!("counts on this replica alone, one part in {replicas}")
            }
            LimitLoss::Open => "lets everybody in".to_owned(),
            LimitLoss::Closed => "lets nobody in (503)".to_owned(),
        };
        format!("limit `{}`: {does}", limit.name)
    });
    limits.collect()
}
