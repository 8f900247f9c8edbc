//! Answers that are the same for every request: made once, and then only copied out.

use bytes::{Bytes, BytesMut};
use http::header::{
    CONNECTION, CONTENT_LENGTH, DATE, STRICT_TRANSPORT_SECURITY, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::bundle::Bundle;
use crate::compression::headers::{encoded, vary};
use crate::compression::{self, Encodings};
use crate::files::negotiate::Encoding;
use crate::program::{
    ArchivedAction, ArchivedBody, ArchivedCompression, ArchivedHeaderTemplate, ArchivedRespond,
    ArchivedRoute, ArchivedTransform,
};
use crate::template;

/// An answer in which nothing comes from the request, and nothing from the moment.
#[derive(Debug)]
pub struct Ready {
    /// The status.
    pub status: StatusCode,
    /// The headers, but those that frame the message, `Date` and the request id.
    pub headers: HeaderMap,
    /// The begin of the head as HTTP/1.1 writes it: the status line, a line for each of the headers, and
    /// the length of the body, unless the status has none (RFC 9112, sections 4 to 6).
    pub head: Bytes,
    /// Whether a header is among them that the gateway writes itself unless it is there:
    /// `Strict-Transport-Security`, or that of the request id.
    pub overlaps: bool,
    /// The body.
    pub body: Bytes,
    /// The same answer encoded, those first that are rather sent.
    pub encoded: Vec<(Encoding, Ready)>,
}

/// Which form of a ready answer is sent: the plain one, or one of the encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form(Option<u8>);

impl Ready {
    /// The form that a client would rather have.
    pub fn choose(&self, asked: &HeaderMap) -> Form {
        if self.encoded.is_empty() {
            return Form(None);
        }
        let available: Encodings = self.encoded.iter().map(|(one, _)| *one).collect();
        let chosen = compression::chosen(asked, &available);
        let place = available.iter().position(|one| Some(*one) == chosen);
        Form(place.and_then(|place| u8::try_from(place).ok()))
    }

    /// The answer in this form.
    pub fn form(&self, form: Form) -> &Self {
        form.0
            .and_then(|place| self.encoded.get(usize::from(place)))
            .map_or(self, |(_, ready)| ready)
    }

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
        let status = StatusCode::from_u16(respond.status.to_native()).unwrap_or_default();
        let body = body(bundle, respond)?;
        let ready = Self {
            status,
            head: head(status, &headers, &body),
            overlaps: overlaps(bundle, &headers),
            headers,
            body,
            encoded: Vec::new(),
        };
        let index = route.compression.as_ref().map(|index| index.to_native());
        match index.and_then(|index| compression::at(bundle, index)) {
            Some(compression) => ready.with_forms(bundle, compression, respond),
            None => Some(Box::new(ready)),
        }
    }

    /// The same with its encoded forms; `None`: it would be encoded, but was not when the bundle was
    /// made.
    fn with_forms(
        mut self,
        bundle: &Bundle,
        compression: &ArchivedCompression,
        respond: &ArchivedRespond,
    ) -> Option<Box<Self>> {
        let length = Some(self.body.len() as u64);
        if compression::is_covered(compression, self.status, &self.headers, length) {
            let made = respond.encoded.as_ref()?;
            if !made.is_empty() {
                vary(&mut self.headers);
                self.head = head(self.status, &self.headers, &self.body);
            }
            self.encoded = made
                .iter()
                .map(|form| {
                    let encoding = Encoding::from(&form.encoding);
                    (encoding, self.encoded(encoding, bundle.blob(&form.body)))
                })
                .collect();
        }
        Some(Box::new(self))
    }

    fn encoded(&self, encoding: Encoding, body: Bytes) -> Self {
        let mut headers = self.headers.clone();
        encoded(&mut headers, encoding);
        Self {
            status: self.status,
            head: head(self.status, &headers, &body),
            overlaps: self.overlaps,
            headers,
            body,
            encoded: Vec::new(),
        }
    }
}

fn overlaps(bundle: &Bundle, headers: &HeaderMap) -> bool {
    let id = bundle.program().settings.request_id_header.as_str();
    headers.contains_key(STRICT_TRANSPORT_SECURITY) || headers.contains_key(id)
}

fn body(bundle: &Bundle, respond: &ArchivedRespond) -> Option<Bytes> {
    Some(match &respond.body {
        ArchivedBody::Empty => Bytes::new(),
        ArchivedBody::Bytes(blob) => bundle.blob(blob),
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

/// Whether an answer with this status never has a body (RFC 9110, section 6.4.1).
pub fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}

fn head(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Bytes {
    let mut head = BytesMut::new();
    let reason = status.canonical_reason().unwrap_or_default();
    let start = format!("HTTP/1.1 {} {reason}\r\n", status.as_str());
    head.extend_from_slice(start.as_bytes());
    for (name, value) in headers {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    if !is_bodiless(status) {
        let length = format!("{CONTENT_LENGTH}: {}\r\n", body.len());
        head.extend_from_slice(length.as_bytes());
    }
    head.freeze()
}
