//! The head of a request as a server gets it (RFC 9112, sections 3 and 6).

use bytes::BufMut;
use gated_engine::program::Server;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Method};
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

/// Says how long the body is. Where there is none, only those methods say so that usually have one
/// (RFC 9110, section 8.6).
fn framing(output: &mut Output, method: &Method, headers: &HeaderMap, body: &Upload) -> Coding {
    match body.size_hint().exact() {
        None => {
            output.line("transfer-encoding", b"chunked");
            Coding::Chunked { trailers: true }
        }
        Some(0) => {
            let usual = [Method::POST, Method::PUT, Method::PATCH];
            if usual.contains(method) || headers.contains_key(CONTENT_LENGTH) {
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
