//! On loopback, only programs of this machine are meant; but a browser on it can be made to ask for
//! any page (DNS rebinding). Such a request names a foreign host, and is refused by that.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Management;

/// Lets a request through whose `Host` fits the address.
pub(super) async fn check(
    State(management): State<Arc<Management>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if is_fit(management.address, host) {
        return next.run(request).await;
    }
    let error = "this address answers only to a loopback host such as `localhost` or `127.0.0.1`";
    (
        StatusCode::MISDIRECTED_REQUEST,
        Json(json!({ "error": error })),
    )
        .into_response()
}

fn is_fit(address: SocketAddr, host: Option<&str>) -> bool {
    if !address.ip().is_loopback() {
        return true;
    }
    let Some(host) = host else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_fit;

    #[test]
    fn loopback_answers_to_loopback_names_only() {
        let loopback = "127.0.0.1:9901".parse().unwrap();
        for host in [
            "localhost",
            "LOCALHOST:9901",
            "127.0.0.1:1",
            "[::1]:9901",
            "127.9.9.9",
        ] {
            assert!(is_fit(loopback, Some(host)), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:9901",
            "",
            "[::2]",
        ] {
            assert!(!is_fit(loopback, Some(host)), "{host}");
        }
        assert!(!is_fit(loopback, None));
        assert!(is_fit(
            "0.0.0.0:9901".parse().unwrap(),
            Some("replica-7.internal")
        ));
    }
}
