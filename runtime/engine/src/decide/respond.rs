//! Answers from the bundle: mocks, redirects, and the bodies of error pages.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use crate::bundle::Bundle;
use crate::files::negotiate::Encoding;
use crate::program::{ArchivedBody, ArchivedRedirect, ArchivedRespond};
use crate::template::{self, Context};

use super::{Forms, Response, headers};

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
        forms: forms(bundle, respond),
    }
}

/// A body that is made anew each time was not encoded with the bundle.
fn forms(bundle: &Bundle, respond: &ArchivedRespond) -> Forms {
    match respond.encoded.as_ref() {
        None => Forms::Open,
        Some(encoded) => Forms::Made(
            encoded
                .iter()
                .map(|form| (Encoding::from(&form.encoding), bundle.blob(&form.body)))
                .collect(),
        ),
    }
}

fn body(bundle: &Bundle, body: &ArchivedBody, context: &Context<'_>) -> Bytes {
    match body {
        ArchivedBody::Empty => Bytes::new(),
        ArchivedBody::Bytes(blob) => bundle.blob(blob),
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
        forms: Forms::Settled,
    }
}
