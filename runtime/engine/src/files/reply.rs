//! Which bytes of a file are sent, and under which headers.

use std::ops::Range;
use std::time::SystemTime;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::conditional::{self, Outcome, Validators};
use super::multipart::Multipart;
use super::negotiate::Encoding;
use super::range::{self, Wanted};

/// A file as it would be sent: what is known of it without its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Representation<'r> {
    /// The number of bytes.
    pub length: u64,
    /// `Content-Type`, of the file before it was encoded.
    pub content_type: &'r str,
    /// The entity tag, quotes and `W/` included. Another encoding of the same file has another.
    pub etag: &'r str,
    /// When the file was last changed, if that is to be told.
    pub last_modified: Option<SystemTime>,
    /// The encoding of the bytes.
    pub encoding: Option<Encoding>,
    /// Whether there are other encodings, so that the answer depends on the client.
    pub varies: bool,
    /// Whether the file is sent because the client takes HTML, so that the answer depends on that.
    pub by_accept: bool,
    /// `Cache-Control`.
    pub cache_control: Option<&'r str>,
}

/// An answer, but for the bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// 200, 206, 304, 412 or 416.
    pub status: StatusCode,
    /// The headers, without `Content-Length`.
    pub headers: HeaderMap,
    /// What the body holds.
    pub content: Content,
}

/// What the body of an answer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing: 304, or an error that the caller puts into words (412, 416).
    Nothing,
    /// All of the file. A HEAD request gets its headers only.
    Whole,
    /// These bytes of the file.
    Part(Range<u64>),
    /// Several parts of the file.
    Parts(Multipart),
}

/// Answers GET or HEAD for a file: conditions first, then ranges. HEAD never gets a range (RFC 9110,
/// section 14.2).
pub fn reply(method: &Method, headers: &HeaderMap, file: &Representation<'_>) -> Reply {
    let validators = Validators {
        etag: Some(file.etag),
        last_modified: file.last_modified,
    };
    match conditional::evaluate(method, headers, validators) {
        Outcome::Failed => failed(StatusCode::PRECONDITION_FAILED, HeaderMap::new()),
        Outcome::NotModified => Reply {
            status: StatusCode::NOT_MODIFIED,
            headers: cache_headers(file),
            content: Content::Nothing,
        },
        Outcome::Proceed => {
            let ranged = *method == Method::GET && conditional::range_applies(headers, validators);
            let wanted = if ranged {
                range::wanted(headers, file.length)
            } else {
                Wanted::Whole
            };
            ranged_reply(wanted, file)
        }
    }
}

fn ranged_reply(wanted: Wanted, file: &Representation<'_>) -> Reply {
    match wanted {
        Wanted::Whole => Reply {
            status: StatusCode::OK,
            headers: file_headers(file),
            content: Content::Whole,
        },
        Wanted::Unsatisfiable => {
            let mut headers = HeaderMap::new();
            let range = range::unsatisfied(file.length);
            insert(&mut headers, header::CONTENT_RANGE, &range);
            failed(StatusCode::RANGE_NOT_SATISFIABLE, headers)
        }
        Wanted::Parts(parts) => {
            let mut headers = file_headers(file);
            let content = match <[Range<u64>; 1]>::try_from(parts) {
                Ok([part]) => {
                    let range = range::content_range(&part, file.length);
                    insert(&mut headers, header::CONTENT_RANGE, &range);
                    Content::Part(part)
                }
                Err(parts) => {
                    let parts = Multipart::new(parts, file.length, file.content_type, file.etag);
                    insert(&mut headers, header::CONTENT_TYPE, &parts.content_type);
                    Content::Parts(parts)
                }
            };
            Reply {
                status: StatusCode::PARTIAL_CONTENT,
                headers,
                content,
            }
        }
    }
}

fn failed(status: StatusCode, headers: HeaderMap) -> Reply {
    Reply {
        status,
        headers,
        content: Content::Nothing,
    }
}

fn file_headers(file: &Representation<'_>) -> HeaderMap {
    let mut headers = cache_headers(file);
    insert(&mut headers, header::CONTENT_TYPE, file.content_type);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(encoding) = file.encoding {
        let token = HeaderValue::from_static(encoding.token());
        headers.insert(header::CONTENT_ENCODING, token);
    }
    headers
}

/// The headers that a 304 has too (RFC 9110, section 15.4.5).
fn cache_headers(file: &Representation<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, header::ETAG, file.etag);
    if let Some(time) = file.last_modified {
        let date = httpdate::fmt_http_date(time);
        insert(&mut headers, header::LAST_MODIFIED, &date);
    }
    if let Some(value) = file.cache_control {
        insert(&mut headers, header::CACHE_CONTROL, value);
    }
    let vary = match (file.by_accept, file.varies) {
        (true, true) => Some("accept, accept-encoding"),
        (true, false) => Some("accept"),
        (false, true) => Some("accept-encoding"),
        (false, false) => None,
    };
    if let Some(vary) = vary {
        headers.insert(header::VARY, HeaderValue::from_static(vary));
    }
    headers
}

/// A value that is no header value is left out; those of a bundle were checked when it was loaded.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
