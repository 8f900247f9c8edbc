//! The head of an answer as HTTP/1.1 writes it, and how its body is to be framed (RFC 9112, section 6).

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::BufMut;
use gated_engine::decide::is_bodiless;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::http1::{Coding, Output};

/// What is known of the request that is answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply {
    /// It was a HEAD.
    pub(super) to_head: bool,
    /// It was HTTP/1.0.
    pub(super) to_old: bool,
    /// Another request may follow.
    pub(super) keep_alive: bool,
    /// The client takes trailers.
    pub(super) trailers: bool,
}

impl Reply {
    /// To something that was no request; nothing follows it.
    pub(super) fn last() -> Self {
        Self {
            to_head: false,
            to_old: false,
            keep_alive: false,
            trailers: false,
        }
    }
}

/// What stands in the head of an answer.
pub(super) struct Head<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    /// The begin of an answer that was made ready: the status line, the length, and more headers.
    pub(super) made: Option<&'a [u8]>,
    /// The header with the request's id, in the place of any other of that name.
    pub(super) id: Option<(&'a HeaderName, &'a HeaderValue)>,
    /// When the answer was begun, for its `Date`.
    pub(super) begun: Instant,
}

/// Writes the head. Returns how the body must be written, and whether the connection stays open after
/// it.
pub(super) fn write(
    output: &mut Output,
    head: &Head<'_>,
    length: Option<u64>,
    reply: Reply,
) -> (Coding, bool) {
    let coding = coding(head.status, length, reply);
    let asked_to_close = head.headers.contains_key(CONNECTION);
    let stays = reply.keep_alive && coding != Coding::UntilClose && !asked_to_close;
    let announced = match head.made {
        Some(made) => made_lines(output, head, made),
        None => {
            status_line(output, head.status);
            lines(output, head, coding, reply)
        }
    };
    match coding {
        Coding::Length(length) if !announced => length_line(output, length),
        Coding::Chunked { .. } => {
            let buffer = output.buffer();
            buffer.extend_from_slice(b"transfer-encoding: chunked\r\n");
        }
        _ => {}
    }
    if let Some((name, id)) = head.id {
        output.line(name.as_str(), id.as_bytes());
    }
    if !head.headers.contains_key(DATE) {
        date_line(output, head.begun);
    }
    let buffer = output.buffer();
    match (stays, reply.to_old) {
        (false, _) => buffer.extend_from_slice(b"connection: close\r\n\r\n"),
        (true, true) => buffer.extend_from_slice(b"connection: keep-alive\r\n\r\n"),
        (true, false) => buffer.extend_from_slice(b"\r\n"),
    }
    (coding, stays)
}

fn coding(status: StatusCode, length: Option<u64>, reply: Reply) -> Coding {
    if reply.to_head || is_bodiless(status) {
        return Coding::None;
    }
    match (length, reply.to_old) {
        (Some(length), _) => Coding::Length(length),
        (None, true) => Coding::UntilClose,
        (None, false) => Coding::Chunked {
            trailers: reply.trailers,
        },
    }
}

/// Room for what most heads hold.
const ROOM: usize = 512;

/// Writes what was made ready, and the few headers that were put on it since. The length is told.
fn made_lines(output: &mut Output, head: &Head<'_>, made: &[u8]) -> bool {
    let buffer = output.buffer();
    buffer.reserve(ROOM + made.len());
    buffer.put_slice(made);
    for (name, value) in head.headers {
        output.line(name.as_str(), value.as_bytes());
    }
    true
}

fn status_line(output: &mut Output, status: StatusCode) {
    let reason = status.canonical_reason().unwrap_or("");
    let buffer = output.buffer();
    buffer.reserve(ROOM);
    buffer.put_slice(b"HTTP/1.1 ");
    buffer.put_slice(status.as_str().as_bytes());
    buffer.put_slice(b" ");
    buffer.put_slice(reason.as_bytes());
    buffer.put_slice(b"\r\n");
}

/// Writes the header lines but those that frame the message, which are written anew. Whether the
/// length stands among them, as it may where there is no body (RFC 9110, section 8.6).
fn lines(output: &mut Output, head: &Head<'_>, coding: Coding, reply: Reply) -> bool {
    let status = head.status;
    let may_tell = coding == Coding::None
        && status != StatusCode::NO_CONTENT
        && !status.is_informational()
        && (reply.to_head || status == StatusCode::NOT_MODIFIED);
    let mut announced = false;
    for (name, value) in head.headers {
        if *name == CONTENT_LENGTH {
            if !may_tell || announced {
                continue;
            }
            announced = true;
        } else if *name == CONNECTION
            || *name == TRANSFER_ENCODING
            || head.id.is_some_and(|(id, _)| name == id)
        {
            continue;
        }
        output.line(name.as_str(), value.as_bytes());
    }
    announced
}

fn length_line(output: &mut Output, length: u64) {
    let mut digits = itoa::Buffer::new();
    output.line("content-length", digits.format(length).as_bytes());
}

/// How the present second is written (RFC 9110, section 5.6.7).
struct Second {
    text: HeaderValue,
    /// The whole header line.
    line: String,
    begun: Instant,
    /// For how long after that it is the present one.
    lasts: Duration,
}

thread_local! {
    static SECOND: RefCell<Option<Second>> = const { RefCell::new(None) };
}

/// The `Date` of an answer that was begun now. The system is asked for it once a second.
pub(super) fn date(now: Instant) -> HeaderValue {
    with_date(now, |second| second.text.clone())
}

fn date_line(output: &mut Output, now: Instant) {
    with_date(now, |second| output.copy(second.line.as_bytes()));
}

fn with_date<T>(now: Instant, then: impl FnOnce(&Second) -> T) -> T {
    SECOND.with_borrow_mut(|second| {
        let old = second
            .as_ref()
            .is_none_or(|second| now.saturating_duration_since(second.begun) >= second.lasts);
        if old {
            *second = None;
        }
        then(second.get_or_insert_with(present))
    })
}

fn present() -> Second {
    let now = SystemTime::now();
    let into = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    let text = httpdate::fmt_http_date(now);
    Second {
        line: format!("date: {text}\r\n"),
        text: HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("")),
        begun: Instant::now(),
        lasts: Duration::from_secs(1).saturating_sub(Duration::from_nanos(into.into())),
    }
}
