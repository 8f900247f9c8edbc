//! Answers to errors.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::program::ArchivedErrorPage;
use crate::request::Request;
use crate::template::Context;

use super::{Forms, Response, respond};

/// The answer to an error: the error page for that status, or its reason phrase as plain text.
///
/// This is for errors that gated itself finds: no route, no file, an upstream that does not answer. A
/// status that a mock or an upstream sent on purpose is never replaced.
pub fn error_response(
    bundle: &Bundle,
    status: StatusCode,
    request: Option<&Request<'_>>,
    environment: &dyn Environment,
) -> Response {
    let Some(page) = page(bundle, status) else {
        return plain(status);
    };
    let sent = match page.respond.status.to_native() {
        0 => status,
        other => StatusCode::from_u16(other).unwrap_or(status),
    };
    let context = Context::of_error(bundle, status, request, environment);
    respond::respond(bundle, &page.respond, sent, &context)
}

/// Whether the spec has a page of its own for a status.
pub fn has_error_page(bundle: &Bundle, status: StatusCode) -> bool {
    page(bundle, status).is_some()
}

/// Narrower ranges stand first, so the first that fits is the closest.
fn page(bundle: &Bundle, status: StatusCode) -> Option<&ArchivedErrorPage> {
    let status = status.as_u16();
    let pages = &bundle.program().error_pages;
    pages
        .iter()
        .find(|page| (page.from.to_native()..=page.to.to_native()).contains(&status))
}

/// `404 not found`, as text.
fn plain(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("error");
    let text = format!("{} {}\n", status.as_u16(), reason.to_lowercase());
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    Response {
        status,
        headers: HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]),
        body: Bytes::from(text),
        forms: Forms::Open,
    }
}
