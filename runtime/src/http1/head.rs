//! The head of a message: where it ends, and what it says (RFC 9112, sections 2 to 6).
//!
//! Refused is whatever two readers might take differently: both `Content-Length` and
//! `Transfer-Encoding`, either of them twice, odd values, bare CR or LF, control characters, folded
//! lines, blanks before a colon. Names and values share the bytes that were read.

use std::cell::RefCell;

use bytes::Bytes;
use gated_engine::decide::is_bodiless;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version};
use memchr::memchr;

/// What may come in a head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// All of it, in bytes.
    pub(crate) size: usize,
    /// The target, in bytes.
    pub(crate) target: usize,
    /// Header lines.
    pub(crate) lines: usize,
}

/// Why a head is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// It is no head.
    #[error("it is malformed")]
    Malformed,
    /// The target is too long.
    #[error("its target is too long")]
    Target,
    /// Too many header lines, or too long ones.
    #[error("its headers are too large")]
    Headers,
}

impl Refused {
    /// What a client is answered.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Target => StatusCode::URI_TOO_LONG,
            Self::Headers => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        }
    }
}

/// How the end of a body is told (RFC 9112, section 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// There is none.
    Empty,
    /// It has so many bytes.
    Length(u64),
    /// In chunks.
    Chunked,
    /// Until the connection closes (answers only).
    UntilClose,
}

/// Empty lines that may come before a request: some clients send one behind a body.
const MOST_EMPTY: usize = 8;

/// Looks for the end of a head as it comes in; no byte is looked at twice.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Scan {
    /// So many empty lines may still come before it (RFC 9112, section 2.2).
    empty_left: usize,
    /// Where the present line begins.
    line: usize,
    /// Up to where there is no line feed.
    seen: usize,
    lines: usize,
}

impl Scan {
    /// Looks for the head of a request, before which empty lines may stand.
    pub(crate) fn request() -> Self {
        Self {
            empty_left: MOST_EMPTY,
            ..Self::default()
        }
    }

    /// How many bytes at the begin are empty lines to be passed over.
    pub(super) fn empty_lines(&mut self, bytes: &[u8]) -> usize {
        if self.lines > 0 {
            return 0;
        }
        let pairs = bytes.chunks(2).take_while(|pair| *pair == b"\r\n");
        let empty = pairs.take(self.empty_left).count();
        if empty > 0 {
            *self = Self {
                empty_left: self.empty_left - empty,
                ..Self::default()
            };
        }
        empty * 2
    }

    /// The length of the head once its empty line is there.
    pub(crate) fn end(&mut self, bytes: &[u8], limits: &Limits) -> Result<Option<usize>, Refused> {
        // Nobody waits for the end of what cannot become a head.
        if !matches!(bytes.first(), None | Some(b'\r'))
            && !bytes.first().is_some_and(|first| is_token(*first))
        {
            return Err(Refused::Malformed);
        }
        while let Some(offset) = memchr(b'\n', bytes.get(self.seen..).unwrap_or_default()) {
            let feed = self.seen + offset;
            if feed >= limits.size {
                return Err(self.too_large());
            }
            let line = bytes.get(self.line..feed).unwrap_or_default();
            match line.split_last() {
                Some((b'\r', [])) if self.lines > 0 => return Ok(Some(feed + 1)),
                Some((b'\r', [_, ..])) => {}
                _ => return Err(Refused::Malformed),
            }
            self.lines += 1;
            (self.line, self.seen) = (feed + 1, feed + 1);
            if self.lines > limits.lines.saturating_add(1) {
                return Err(Refused::Headers);
            }
        }
        self.seen = bytes.len();
        if bytes.len() <= limits.size {
            return Ok(None);
        }
        Err(self.too_large())
    }

    fn too_large(&self) -> Refused {
        match self.lines {
            0 => Refused::Target,
            _ => Refused::Headers,
        }
    }

    /// Whether any of a head came in.
    pub(crate) fn is_begun(&self) -> bool {
        self.seen > 0
    }
}

/// `tchar` of RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The head of a request.
pub(crate) struct RequestHead {
    /// What it asks for.
    pub(crate) parts: Parts,
    pub(crate) body: Kind,
    /// Whether another request may follow.
    pub(crate) keep_alive: bool,
    /// Whether the client waits for `100 Continue` (RFC 9110, section 10.1.1).
    pub(crate) expects: bool,
    /// Whether the client takes trailers.
    pub(crate) trailers: bool,
}

/// Reads the head of a request, empty line included.
pub(crate) fn request(head: &Bytes, limits: &Limits) -> Result<Box<RequestHead>, Refused> {
    let (line, rest) = first_line(head).ok_or(Refused::Malformed)?;
    let (method, uri, version) = request_line(head, line, limits)?;
    let fields = fields(head, rest, limits.lines)?;
    if fields.hosts > 1 {
        return Err(Refused::Malformed);
    }
    let body = match (fields.length, fields.chunked) {
        (Some(_), true) => return Err(Refused::Malformed),
        (None, true) if version == Version::HTTP_10 => return Err(Refused::Malformed),
        (None, true) => Kind::Chunked,
        (None | Some(0), false) => Kind::Empty,
        (Some(length), false) => Kind::Length(length),
    };
    let headers = fields.headers;
    // Few requests have one of these, and a look at each name costs less than looking for both.
    let rare = headers.keys().any(|name| *name == EXPECT || *name == TE);
    let says = |name: HeaderName, token: &str| rare && has_token(&headers, &name, token);
    Ok(Box::new(RequestHead {
        keep_alive: fields.connection.stays(&headers, version),
        expects: version == Version::HTTP_11 && says(EXPECT, "100-continue"),
        trailers: says(TE, "trailers"),
        body,
        parts: parts(method, uri, version, headers),
    }))
}

fn parts(method: Method, uri: Uri, version: Version, headers: HeaderMap) -> Parts {
    let (mut parts, ()) = Request::new(()).into_parts();
    parts.method = method;
    parts.uri = uri;
    parts.version = version;
    parts.headers = headers;
    parts
}

/// The end of the first line, and the begin of the second.
fn first_line(head: &[u8]) -> Option<(usize, usize)> {
    let feed = memchr(b'\n', head)?;
    Some((feed.checked_sub(1)?, feed + 1))
}

fn request_line(
    head: &Bytes,
    end: usize,
    limits: &Limits,
) -> Result<(Method, Uri, Version), Refused> {
    let line = head.get(..end).ok_or(Refused::Malformed)?;
    let method_end = memchr(b' ', line).ok_or(Refused::Malformed)?;
    let method = line.get(..method_end).unwrap_or_default();
    let after = method_end + 1;
    let target = memchr(b' ', line.get(after..).unwrap_or_default()).ok_or(Refused::Malformed)?;
    if target > limits.target {
        return Err(Refused::Target);
    }
    let version = version(line.get(after + target + 1..).unwrap_or_default())?;
    let written = line.get(after..after + target).unwrap_or_default();
    if memchr(b'#', written).is_some() {
        // A fragment is no part of a target (RFC 9112, section 3.2); some take it for one.
        return Err(Refused::Malformed);
    }
    let method = Method::from_bytes(method).map_err(|_| Refused::Malformed)?;
    let uri = Uri::from_maybe_shared(head.slice(after..after + target))
        .map_err(|_| Refused::Malformed)?;
    Ok((method, uri, version))
}

fn version(text: &[u8]) -> Result<Version, Refused> {
    match text {
        b"HTTP/1.1" => Ok(Version::HTTP_11),
        b"HTTP/1.0" => Ok(Version::HTTP_10),
        _ => Err(Refused::Malformed),
    }
}

/// The head of an answer.
pub(crate) struct ResponseHead {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Kind,
    /// Whether another request may follow.
    pub(crate) keep_alive: bool,
}

/// Reads the head of an answer to a request with this method.
pub(crate) fn response(
    head: &Bytes,
    limits: &Limits,
    method: &Method,
) -> Result<ResponseHead, Refused> {
    let (line, rest) = first_line(head).ok_or(Refused::Malformed)?;
    let (version, status) = status_line(head.get(..line).unwrap_or_default())?;
    let fields = fields(head, rest, limits.lines)?;
    let bodiless = *method == Method::HEAD || is_bodiless(status);
    let body = match (fields.length, fields.chunked) {
        (Some(_), true) => return Err(Refused::Malformed),
        (None, true) if version == Version::HTTP_10 => return Err(Refused::Malformed),
        _ if bodiless => Kind::Empty,
        (None, true) => Kind::Chunked,
        (Some(0), false) => Kind::Empty,
        (Some(length), false) => Kind::Length(length),
        (None, false) => Kind::UntilClose,
    };
    Ok(ResponseHead {
        keep_alive: body != Kind::UntilClose && fields.connection.stays(&fields.headers, version),
        status,
        version,
        headers: fields.headers,
        body,
    })
}

fn status_line(line: &[u8]) -> Result<(Version, StatusCode), Refused> {
    let (version_text, rest) = line.split_at_checked(8).ok_or(Refused::Malformed)?;
    let version = version(version_text)?;
    let (code, reason) = rest.split_at_checked(4).ok_or(Refused::Malformed)?;
    let code = code.strip_prefix(b" ").ok_or(Refused::Malformed)?;
    // The reason may be missing, with the blank before it.
    if !matches!(reason.first(), None | Some(b' ')) || !reason.iter().all(|byte| is_text(*byte)) {
        return Err(Refused::Malformed);
    }
    let status = StatusCode::from_bytes(code).map_err(|_| Refused::Malformed)?;
    Ok((version, status))
}

/// What may stand in a line: no control character but the tab.
fn is_text(byte: u8) -> bool {
    byte >= b' ' && byte != 0x7f || byte == b'\t'
}

/// Whether `Connection` is there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Persistence {
    Unsaid,
    Said,
}

impl Persistence {
    /// Whether the connection stays open after the message (RFC 9112, section 9.3).
    fn stays(self, headers: &HeaderMap, version: Version) -> bool {
        match (self, version) {
            (Self::Unsaid, version) => version == Version::HTTP_11,
            (Self::Said, Version::HTTP_11) => !has_token(headers, &CONNECTION, "close"),
            (Self::Said, _) => {
                has_token(headers, &CONNECTION, "keep-alive")
                    && !has_token(headers, &CONNECTION, "close")
            }
        }
    }
}

/// Header maps kept for the next heads.
const SPARES: usize = 8;

/// One that holds more than this is not kept.
const LARGEST_SPARE: usize = 64;

thread_local! {
    static SPARE_MAPS: RefCell<Vec<HeaderMap>> = const { RefCell::new(Vec::new()) };
}

fn spare_map() -> HeaderMap {
    let spare = SPARE_MAPS.with_borrow_mut(Vec::pop);
    spare.unwrap_or_else(|| HeaderMap::with_capacity(16))
}

/// Takes back the headers of a message that is done with.
pub(crate) fn recycle(mut headers: HeaderMap) {
    if (1..=LARGEST_SPARE).contains(&headers.capacity()) {
        headers.clear();
        SPARE_MAPS.with_borrow_mut(|spares| {
            if spares.len() < SPARES {
                spares.push(headers);
            }
        });
    }
}

/// Header lines, and what they say about framing.
struct Fields {
    headers: HeaderMap,
    length: Option<u64>,
    chunked: bool,
    hosts: usize,
    connection: Persistence,
}

/// Reads header lines from `at` on, up to the empty line.
fn fields(head: &Bytes, mut at: usize, most: usize) -> Result<Fields, Refused> {
    let mut fields = Fields {
        headers: spare_map(),
        length: None,
        chunked: false,
        hosts: 0,
        connection: Persistence::Unsaid,
    };
    let mut count = 0;
    while let Some(offset) = memchr(b'\n', head.get(at..).unwrap_or_default()) {
        let end = (at + offset).saturating_sub(1);
        if end <= at {
            break;
        }
        count += 1;
        if count > most {
            return Err(Refused::Headers);
        }
        let (name, value) = field(head, at, end).ok_or(Refused::Malformed)?;
        fields.note(&name, &value)?;
        fields
            .headers
            .try_append(name, value)
            .map_err(|_| Refused::Headers)?;
        at += offset + 1;
    }
    Ok(fields)
}

/// One header line, which shares the bytes of the head.
pub(super) fn field(head: &Bytes, start: usize, end: usize) -> Option<(HeaderName, HeaderValue)> {
    let line = head.get(start..end)?;
    let colon = memchr(b':', line)?;
    let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
    let raw = line.get(colon + 1..)?;
    let value = trim_start(raw);
    let value_start = end - value.len();
    let value = trim_end(value);
    let value =
        HeaderValue::from_maybe_shared(head.slice(value_start..value_start + value.len())).ok()?;
    Some((name, value))
}

/// Only blanks and tabs: any other white space is no part of a line.
fn trim_start(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    value
}

fn trim_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

impl Fields {
    fn note(&mut self, name: &HeaderName, value: &HeaderValue) -> Result<(), Refused> {
        if *name == CONTENT_LENGTH {
            if self.length.is_some() {
                return Err(Refused::Malformed);
            }
            self.length = Some(length(value.as_bytes()).ok_or(Refused::Malformed)?);
        } else if *name == TRANSFER_ENCODING {
            if self.chunked || !value.as_bytes().eq_ignore_ascii_case(b"chunked") {
                return Err(Refused::Malformed);
            }
            self.chunked = true;
        } else if *name == HOST {
            self.hosts += 1;
        } else if *name == CONNECTION {
            self.connection = Persistence::Said;
        }
        Ok(())
    }
}

/// A length in digits and nothing else (RFC 9110, section 8.6), below 10^18.
fn length(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0_u64, |sum, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        Some(sum * 10 + u64::from(digit))
    })
}

/// Whether a header that is a list names this.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

#[cfg(test)]
mod tests;
