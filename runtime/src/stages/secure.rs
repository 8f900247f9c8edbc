//! What TLS changes for a request: it may have come on a connection that is for another host, or plain
//! where it should not; and answers may tell browsers to use `https` alone.

use gated_engine::request::Request;
use http::header::{LOCATION, STRICT_TRANSPORT_SECURITY};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri};

use super::{Download, Exchange, Refusal};
use crate::server::Connection;
use crate::snapshot::View;

/// Below this, certificates are asked for without `https` (RFC 8555, section 8.3).
const CHALLENGES: &str = "/.well-known/acme-challenge/";

impl Exchange<'_> {
    /// The answer to a request that no route gets to see.
    pub(super) fn before_routes(
        &self,
        request: &Request<'_>,
        target: &Uri,
    ) -> Option<Response<Download>> {
        if self.connection.is_misdirected(&request.host) {
            let refusal = Refusal::plain(StatusCode::MISDIRECTED_REQUEST);
            return Some(self.refuse(&refusal, Some(request)));
        }
        let port = self.limits.redirect_to_https?;
        if self.connection.is_secure() || request.path.starts_with(CHALLENGES) {
            return None;
        }
        let response = match address(&request.host, port, target) {
            Some(address) => redirect(address),
            // HTTP/1.0 names no host, so there is nowhere to send it.
            None => self.refuse(&Refusal::plain(StatusCode::BAD_REQUEST), Some(request)),
        };
        Some(response)
    }
}

/// The same address under `https`.
fn address(host: &str, port: u16, target: &Uri) -> Option<HeaderValue> {
    if host.is_empty() {
        return None;
    }
    let target = target
        .path_and_query()
        .map_or("/", |target| target.as_str());
    // `OPTIONS *` asks about the whole server.
    let target = if target.starts_with('/') { target } else { "/" };
    let address = match port {
        443 => format!("https://{host}{target}"),
        port => format!("https://{host}:{port}{target}"),
    };
    HeaderValue::try_from(address).ok()
}

fn redirect(address: HeaderValue) -> Response<Download> {
    let mut response = Response::new(Download::Empty);
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, address);
    response
}

/// Tells browsers to use `https` alone, unless the answer says something about it itself.
pub(super) fn promise(
    connection: &Connection,
    view: &View,
    body: &Download,
    headers: &mut HeaderMap,
) {
    if !connection.is_secure() {
        return;
    }
    let settings = view.listener(connection.slot);
    let hsts = settings.and_then(|settings| settings.tls.as_ref()?.hsts.as_ref());
    if let Some(hsts) = hsts
        && !headers.contains_key(STRICT_TRANSPORT_SECURITY)
        && !body.has_line(&STRICT_TRANSPORT_SECURITY)
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
}
