//! Connections to servers that speak HTTP/2 (RFC 9113): each carries many requests at once.

use std::cell::Cell;
use std::future::poll_fn;
use std::net::IpAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use h2::client::SendRequest;
use tokio::sync::oneshot;

use super::unreached::Unreached;
use crate::http1::Stream;
use crate::snapshot::PoolSettings;

/// Requests at once on one connection; a server may allow fewer.
const MOST_STREAMS: usize = 100;

/// Stands for how many requests at once a server takes until it says something, as it must
/// (RFC 9113, section 3.4): more than it can say, and less than what stands for no bound.
const UNTOLD: usize = usize::MAX - 1;

/// The longest that is waited for, also where connections may take any time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of one answer that may wait for a client.
const WINDOW: u32 = 128 * 1024;

/// Bytes of all answers that may wait: a slow client holds nobody else up.
const ALL_WINDOWS: u32 = WINDOW * 100;

/// What small pieces that wait may cost beside their bytes: up to 256 each, the less the longer they
/// are. Where a few clients are slow to take streams of small messages, `h2`'s own bound, an eighth of
/// this, would cut off everybody whose requests share the connection.
const SMALL_PIECES: usize = 4 * ALL_WINDOWS as usize;

/// Bytes of one request's body that wait to be sent.
const MOST_WAITING: usize = 64 * 1024;

/// Bytes of all header lines of an answer.
const MOST_HEADERS: u32 = 256 * 1024;

/// A connection that speaks HTTP/2.
pub(super) struct Channel {
    sender: SendRequest<Bytes>,
    pub(super) peer: IpAddr,
    born: Instant,
    served: Cell<u32>,
    streams: Cell<usize>,
    /// Since when it carries no request.
    idle_since: Cell<Instant>,
    /// When anything of any answer last came.
    heard: Cell<Instant>,
    /// It carries no further request.
    retired: Cell<bool>,
}

impl Channel {
    /// Begins to speak on a connection that was made, and waits until the server says how many requests
    /// it takes at once: it would refuse any more that came before.
    ///
    /// # Errors
    /// It does not speak HTTP/2, takes no request, or does not say anything for too long.
    pub(super) async fn open(stream: Stream, peer: IpAddr) -> Result<Rc<Self>, Unreached> {
        let opened = h2::client::Builder::new()
            .enable_push(false)
            .initial_window_size(WINDOW)
            .initial_connection_window_size(ALL_WINDOWS)
            .data_frame_budget(SMALL_PIECES)
            .initial_max_send_streams(UNTOLD)
            .max_send_buffer_size(MOST_WAITING)
            .max_header_list_size(MOST_HEADERS)
            .handshake(stream)
            .await;
        let (sender, connection) =
            opened.map_err(|error| Unreached::told(format!("HTTP/2 did not begin: {error}")))?;
        let (told, untold) = oneshot::channel();
        tokio::task::spawn_local(drive(connection, sender.clone(), told));
        match tokio::time::timeout(PATIENCE, untold).await {
            Ok(Ok(Ok(1..))) => {}
            Ok(Ok(Ok(0))) => {
                let why = "the server takes no requests at present (its SETTINGS allow no streams)";
                return Err(Unreached::told(why.to_owned()));
            }
            Ok(Ok(Err(why))) => return Err(unspoken(&why)),
            Ok(Err(_)) => return Err(unspoken("it closed the connection")),
            Err(_) => return Err(Unreached::mute(PATIENCE)),
        }
        let now = Instant::now();
        Ok(Rc::new(Self {
            sender,
            peer,
            born: now,
            served: Cell::new(0),
            streams: Cell::new(0),
            idle_since: Cell::new(now),
            heard: Cell::new(now),
            retired: Cell::new(false),
        }))
    }

    /// Whether it may carry requests at all: it is not too old, and nothing ended it.
    pub(super) fn is_good(&self, kept: &PoolSettings) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        let alive = !matches!(
            self.sender.clone().poll_ready(&mut context),
            Poll::Ready(Err(_))
        );
        let few = kept.requests.is_none_or(|most| self.served.get() < most);
        let young = kept.lifetime.is_none_or(|most| self.born.elapsed() < most);
        alive && few && young && !self.retired.get()
    }

    /// Whether one more request fits.
    pub(super) fn has_room(&self) -> bool {
        let most = self.sender.current_max_send_streams().min(MOST_STREAMS);
        self.streams.get() < most
    }

    /// Whether it carries a request, or did not long ago.
    pub(super) fn is_busy(&self, kept: &PoolSettings) -> bool {
        let fresh = || {
            let idle = self.idle_since.get().elapsed();
            kept.idle > 0 && kept.idle_for.is_none_or(|most| idle < most)
        };
        self.streams.get() > 0 || fresh()
    }

    /// Takes a place on it.
    pub(super) fn seat(self: &Rc<Self>) -> Seat {
        self.streams.set(self.streams.get() + 1);
        self.served.set(self.served.get().saturating_add(1));
        Seat {
            channel: Rc::clone(self),
            since: Instant::now(),
        }
    }
}

/// It was reached and is of no use, as where it does not choose HTTP/2 in the handshake.
fn unspoken(why: &str) -> Unreached {
    Unreached::untrusted(format!("the server does not speak HTTP/2: {why}"))
}

/// Drives a connection to its end, and tells how many requests the server takes at once as soon as it
/// says so, or why it ended before.
async fn drive(
    mut connection: h2::client::Connection<Stream, Bytes>,
    sender: SendRequest<Bytes>,
    told: oneshot::Sender<Result<usize, String>>,
) {
    // Let go as soon as it is told, or nobody waits for it: the connection ends when nobody has a sender
    // any more.
    let mut waiting = Some((sender, told));
    poll_fn(|context| {
        let driven = Pin::new(&mut connection).poll(context);
        let Some((sender, told)) = &mut waiting else {
            // How it ends shows in the streams.
            return driven.map(drop);
        };
        let most = match &driven {
            Poll::Ready(Err(error)) => Some(Err(error.to_string())),
            _ => Some(sender.current_max_send_streams())
                .filter(|most| *most != UNTOLD)
                .map(Ok),
        };
        let given_up = told.poll_closed(context).is_ready();
        if (most.is_some() || given_up)
            && let Some((_, told)) = waiting.take()
            && let Some(most) = most
        {
            let _ = told.send(most);
        }
        driven.map(drop)
    })
    .await;
}

/// A request's place on a connection; free again when dropped.
pub(super) struct Seat {
    channel: Rc<Channel>,
    since: Instant,
}

impl Seat {
    /// Opens the request's stream.
    pub(super) fn sender(&self) -> SendRequest<Bytes> {
        self.channel.sender.clone()
    }

    /// Something of the answer came.
    pub(super) fn hear(&self) {
        self.channel.heard.set(Instant::now());
    }

    /// The answer is overdue. Where no other request heard anything either, the connection may be
    /// dead, and carries no more.
    pub(super) fn overdue(&self) {
        if self.channel.heard.get() <= self.since {
            self.channel.retired.set(true);
        }
    }

    /// Whether the request is the first on its connection.
    pub(super) fn is_first(&self) -> bool {
        self.channel.served.get() <= 1
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let channel = &self.channel;
        channel.streams.set(channel.streams.get().saturating_sub(1));
        channel.idle_since.set(Instant::now());
    }
}
