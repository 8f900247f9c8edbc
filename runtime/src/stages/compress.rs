//! Compresses an answer for a client that takes it. What is in memory and short is encoded at once, so
//! that its length can be told; all else while it is sent.

use gated_engine::compression::{self, headers};
use gated_engine::decide::Forms;
use gated_engine::files::negotiate::Encoding;
use gated_engine::program::ArchivedCompression;
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::{HeaderMap, Method, Response, StatusCode};

use super::Download;
use crate::encode::{self, EncodedBody};

/// The longest body that is encoded at once, in bytes.
const AT_ONCE: usize = 64 * 1024;

/// How one answer may be compressed.
#[derive(Clone, Copy)]
pub(super) struct Compressing<'a> {
    /// What the route says; `None`: it is not compressed.
    pub(super) compression: Option<&'a ArchivedCompression>,
    pub(super) method: &'a Method,
    /// The headers of the request.
    pub(super) asked: &'a HeaderMap,
}

impl Compressing<'_> {
    /// The answer as this client gets it. `forms` are those that were made with the bundle.
    pub(super) fn apply(self, response: Response<Download>, forms: Forms) -> Response<Download> {
        let Some(compression) = self.compression else {
            return response;
        };
        // What follows is no body, but whatever both sides speak.
        if *self.method == Method::CONNECT {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        if parts.status == StatusCode::NOT_MODIFIED {
            headers::not_modified(self.asked, &mut parts.headers);
        }
        let length = self.length(&parts, &body);
        if forms == Forms::Settled
            || !compression::is_covered(compression, parts.status, &parts.headers, length)
        {
            return Response::from_parts(parts, body);
        }
        let body = match forms {
            Forms::Made(made) => self.pick(&mut parts.headers, body, made, compression),
            _ => {
                headers::vary(&mut parts.headers);
                match compression::chosen(self.asked, &compression::encodings(compression)) {
                    Some(encoding) => self.encode(&mut parts.headers, body, encoding),
                    None => body,
                }
            }
        };
        Response::from_parts(parts, body)
    }

    /// The length of the whole body, if it is known.
    fn length(self, parts: &Parts, body: &Download) -> Option<u64> {
        let told = parts.headers.get(CONTENT_LENGTH);
        match told.and_then(|length| length.to_str().ok()?.parse().ok()) {
            // To HEAD a server sends no body, which says nothing about what GET would get.
            None if *self.method == Method::HEAD && body.is_upstream() => None,
            None => http_body::Body::size_hint(body).exact(),
            told => told,
        }
    }

    /// What was made with the bundle. Of an error page that may be more than its route wants, and in
    /// another order.
    fn pick(
        self,
        headers: &mut HeaderMap,
        body: Download,
        mut made: Vec<(Encoding, bytes::Bytes)>,
        compression: &ArchivedCompression,
    ) -> Download {
        let mut available = compression::encodings(compression);
        available.retain(|wanted| made.iter().any(|(one, _)| one == wanted));
        if available.is_empty() {
            return body;
        }
        headers::vary(headers);
        let Some(chosen) = compression::chosen(self.asked, &available) else {
            return body;
        };
        headers::encoded(headers, chosen);
        made.retain(|(encoding, _)| *encoding == chosen);
        made.pop().map_or(body, |(_, bytes)| Download::from(bytes))
    }

    fn encode(self, headers: &mut HeaderMap, body: Download, encoding: Encoding) -> Download {
        let body = match body {
            Download::Whole(Some(bytes)) if bytes.len() <= AT_ONCE => {
                return match encode::at_once(&bytes, encoding) {
                    Some(encoded) => {
                        headers::encoded(headers, encoding);
                        Download::from(encoded)
                    }
                    None => Download::from(bytes),
                };
            }
            streamed => streamed,
        };
        let Some(room) = encode::room(encoding) else {
            return body;
        };
        headers::encoded(headers, encoding);
        Download::Encoded(Box::new(match body.is_upstream() {
            true => EncodedBody::live(body, encoding, room),
            false => EncodedBody::stored(body, encoding, room),
        }))
    }
}
