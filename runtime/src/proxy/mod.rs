//! Passes a request on to one of an upstream's servers, and its answer back.

mod failure;
mod headers;
mod idle;
mod pick;
mod pool;
mod relay;
mod upload;

use std::rc::Rc;
use std::time::{Duration, Instant};

use gated_engine::program::Server;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;

pub(crate) use failure::{Failure, Tried};
pub(crate) use headers::{Origin, Taken, announce, clean_request, clean_trailers, join_cookies};
pub(crate) use pick::Picker;
pub(crate) use pool::{Pool, Pools, Sender};
pub(crate) use relay::Relay;
pub(crate) use upload::{BoxError, Upload};

use crate::snapshot::{UpstreamSettings, UpstreamView};
use crate::stages::Meter;

/// A request that is ready to be passed on.
pub(crate) struct Passage<'a> {
    pub(crate) settings: &'a UpstreamSettings,
    pub(crate) upstream: &'a UpstreamView,
    pub(crate) method: Method,
    /// Path and query, without the server's base path.
    pub(crate) target: String,
    /// `Host` to send instead of the server's own.
    pub(crate) host: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Upload,
    /// Knows how the body fares.
    pub(crate) meter: &'a Meter,
    /// From the last byte passed on to the end of the answer's headers.
    pub(crate) patience: Option<Duration>,
    /// When the answer's headers must be there, whatever happens.
    pub(crate) deadline: Option<Instant>,
    /// Takes notes, for the log.
    pub(crate) tried: &'a Tried,
}

/// Passes a request on.
///
/// # Errors
/// [`Failure`]; the connection it happened on is not used again.
pub(crate) async fn pass(passage: Passage<'_>) -> Result<Response<Relay>, Failure> {
    let Passage {
        settings,
        upstream,
        meter,
        patience,
        deadline,
        ..
    } = passage;
    upstream.counters.requests.add(1);
    let result = tokio::select! {
        biased;
        answered = try_servers(passage) => answered,
        () = out_of_patience(meter, patience, deadline) => Err(Failure::Timeout),
    };
    match &result {
        Err(Failure::Timeout) => upstream.counters.timeouts.add(1),
        Err(Failure::Answer(_)) => upstream.counters.malformed.add(1),
        _ => {}
    }
    result.map(|response| response.map(|relay| relay.within(settings.idle_timeout)))
}

/// Ends when the answer is overdue: at the deadline, or when nothing of the body was passed on for
/// as long as patience lasts. A long upload is no fault of the server's.
async fn out_of_patience(meter: &Meter, patience: Option<Duration>, deadline: Option<Instant>) {
    loop {
        let quiet = patience.map(|patience| meter.progress() + patience);
        let Some(until) = [quiet, deadline].into_iter().flatten().min() else {
            return std::future::pending().await;
        };
        if Instant::now() >= until {
            return;
        }
        tokio::time::sleep_until(until.into()).await;
    }
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
        let (sender, reused) = match pool.take() {
            Some(sender) => (sender, true),
            // All were down just now, and somebody else finds out whether they still are.
            None if all_down => continue,
            None => match connect(&passage, index, pool).await {
                Some(sender) => (sender, false),
                None => continue,
            },
        };
        passage.tried.sending(index);
        let body = std::mem::replace(&mut passage.body, Upload::Empty);
        let headers = std::mem::take(&mut passage.headers);
        let request = address(&passage, server, headers, body)?;
        match send(pool, sender, reused, request).await? {
            Sent::Answered(response) => return Ok(response),
            Sent::Stale(request) => {
                // The idle connection was closed before anything was sent: once more on a new one.
                if let Some(sender) = connect(&passage, index, pool).await {
                    passage.tried.sending(index);
                    return match send(pool, sender, false, request).await? {
                        Sent::Answered(response) => Ok(response),
                        Sent::Stale(_) => Err(Failure::Answer("the connection was closed".into())),
                    };
                }
                let (parts, body) = request.into_parts();
                (passage.headers, passage.body) = (parts.headers, body);
            }
        }
    }
    Err(Failure::Unreachable)
}

async fn connect(passage: &Passage<'_>, index: usize, pool: &Pool) -> Option<Sender> {
    let counters = &passage.upstream.counters;
    let upstream = &passage.settings.name;
    let was_down = pool.is_down();
    passage.tried.connecting(index);
    match pool.connect(passage.settings.connect_timeout).await {
        Ok(sender) => {
            counters.connections.add(1);
            if was_down {
                tracing::info!(
                    upstream,
                    server = pool.name(),
                    "a server can be reached again"
                );
            }
            Some(sender)
        }
        Err(error) => {
            counters.unreachable.add(1);
            let bound = passage.settings.connect_timeout;
            passage.tried.unreached(&error, bound);
            if !was_down {
                tracing::warn!(upstream, server = pool.name(), %error, "a server cannot be reached; others are asked first");
            }
            None
        }
    }
}

/// Writes the request for one server.
fn address(
    passage: &Passage<'_>,
    server: &Server,
    mut headers: HeaderMap,
    body: Upload,
) -> Result<Request<Upload>, Failure> {
    let unfit = || Failure::Answer("the request cannot be written for the server".to_owned());
    let target = if server.base_path.is_empty() {
        Uri::try_from(passage.target.as_str())
    } else {
        Uri::try_from(format!("{}{}", server.base_path, passage.target))
    };
    let host = passage.host.as_deref().unwrap_or(&server.authority);
    headers.insert(HOST, HeaderValue::from_str(host).map_err(|_| unfit())?);
    if body.size_hint().exact().is_none() {
        // Said here, because hyper takes a GET of unknown length for one without a body.
        headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        headers.remove(CONTENT_LENGTH);
    }
    let mut request = Request::new(body);
    *request.method_mut() = passage.method.clone();
    *request.uri_mut() = target.map_err(|_| unfit())?;
    *request.version_mut() = Version::HTTP_11;
    *request.headers_mut() = headers;
    Ok(request)
}

/// What became of sending.
enum Sent {
    Answered(Response<Relay>),
    /// The connection was no good; the request is whole.
    Stale(Request<Upload>),
}

async fn send(
    pool: &Rc<Pool>,
    mut sender: Sender,
    reused: bool,
    request: Request<Upload>,
) -> Result<Sent, Failure> {
    // A server may close an idle connection in the very moment it is used. A request that can be
    // repeated without harm (RFC 9110, section 9.2.2) then is.
    let spare = (reused && request.method().is_safe() && request.body().is_empty())
        .then(|| request.clone_empty());
    match sender.try_send_request(request).await {
        Ok(response) => receive(pool, sender, response).map(Sent::Answered),
        Err(mut error) => match (error.take_message(), spare) {
            (Some(request), _) => Ok(Sent::Stale(request)),
            (None, Some(request)) if is_broken_off(error.error()) => Ok(Sent::Stale(request)),
            _ => Err(Failure::Answer(failure::answer_error(error.error()))),
        },
    }
}

fn is_broken_off(error: &hyper::Error) -> bool {
    let reset = std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<std::io::Error>())
        .is_some_and(|error| {
            matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe
            )
        });
    error.is_incomplete_message() || error.is_canceled() || error.is_closed() || reset
}

fn receive(
    pool: &Rc<Pool>,
    sender: Sender,
    response: Response<Incoming>,
) -> Result<Response<Relay>, Failure> {
    let (mut parts, body) = response.into_parts();
    if parts.status.is_informational() {
        return Err(Failure::Answer(format!(
            "the server answered {} unasked",
            parts.status
        )));
    }
    if parts.headers.contains_key(CONTENT_LENGTH) && parts.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Failure::Answer(
            "the server sent a length and a transfer coding".to_owned(),
        ));
    }
    headers::strip_hop_by_hop(&mut parts.headers);
    headers::via(&mut parts.headers, parts.version);
    // What else hyper notes about the message (its reason phrase) is for this connection only.
    parts.extensions.clear();
    parts.version = Version::HTTP_11;
    Ok(Response::from_parts(
        parts,
        Relay::new(body, Rc::clone(pool), sender),
    ))
}

/// A copy of a request without a body.
trait CloneEmpty {
    fn clone_empty(&self) -> Self;
}

impl CloneEmpty for Request<Upload> {
    fn clone_empty(&self) -> Self {
        let mut copy = Request::new(Upload::Empty);
        *copy.method_mut() = self.method().clone();
        *copy.uri_mut() = self.uri().clone();
        *copy.version_mut() = self.version();
        *copy.headers_mut() = self.headers().clone();
        copy
    }
}
