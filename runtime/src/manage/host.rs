//! On loopback, only programs of this machine are meant; but a browser on it can be made to ask for
//! any page (DNS rebinding). Such a request names a foreign host, and is refused by that. Any page can
//! also have a browser send requests that change something; browsers say so, and are refused by that.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
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
    if changes_something(request.method()) && is_foreign(request.headers()) {
        let error = "pages of other sites may change nothing here";
        return (StatusCode::FORBIDDEN, Json(json!({ "error": error }))).into_response();
    }
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
    is_loopback(host)
}

/// Whether a host, with or without a port, is this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD)
}

/// Whether a browser says that a page of another site sent this. Programs other than browsers send
/// neither header.
fn is_foreign(headers: &HeaderMap) -> bool {
    let site_differs = headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| site != "same-origin" && site != "none");
    let origin_differs = headers.get_all(header::ORIGIN).iter().any(|origin| {
        let origin = origin
            .to_str()
            .ok()
            .and_then(|text| text.parse::<Uri>().ok());
        let host = origin.as_ref().and_then(Uri::host);
        !host.is_some_and(is_loopback)
    });
    site_differs || origin_differs
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{is_fit, is_foreign};

    #[test]
    fn a_browser_says_which_page_asks() {
        let foreign = |name: &'static str, value: &'static str| {
            let line = (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
            is_foreign(&HeaderMap::from_iter([line]))
        };
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1.evil.example"),
            ("origin", ""),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(foreign(name, value), "{name}: {value}");
        }
        for (name, value) in [
            ("origin", "http://localhost:9901"),
            ("origin", "http://[::1]:9901"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "none"),
            ("accept", "*/*"),
        ] {
            assert!(!foreign(name, value), "{name}: {value}");
        }
    }

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
