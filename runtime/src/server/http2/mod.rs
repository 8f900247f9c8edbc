//! Serves one HTTP/2 connection (RFC 9113): `h2` speaks the protocol, and what is here answers its
//! streams and keeps it within its bounds of streams, memory and time.
//!
//! All streams of a connection live in the connection's own task. Requests that came in together are
//! answered one after the other before anything is written, so their answers leave together; a request
//! that is answered at once costs no task of its own.

mod stream;
mod upload;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, Stream as _};
use h2::server;

use super::activity::Stall;
use super::connection::Connection;
use super::watched::Watched;
use crate::http1::Wire;
use crate::snapshot::ListenerSettings;

pub(crate) use upload::StreamReader;

/// Streams open at once on a connection.
const STREAMS: u32 = 100;

/// Bytes of one answer that wait for the client, in memory.
const MOST_WAITING: usize = 32 * 1024;

/// Bytes that a client may send ahead, on one stream and on all.
const WINDOW: u32 = 1024 * 1024;

/// Bytes read in one go before other connections have their turn: a flood of tiny frames takes long to
/// work through.
const READ_IN_TURN: usize = 32 * 1024;

/// Smallest bound of a header list that is announced.
const SMALLEST_LIST: usize = 8192;

/// Serves a connection of which some bytes may have been read until it ends.
pub(super) async fn serve(connection: &Rc<Connection>, wire: Wire) {
    let (stream, read) = wire.into_parts();
    let watched = Watched::new(stream, read.freeze(), Rc::clone(&connection.activity));
    let mut session = Session {
        connection,
        state: State::Opening(builder(&connection.accepted).handshake(watched)),
        streams: FuturesUnordered::new(),
        told: false,
    };
    let idle_timeout = connection.accepted.idle_timeout;
    let pace = (idle_timeout / 4).clamp(Duration::from_millis(10), Duration::from_secs(1));
    let mut pulse = tokio::time::interval(pace);
    pulse.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut pulse = pin!(pulse);
    poll_fn(|context| session.poll(pulse.as_mut(), context)).await;
}

fn builder(settings: &ListenerSettings) -> server::Builder {
    let mut builder = server::Builder::new();
    let list = settings.header_size.saturating_add(settings.uri_size);
    builder
        .initial_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_concurrent_streams(STREAMS)
        .max_send_buffer_size(MOST_WAITING)
        .max_pending_accept_reset_streams(32)
        .max_local_error_reset_streams(Some(256))
        .max_header_list_size(u32::try_from(list.max(SMALLEST_LIST)).unwrap_or(u32::MAX));
    builder
}

/// One stream, from its request to the end of its answer.
type Answering = Pin<Box<dyn Future<Output = ()>>>;

/// A connection with its streams.
struct Session<'a> {
    connection: &'a Rc<Connection>,
    state: State,
    /// Streams whose answers take longer than a moment.
    streams: FuturesUnordered<Answering>,
    /// The client was told that nothing more is taken.
    told: bool,
}

enum State {
    Opening(server::Handshake<Watched, Bytes>),
    Open(server::Connection<Watched, Bytes>),
}

impl Session<'_> {
    /// Goes on until nothing is left to do; ready: the connection is over.
    fn poll(
        &mut self,
        mut pulse: Pin<&mut tokio::time::Interval>,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        self.connection.activity.allow(READ_IN_TURN);
        if let Poll::Ready(ended) = self.turn(context) {
            if let Err(error) = ended {
                note(self.connection, &error);
            }
            return Poll::Ready(());
        }
        if self.connection.activity.is_abused() {
            tracing::debug!(client = %self.connection.client, "closed a connection that gives up most of its requests");
            return Poll::Ready(());
        }
        let last_call = self.connection.last_call(context).is_some();
        if !self.told && (last_call || self.connection.is_spent()) {
            self.tell(context);
        }
        while pulse.as_mut().poll_tick(context).is_ready() {
            if self.stands_still(context) {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }

    /// Takes the requests that came in, goes on with those that are being answered, and sends what is
    /// there. What the answers below add is sent in the next turn, for which they wake this task.
    fn turn(&mut self, context: &mut Context<'_>) -> Poll<Result<(), h2::Error>> {
        if let State::Opening(handshake) = &mut self.state {
            let open = ready!(Pin::new(handshake).poll(context))?;
            self.state = State::Open(open);
        }
        let State::Open(open) = &mut self.state else {
            return Poll::Pending;
        };
        let mut begun = Vec::new();
        let ended = loop {
            match open.poll_accept(context) {
                Poll::Ready(Some(Ok((request, respond)))) => {
                    let connection = Rc::clone(self.connection);
                    begun.push(Box::pin(stream::answer(connection, request, respond)));
                }
                Poll::Ready(Some(Err(error))) => break Poll::Ready(Err(error)),
                Poll::Ready(None) => break Poll::Ready(Ok(())),
                Poll::Pending => break Poll::Pending,
            }
        };
        for mut stream in begun {
            if stream.as_mut().poll(context).is_pending() {
                self.streams.push(stream);
            }
        }
        while let Poll::Ready(Some(())) = Pin::new(&mut self.streams).poll_next(context) {}
        ended
    }

    /// Tells the client that nothing more is taken; what was taken is answered.
    fn tell(&mut self, context: &mut Context<'_>) {
        // One that only opens is told as soon as it is open.
        if let State::Open(open) = &mut self.state {
            self.told = true;
            open.graceful_shutdown();
            context.waker().wake_by_ref();
        }
    }

    /// Whether the connection has stood still for too long and is to be closed. One that only brings no
    /// request is told so first.
    fn stands_still(&mut self, context: &mut Context<'_>) -> bool {
        if self.is_too_late(context) {
            return true;
        }
        let bound = self.connection.accepted.idle_timeout;
        let Some(stall) = self.connection.activity.stall(bound) else {
            return false;
        };
        if stall == Stall::Idle && !self.told && matches!(self.state, State::Open(_)) {
            self.tell(context);
            return false;
        }
        tracing::debug!(client = %self.connection.client, ?stall, "closed a connection that stood still");
        true
    }
}

impl Session<'_> {
    /// Whether the connection is to end, and the client has not even said that it speaks HTTP/2.
    fn is_too_late(&self, context: &Context<'_>) -> bool {
        let last_call = self.connection.last_call(context);
        matches!(self.state, State::Opening(_))
            && last_call.is_some_and(|until| Instant::now() >= until)
    }
}

/// Counts and tells why a connection ended before its time. What a client does wrong is no event of
/// ours, so it is told at `debug` only.
fn note(connection: &Connection, error: &h2::Error) {
    let malformed = error.is_library() && !error.is_io();
    if malformed {
        connection.worker.counters.malformed.add(1);
    }
    tracing::debug!(client = %connection.client, malformed, %error, "a connection broke off");
}
