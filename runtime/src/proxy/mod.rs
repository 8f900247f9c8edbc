//! Passes a request on to one of an upstream's servers, and its answer back.

mod address;
mod announce;
mod dial;
mod exchange;
mod failure;
mod headers;
mod idle;
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
use http::{HeaderMap, Method, Response, StatusCode};

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
use exchange::{Broken, Exchange};
use pool::Line;

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
pub(crate) async fn pass(passage: Passage<'_>) -> Result<Response<Relay>, Failure> {
    let Passage {
        settings, upstream, ..
    } = passage;
    upstream.counters.requests.add(1);
    let result = try_servers(passage).await;
    match &result {
        Err(Failure::Timeout) => upstream.counters.timeouts.add(1),
        Err(Failure::Answer(_)) => upstream.counters.malformed.add(1),
        _ => {}
    }
    result.map(|response| response.map(|relay| relay.within(settings.idle_timeout)))
}

/// Tries one server after the other until a connection stands. From then on the request is that
/// server's.
async fn try_servers(mut passage: Passage<'_>) -> Result<Response<Relay>, Failure> {
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
        let (line, reused) = match pool.take() {
            Some(line) => (line, true),
            // All were down just now, and somebody else finds out whether they still are.
            None if all_down => {
                pool.why_down()
                    .inspect(|why| passage.tried.passed_over(index, why.clone()));
                continue;
            }
            None => match connect_in_time(&passage, index, pool).await? {
                Some(line) => (line, false),
                None => continue,
            },
        };
        passage.tried.sending(index);
        // A server may close an idle connection in the very moment it is used. A request that can be
        // repeated without harm (RFC 9110, section 9.2.2) then is, on a new one.
        let spare = (reused && passage.method.is_idempotent())
            .then(|| passage.body.again())
            .flatten();
        match exchange(&mut passage, server, pool, line).await {
            Err(Lost::Stale(_)) if spare.is_some() => {
                passage.body = spare.unwrap_or(Upload::Empty);
                if let Some(line) = connect_in_time(&passage, index, pool).await? {
                    passage.tried.sending(index);
                    let again = exchange(&mut passage, server, pool, line).await;
                    return again.map_err(Failure::from);
                }
            }
            other => return other.map_err(Failure::from),
        }
    }
    Err(passage.tried.failure())
}

/// A connection, if one can be made before the answer is overdue.
async fn connect_in_time(
    passage: &Passage<'_>,
    index: usize,
    pool: &Pool,
) -> Result<Option<Line>, Failure> {
    let connected = passage.overdue.bound(connect(passage, index, pool)).await;
    connected.ok_or(Failure::Timeout)
}

async fn connect(passage: &Passage<'_>, index: usize, pool: &Pool) -> Option<Line> {
    let counters = &passage.upstream.counters;
    let upstream = &passage.settings.name;
    let was_down = pool.is_down();
    passage.tried.connecting(index);
    match pool.connect().await {
        Ok(line) => {
            counters.connections.add(1);
            if was_down {
                tracing::info!(
                    upstream,
                    server = pool.name(),
                    "a server can be reached again"
                );
            }
            Some(line)
        }
        Err(why) => {
            counters.unreachable.add(1);
            if !was_down {
                tracing::warn!(
                    upstream,
                    server = pool.name(),
                    reason = &*why.text,
                    "a server cannot be reached; others are asked first"
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
    Failed(String),
    /// The answer did not come in time.
    Overdue,
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Stale(why) | Lost::Failed(why) => Self::Answer(why),
            Lost::Overdue => Self::Timeout,
        }
    }
}

/// Sends the request on a connection and waits for the answer's head.
async fn exchange(
    passage: &mut Passage<'_>,
    server: &Server,
    pool: &Rc<Pool>,
    line: Line,
) -> Result<Response<Relay>, Lost> {
    let mut body = std::mem::replace(&mut passage.body, Upload::Empty);
    if let Upload::Stream(body) = &mut body {
        body.follow(&passage.headers);
    }
    let mut output = Output::default();
    let coding = address::write(&mut output, passage, server, &body)
        .ok_or_else(|| Lost::Failed("the request cannot be written for the server".to_owned()))?;
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

fn receive(pool: &Rc<Pool>, line: Line, exchange: Exchange, head: ResponseHead) -> Response<Relay> {
    let home = head.keep_alive.then(|| (Rc::clone(pool), line));
    let mut response = Response::new(Relay::new(exchange, home));
    *response.status_mut() = head.status;
    *response.headers_mut() = head.headers;
    headers::strip_hop_by_hop(response.headers_mut());
    if head.status == StatusCode::NO_CONTENT {
        // It has none, whatever the server says (RFC 9110, section 8.6).
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    headers::via(response.headers_mut(), head.version);
    response
}
