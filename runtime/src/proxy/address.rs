//! The head of a request as a server gets it (RFC 9112, sections 3 and 6; RFC 9113, section 8.3).

use bytes::BufMut;
use gated_engine::program::Server;
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method, Request, Uri, Version};
use http_body::Body;

use super::{Passage, Upload, announce};
use crate::http1::{Coding, Output};

/// Writes the head, and says how the body must be written; `None`: the host cannot be written in a
/// header.
pub(super) fn write(
    output: &mut Output,
    passage: &Passage<'_>,
    server: &Server,
    body: &Upload,
) -> Option<Coding> {
    let host = passage.host.as_deref().unwrap_or(&server.authority);
    let host = HeaderValue::from_str(host).ok()?;
    let buffer = output.buffer();
    buffer.reserve(1024);
    buffer.put_slice(passage.method.as_str().as_bytes());
    buffer.put_slice(b" ");
    buffer.put_slice(server.base_path.as_bytes());
    buffer.put_slice(passage.target.as_bytes());
    buffer.put_slice(b" HTTP/1.1\r\n");
    output.line("host", host.as_bytes());
    announce::each(&passage.headers, &passage.origin, |name, value| {
        output.line(name.as_str(), value);
    });
    let coding = framing(output, &passage.method, &passage.headers, body);
    output.buffer().put_slice(b"\r\n");
    Some(coding)
}

/// The same for HTTP/2 (RFC 9113, section 8.3); `None`: it cannot be written.
pub(super) fn request(
    passage: &Passage<'_>,
    server: &Server,
    body: &Upload,
) -> Option<Request<()>> {
    let host = passage.host.as_deref().unwrap_or(&server.authority);
    let uri = Uri::builder()
        .scheme(if server.secure { "https" } else { "http" })
        .authority(host)
        .path_and_query(format!("{}{}", server.base_path, passage.target))
        .build()
        .ok()?;
    let mut request = Request::new(());
    *request.method_mut() = passage.method.clone();
    *request.uri_mut() = uri;
    *request.version_mut() = Version::HTTP_2;
    let headers = request.headers_mut();
    announce::each(&passage.headers, &passage.origin, |name, value| {
        if let (true, Ok(value)) = (name != CONNECTION, HeaderValue::from_bytes(value)) {
            headers.append(name.clone(), value);
        }
    });
    let announced = body
        .size_hint()
        .exact()
        .filter(|length| *length > 0 || says_none(&passage.method, &passage.headers));
    if let Some(length) = announced {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    Some(request)
}

/// Whether a request without a body says so: only those methods do that usually have one
/// (RFC 9110, section 8.6).
fn says_none(method: &Method, headers: &HeaderMap) -> bool {
    let usual = [Method::POST, Method::PUT, Method::PATCH];
    usual.contains(method) || headers.contains_key(CONTENT_LENGTH)
}

/// Says how long the body is.
fn framing(output: &mut Output, method: &Method, headers: &HeaderMap, body: &Upload) -> Coding {
    match body.size_hint().exact() {
        None => {
            output.line("transfer-encoding", b"chunked");
            Coding::Chunked { trailers: true }
        }
        Some(0) => {
            if says_none(method, headers) {
                output.line("content-length", b"0");
            }
            Coding::None
        }
        Some(length) => {
            let mut digits = itoa::Buffer::new();
            output.line("content-length", digits.format(length).as_bytes());
            Coding::Length(length)
        }
    }
}
