//! Passes a request on to one of an upstream's servers, and its answer back.

mod address;
mod announce;
mod channel;
mod dial;
mod exchange;
mod failure;
mod headers;
mod idle;
mod multiplexed;
mod overdue;
mod pick;
mod pool;
mod race;
mod relay;
mod target;
mod unreached;
mod upload;

use std::borrow::Cow;
use std::rc::Rc;

use gated_engine::program::Server;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, Response, StatusCode, Version};

pub(crate) use announce::Origin;
pub(crate) use failure::{Failure, Tried};
pub(crate) use headers::{Taken, clean_request, clean_trailers, join_cookies};
pub(crate) use overdue::Overdue;
pub(crate) use pick::Picker;
pub(crate) use pool::{Pool, Pools};
pub(crate) use relay::{BoxError, Relay};
pub(crate) use target::Target;
pub(crate) use upload::Upload;

use crate::http1::Output;
use crate::http1::head::ResponseHead;
use crate::snapshot::{UpstreamSettings, UpstreamView};
use channel::Seat;
use exchange::{Broken, Exchange};
use multiplexed::Multiplexed;
use pool::{Line, Way};

/// A request that is ready to be passed on.
pub(crate) struct Passage<'a> {
    pub(crate) settings: &'a UpstreamSettings,
    pub(crate) upstream: &'a UpstreamView,
    pub(crate) method: Method,
    /// Path and query, without the server's base path.
    pub(crate) target: String,
    /// `Host` to send instead of the server's own.
    pub(crate) host: Option<String>,
    pub(crate) headers: Cow<'a, HeaderMap>,
    pub(crate) origin: Origin<'a>,
    pub(crate) body: Upload,
    pub(crate) overdue: Overdue<'a>,
    /// Takes notes, for the log.
    pub(crate) tried: &'a Tried,
}

/// Passes a request on.
///
/// # Errors
/// [`Failure`]; the connection it happened on is not used again.
pub(crate) async fn pass(mut passage: Passage<'_>) -> Result<Response<Relay>, Failure> {
    let Passage {
        settings, upstream, ..
    } = passage;
    upstream.counters.requests.add(1);
    let result = try_servers(&mut passage).await;
    match &result {
        Err(Failure::Timeout) => upstream.counters.timeouts.add(1),
        Err(Failure::Answer(_)) => upstream.counters.malformed.add(1),
        _ => {}
    }
    result.map(|response| response.map(|relay| relay.within(settings.idle_timeout)))
}

/// Tries one server after the other until a connection stands. From then on the request is that
/// server's.
async fn try_servers(passage: &mut Passage<'_>) -> Result<Response<Relay>, Failure> {
    let upstream = passage.upstream;
    let avoid = |index: usize| upstream.pools.get(index).is_some_and(|pool| pool.avoided());
    let all_down = upstream.picker.all(avoid);
    for index in upstream.picker.order(avoid) {
        let (Some(pool), Some(server)) = (
            upstream.pools.get(index),
            passage.settings.servers.get(index),
        ) else {
            continue;
        };
        let (way, reused) = match pool.take() {
            Some(way) => (way, true),
            // All were down just now, and somebody else finds out whether they still are.
            None if all_down => {
                pool.why_down()
                    .inspect(|why| passage.tried.passed_over(index, why.clone()));
                continue;
            }
            None => match connect_in_time(passage, index, pool).await? {
                Some(way) => (way, false),
                None => continue,
            },
        };
        passage.tried.sending(index);
        let spare = spare(passage, &way, reused);
        match exchange(passage, server, pool, way).await {
            Err(lost) if spare.is_some() && lost.may_repeat(&passage.method) => {
                passage.body = spare.unwrap_or(Upload::Empty);
                if let Some(way) = connect_in_time(passage, index, pool).await? {
                    passage.tried.sending(index);
                    let again = exchange(passage, server, pool, way).await;
                    return again.map_err(Failure::from);
                }
            }
            other => return other.map_err(Failure::from),
        }
    }
    Err(passage.tried.failure())
}

/// The body once more, where the request may have to be sent a second time: a server may close an idle
/// connection in the very moment it is used, or turn a stream away among others.
fn spare(passage: &Passage<'_>, way: &Way, reused: bool) -> Option<Upload> {
    let repeatable = match way {
        Way::Line(_) => reused && passage.method.is_idempotent(),
        Way::Seat(_) => true,
    };
    repeatable.then(|| passage.body.again()).flatten()
}

/// A connection, if one can be made before the answer is overdue.
async fn connect_in_time(
    passage: &Passage<'_>,
    index: usize,
    pool: &Pool,
) -> Result<Option<Way>, Failure> {
    // Boxed: kept in place, what few requests do would have every request move a larger future.
    let connecting = Box::pin(connect(passage, index, pool));
    let connected = passage.overdue.bound(connecting).await;
    connected.ok_or(Failure::Timeout)
}

async fn connect(passage: &Passage<'_>, index: usize, pool: &Pool) -> Option<Way> {
    let counters = &passage.upstream.counters;
    let upstream = &passage.settings.name;
    let was_down = pool.is_down();
    passage.tried.connecting(index);
    match pool.connect().await {
        Ok(way) => {
            counters.connections.add(1);
            if was_down {
                tracing::info!(
                    upstream,
                    server = pool.name(),
                    "a server can be reached again"
                );
            }
            Some(way)
        }
        Err(why) => {
            counters.unreachable.add(1);
            if !was_down {
                tracing::warn!(
                    upstream,
                    server = pool.name(),
                    reason = &*why.text,
                    "a server cannot be reached{}",
                    match passage.upstream.pools.len() {
                        0 | 1 => "",
                        _ => "; others are asked first",
                    }
                );
            }
            passage.tried.unreached(why);
            None
        }
    }
}

/// Why a request was lost on a connection.
enum Lost {
    /// The server closed it before it answered anything.
    Stale(String),
    /// The server says that it did nothing with it.
    Unprocessed(String),
    Failed(String),
    /// The answer did not come in time.
    Overdue,
}

impl Lost {
    /// Whether the request may be sent a second time: nothing was done with it, or doing it twice is
    /// the same as once (RFC 9110, section 9.2.2).
    fn may_repeat(&self, method: &Method) -> bool {
        match self {
            Self::Unprocessed(_) => true,
            Self::Stale(_) => method.is_idempotent(),
            Self::Failed(_) | Self::Overdue => false,
        }
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Stale(why) | Lost::Unprocessed(why) | Lost::Failed(why) => Self::Answer(why),
            Lost::Overdue => Self::Timeout,
        }
    }
}

/// Sends the request on a connection and waits for the answer's head.
async fn exchange(
    passage: &mut Passage<'_>,
    server: &Server,
    pool: &Rc<Pool>,
    way: Way,
) -> Result<Response<Relay>, Lost> {
    let mut body = std::mem::replace(&mut passage.body, Upload::Empty);
    if let Upload::Stream(body) = &mut body {
        body.follow(&passage.headers);
    }
    let line = match way {
        Way::Line(line) => line,
        Way::Seat(seat) => return Box::pin(on_stream(passage, server, seat, body)).await,
    };
    let mut output = Output::default();
    let coding = address::write(&mut output, passage, server, &body).ok_or_else(unwritable)?;
    let mut exchange = Exchange::new(Rc::clone(&line.wire), output, body, coding);
    match exchange.answer(&passage.method, &passage.overdue).await {
        Ok(head) => Ok(receive(pool, line, exchange, head)),
        Err(broken @ (Broken::Closed | Broken::Io(_))) if !exchange.is_heard() => {
            Err(Lost::Stale(broken.to_string()))
        }
        Err(Broken::Overdue) => Err(Lost::Overdue),
        Err(broken) => Err(Lost::Failed(broken.to_string())),
    }
}

fn unwritable() -> Lost {
    Lost::Failed("the request cannot be written for the server".to_owned())
}

/// The same on a stream of an HTTP/2 connection.
async fn on_stream(
    passage: &Passage<'_>,
    server: &Server,
    seat: Seat,
    body: Upload,
) -> Result<Response<Relay>, Lost> {
    let request = address::request(passage, server, &body).ok_or_else(unwritable)?;
    let (head, stream) = Multiplexed::ask(seat, request, body, &passage.overdue).await?;
    let mut response = head.map(|()| Relay::of_stream(stream));
    clean(&mut response);
    headers::via(response.headers_mut(), Version::HTTP_2);
    Ok(response)
}

fn receive(pool: &Rc<Pool>, line: Line, exchange: Exchange, head: ResponseHead) -> Response<Relay> {
    let home = head.keep_alive.then(|| (Rc::clone(pool), line));
    let mut response = Response::new(Relay::new(exchange, home));
    *response.status_mut() = head.status;
    *response.headers_mut() = head.headers;
    clean(&mut response);
    headers::via(response.headers_mut(), head.version);
    response
}

/// Takes out what was for the connection to the server only.
fn clean(response: &mut Response<Relay>) {
    headers::strip_hop_by_hop(response.headers_mut());
    if response.status() == StatusCode::NO_CONTENT {
        // It has none, whatever the server says (RFC 9110, section 8.6).
        response.headers_mut().remove(CONTENT_LENGTH);
    }
}
