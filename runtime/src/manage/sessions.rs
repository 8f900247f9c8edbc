//! Sessions for whoever runs the replica: how many there are, and ending one, or all of a user's. Nothing here
//! tells what a session holds, nor an id that anybody could come with.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use gated_store::{Cursor, Lost};
use serde::Deserialize;
use serde_json::json;

use super::Management;
use crate::session::SessionSettings;
use crate::snapshot::Snapshot;

/// Sessions told of in one answer.
const PAGE: usize = 1000;

/// Which page.
#[derive(Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

/// Whose sessions.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    subject: String,
}

/// `GET /sessions`: the names of all, and what happened to them on this replica.
pub(super) async fn names(State(management): State<Arc<Management>>) -> Response {
    let snapshot = management.shared.snapshot.load_full();
    let sessions = snapshot.iter().flat_map(|snapshot| &snapshot.sessions);
    let sessions: serde_json::Map<_, _> = sessions
        .map(|session| {
            let events: serde_json::Map<_, _> = session
                .counters
                .events()
                .into_iter()
                .map(|(event, count)| (event.to_owned(), json!(count)))
                .collect();
            (session.name.clone(), json!({ "events": events }))
        })
        .collect();
    Json(json!({ "sessions": sessions })).into_response()
}

/// `GET /sessions/NAME`: the digests of their ids, in pages.
pub(super) async fn list(
    State(management): State<Arc<Management>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let snapshot = management.shared.snapshot.load_full();
    let Some((snapshot, session)) = known(snapshot.as_deref(), &name) else {
        return unknown(&name);
    };
    let after = asked.after.map(Cursor::new);
    match session.list(&snapshot.store, after.as_ref(), PAGE).await {
        Ok((digests, next)) => Json(json!({
            "count": digests.len(),
            "sessions": digests,
            "next": next.as_ref().map(Cursor::as_str),
        }))
        .into_response(),
        Err(lost) => away(&lost),
    }
}

/// `DELETE /sessions/NAME/DIGEST`: ends one.
pub(super) async fn revoke(
    State(management): State<Arc<Management>>,
    Path((name, digest)): Path<(String, String)>,
) -> Response {
    let snapshot = management.shared.snapshot.load_full();
    let Some((snapshot, session)) = known(snapshot.as_deref(), &name) else {
        return unknown(&name);
    };
    match session.revoke(&snapshot.store, &digest).await {
        Ok(true) => Json(json!({ "revoked": 1 })).into_response(),
        Ok(false) => wrong(StatusCode::NOT_FOUND, "there is no such session"),
        Err(lost) => away(&lost),
    }
}

/// `POST /sessions/NAME/revoke` with `{"subject": "ann"}`: ends all of a user's.
pub(super) async fn revoke_all(
    State(management): State<Arc<Management>>,
    Path(name): Path<String>,
    body: String,
) -> Response {
    let snapshot = management.shared.snapshot.load_full();
    let Some((snapshot, session)) = known(snapshot.as_deref(), &name) else {
        return unknown(&name);
    };
    let Ok(whose) = serde_json::from_str::<Whose>(&body) else {
        let expected = "expected whose sessions are to end, as `{\"subject\": \"ann\"}`";
        return wrong(StatusCode::BAD_REQUEST, expected);
    };
    if session.subject().is_none() {
        let message =
            format!("the session `{name}` does not say whose it is: it declares no `subject`");
        return wrong(StatusCode::CONFLICT, &message);
    }
    match session.revoke_all(&snapshot.store, &whose.subject).await {
        Ok(revoked) => Json(json!({ "revoked": revoked })).into_response(),
        Err(lost) => away(&lost),
    }
}

fn known<'s>(
    snapshot: Option<&'s Snapshot>,
    name: &str,
) -> Option<(&'s Snapshot, &'s SessionSettings)> {
    let snapshot = snapshot?;
    let mut sessions = snapshot.sessions.iter();
    Some((snapshot, sessions.find(|session| session.name == name)?))
}

fn unknown(name: &str) -> Response {
    let message = format!("there is no session `{name}`");
    wrong(StatusCode::NOT_FOUND, &message)
}

fn away(lost: &Lost) -> Response {
    wrong(StatusCode::SERVICE_UNAVAILABLE, &lost.to_string())
}

fn wrong(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}
