//! Answers from the bundle: mocks, redirects, and the bodies of error pages.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use crate::bundle::Bundle;
use crate::program::{ArchivedBody, ArchivedRedirect, ArchivedRespond, Blob};
use crate::template::{self, Context};

use super::{Response, headers};

/// The answer with this status. No header is there that the spec does not name: the compiler has put
/// in the `Content-Type` where it follows from the body.
pub(super) fn respond(
    bundle: &Bundle,
    respond: &ArchivedRespond,
    status: StatusCode,
    context: &Context<'_>,
) -> Response {
    let mut headers = HeaderMap::new();
    headers::add(bundle, &respond.headers, context, &mut headers);
    Response {
        status,
        headers,
        body: body(bundle, &respond.body, context),
    }
}

fn body(bundle: &Bundle, body: &ArchivedBody, context: &Context<'_>) -> Bytes {
    match body {
        ArchivedBody::Empty => Bytes::new(),
        ArchivedBody::Bytes(blob) => bundle.body(Blob {
            offset: blob.offset.to_native(),
            length: blob.length.to_native(),
        }),
        ArchivedBody::Template(template) => match template::constant(template) {
            Some(text) => bundle.share(text),
            None => {
                let mut text = String::new();
                template::render(template, context, &mut text);
                Bytes::from(text)
            }
        },
    }
}

pub(super) fn redirect(
    bundle: &Bundle,
    redirect: &ArchivedRedirect,
    context: &Context<'_>,
) -> Response {
    let location = headers::value(bundle, &redirect.to, context);
    let status = StatusCode::from_u16(redirect.status.to_native());
    Response {
        status: status.unwrap_or(StatusCode::TEMPORARY_REDIRECT),
        headers: HeaderMap::from_iter([(header::LOCATION, location)]),
        body: Bytes::new(),
    }
}
