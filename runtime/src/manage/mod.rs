//! The management listener: health, status, metrics, and the few things that can be done to a replica
//! while it runs. It has an address, a thread and an event loop of its own, so that it answers also
//! while every worker is busy.

mod host;
mod level;
mod ready;
mod sessions;
mod status;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{delete, get, post};
use axum::{Router, middleware};
use serde_json::json;
use tokio::sync::{Mutex, Notify, oneshot};

use crate::metrics::Exposition;
use crate::reload::{Outcome, Trigger};
use crate::shared::Shared;
use crate::tls::Shown;

/// How long what is being answered may take once the listener is to end.
const LAST_CALL: Duration = Duration::from_secs(10);

/// Longest body taken here, in bytes.
const LONGEST_BODY: usize = 4096;

/// What the handlers work on.
pub(crate) struct Management {
    pub(crate) shared: Arc<Shared>,
    pub(crate) triggers: Mutex<Sender<Trigger>>,
    /// Where this listener is.
    pub(crate) address: SocketAddr,
}

/// Ends the listener when dropped: it accepts no more, and what is being answered may finish.
pub(crate) struct Stop {
    _told: oneshot::Sender<()>,
}

/// Serves on a socket, on a thread of its own.
///
/// # Errors
/// The system gives no thread.
pub(crate) fn start(management: Management, socket: TcpListener) -> io::Result<Stop> {
    let (told, stop) = oneshot::channel();
    std::thread::Builder::new()
        .name("management".to_owned())
        .spawn(move || {
            if let Err(error) = run(management, socket, stop) {
                tracing::error!(%error, "the management listener ended");
            }
        })?;
    Ok(Stop { _told: told })
}

fn run(management: Management, socket: TcpListener, stop: oneshot::Receiver<()>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let socket = tokio::net::TcpListener::from_std(socket)?;
        let closing = Arc::new(Notify::new());
        let told = Arc::clone(&closing);
        let serving = axum::serve(socket, router(Arc::new(management)))
            .with_graceful_shutdown(async move { told.notified().await });
        let late = async {
            // Told or dropped: either way it ends.
            let _ = stop.await;
            closing.notify_one();
            tokio::time::sleep(LAST_CALL).await;
        };
        tokio::select! {
            served = serving.into_future() => served,
            () = late => Ok(()),
        }
    })
}

fn router(management: Arc<Management>) -> Router {
    let pages = Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/status", get(status))
        .route("/metrics", get(metrics))
        .route("/log-level", get(log_level).put(set_log_level))
        .route("/reload", post(reload))
        .route("/sessions", get(sessions::names))
        .route("/sessions/{session}", get(sessions::list))
        .route("/sessions/{session}/revoke", post(sessions::revoke_all))
        .route("/sessions/{session}/{digest}", delete(sessions::revoke));
    Router::new()
        .nest("/api", pages.clone())
        .merge(pages)
        .layer(axum::extract::DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&management),
            host::check,
        ))
        .with_state(management)
}

async fn health() -> Json<serde_json::Value> {
    Json(json!({ "status": "healthy" }))
}

async fn ready(State(management): State<Arc<Management>>) -> Response {
    ready::answer(&management.shared)
}

async fn status(State(management): State<Arc<Management>>) -> Json<serde_json::Value> {
    Json(status::of(&management.shared, management.address))
}

async fn metrics(State(management): State<Arc<Management>>) -> Response {
    let shared = &management.shared;
    let snapshot = shared.snapshot.load_full();
    let certificates: Vec<_> = snapshot
        .iter()
        .flat_map(|snapshot| Shown::all(snapshot))
        .map(|shown| (shown.listener.to_owned(), shown.title(), shown.not_after()))
        .collect();
    let keys: Vec<_> = snapshot
        .iter()
        .flat_map(|snapshot| snapshot.identities.sources())
        .map(crate::identify::Source::facts)
        .collect();
    let page = shared.metrics.expose(&Exposition {
        version: crate::VERSION,
        gateway: snapshot
            .as_ref()
            .map_or("", |snapshot| &snapshot.settings.name),
        digest: snapshot.as_ref().map_or("", |snapshot| &snapshot.digest),
        since: snapshot.as_ref().map(|snapshot| snapshot.since),
        uptime: shared.started.elapsed(),
        certificates: &certificates,
        keys: &keys,
        state: snapshot.as_ref().map(|snapshot| {
            let (limits, sessions) = (snapshot.limits.as_slice(), snapshot.sessions.as_slice());
            (snapshot.store.health(), limits, sessions)
        }),
    });
    let form = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, form)], page).into_response()
}

async fn log_level(State(management): State<Arc<Management>>) -> Json<serde_json::Value> {
    Json(json!({ "level": management.shared.level.name() }))
}

async fn set_log_level(State(management): State<Arc<Management>>, body: String) -> Response {
    let level = match level::read(&body) {
        Ok(level) => level,
        Err(error) => {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
        }
    };
    management.shared.level.pin(level);
    management
        .shared
        .events
        .announce("log-level.changed", json!({ "level": level }));
    Json(json!({ "level": level })).into_response()
}

async fn reload(State(management): State<Arc<Management>>) -> Response {
    let (answer, outcome) = oneshot::channel();
    let asked = management
        .triggers
        .lock()
        .await
        .send(Trigger::Asked(Some(answer)));
    let outcome = match asked {
        Ok(()) => outcome.await.ok(),
        Err(_) => None,
    };
    match outcome {
        Some(Outcome::Swapped(digest)) => {
            Json(json!({ "outcome": "swapped", "digest": digest })).into_response()
        }
        Some(Outcome::Unchanged(digest)) => {
            Json(json!({ "outcome": "unchanged", "digest": digest })).into_response()
        }
        Some(Outcome::Refused(refused)) => {
            let answer = Json(json!({ "outcome": "refused", "refused": refused }));
            (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
        }
        Some(Outcome::Empty(reason)) => {
            let answer = Json(json!({ "outcome": "empty", "reason": reason }));
            (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response()
        }
        None => {
            let answer = Json(json!({ "error": "the replica is stopping" }));
            (StatusCode::SERVICE_UNAVAILABLE, answer).into_response()
        }
    }
}
