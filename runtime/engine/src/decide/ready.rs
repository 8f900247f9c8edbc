//! Answers that are the same for every request: made once, and then only copied out.

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::bundle::Bundle;
use crate::program::{
    ArchivedAction, ArchivedBody, ArchivedHeaderTemplate, ArchivedRespond, ArchivedRoute,
    ArchivedTransform, Blob,
};
use crate::template;

/// An answer in which nothing comes from the request, and nothing from the moment.
#[derive(Debug)]
pub struct Ready {
    /// The status.
    pub status: StatusCode,
    /// The headers, but those that frame the message, `Date` and the request id.
    pub headers: HeaderMap,
    /// The same as HTTP/1.1 writes them: `name: value` CR LF each (RFC 9112, section 5).
    pub lines: Bytes,
    /// The body.
    pub body: Bytes,
}

impl Ready {
    /// The answer of a route; `None`: it depends on the request, or has headers that do.
    pub(crate) fn of(bundle: &Bundle, route: &ArchivedRoute) -> Option<Box<Self>> {
        let ArchivedAction::Respond(respond) = &route.action else {
            return None;
        };
        let mut headers = HeaderMap::new();
        for (name, value) in constants(bundle, &respond.headers) {
            headers.try_append(name?, value?).ok()?;
        }
        if let Some(transform) = route.response.as_ref() {
            change(bundle, transform, &mut headers)?;
        }
        let framed = [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];
        if framed.iter().any(|name| headers.contains_key(name)) {
            return None;
        }
        Some(Box::new(Self {
            status: StatusCode::from_u16(respond.status.to_native()).unwrap_or_default(),
            lines: lines(&headers),
            headers,
            body: body(bundle, respond)?,
        }))
    }
}

fn body(bundle: &Bundle, respond: &ArchivedRespond) -> Option<Bytes> {
    Some(match &respond.body {
        ArchivedBody::Empty => Bytes::new(),
        ArchivedBody::Bytes(blob) => bundle.body(Blob {
            offset: blob.offset.to_native(),
            length: blob.length.to_native(),
        }),
        ArchivedBody::Template(template) => bundle.share(template::constant(template)?),
    })
}

/// As [`super::headers::transform`] does it.
fn change(bundle: &Bundle, transform: &ArchivedTransform, headers: &mut HeaderMap) -> Option<()> {
    for name in transform.remove.iter() {
        headers.remove(name.as_str());
    }
    for (name, value) in constants(bundle, &transform.set) {
        headers.try_insert(name?, value?).ok()?;
    }
    for (name, value) in constants(bundle, &transform.add) {
        headers.try_append(name?, value?).ok()?;
    }
    Some(())
}

fn constants(
    bundle: &Bundle,
    templates: &[ArchivedHeaderTemplate],
) -> impl Iterator<Item = (Option<HeaderName>, Option<HeaderValue>)> {
    templates.iter().map(|header| {
        let name = HeaderName::from_lowercase(header.name.as_bytes()).ok();
        let value = template::constant(&header.value)
            .and_then(|text| HeaderValue::from_maybe_shared(bundle.share(text)).ok());
        (name, value)
    })
}

fn lines(headers: &HeaderMap) -> Bytes {
    let mut lines = BytesMut::new();
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    lines.freeze()
}
