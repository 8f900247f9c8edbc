//! One client connection from accept to close: HTTP/1.1 or HTTP/2, whichever the client speaks first.

use std::cell::Cell;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;

use super::LocalSpawner;
use super::guarded::{Activity, Guarded, Stall};
use super::listener::{Admission, OpenListener};
use super::paced::Paced;
use super::worker::Worker;
use crate::snapshot::ListenerSettings;
use crate::stages;

/// How long an HTTP/1.1 connection that is to end may still bring a request: one that was on its way
/// is answered with `Connection: close` instead of finding the door shut.
const LAST_CALL: Duration = Duration::from_millis(300);

/// hyper's smallest read buffer.
const SMALLEST_BUFFER: usize = 8192;

/// HTTP/2 streams open at once on a connection.
const STREAMS: u32 = 100;

/// Bytes of one HTTP/2 response that wait for the client, in memory.
const MOST_WAITING: usize = 32 * 1024;

/// What the requests of a connection share.
pub(crate) struct Connection {
    /// The thread's own things.
    pub(crate) worker: Rc<Worker>,
    /// The client.
    pub(crate) client: IpAddr,
    /// Where it came in.
    pub(crate) slot: u32,
    /// The listener's settings when the connection was accepted.
    pub(crate) accepted: Arc<ListenerSettings>,
    /// When things happened.
    pub(crate) activity: Rc<Activity>,
    /// Whether answers tell the client to close.
    pub(crate) ending: Cell<bool>,
}

/// Serves a connection until it ends.
pub(crate) async fn serve(
    worker: Rc<Worker>,
    listener: Arc<OpenListener>,
    socket: TcpStream,
    peer: SocketAddr,
    _admission: Admission,
) {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off delays on a connection");
    }
    let settings = listener.settings.load_full();
    let activity = Activity::new();
    let connection = Rc::new(Connection {
        worker: Rc::clone(&worker),
        client: peer.ip().to_canonical(),
        slot: listener.slot,
        accepted: Arc::clone(&settings),
        activity: Rc::clone(&activity),
        ending: Cell::new(false),
    });
    let _counted = Counted::new(&worker);
    let guarded = Guarded::new(socket, settings.http2, Rc::clone(&activity));
    drive(&connection, &listener, guarded).await;
}

/// Counts a connection as long as it lives, however it ends.
struct Counted(Rc<Worker>);

impl Counted {
    fn new(worker: &Rc<Worker>) -> Self {
        worker.counters.connections_opened.add(1);
        Self(Rc::clone(worker))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.counters.connections_closed.add(1);
    }
}

async fn drive(connection: &Rc<Connection>, listener: &OpenListener, guarded: Guarded) {
    let settings = &connection.accepted;
    let activity = &connection.activity;
    let builder = builder(settings);
    let service = service_fn(|request| {
        let connection = Rc::clone(connection);
        async move {
            let activity = Rc::clone(&connection.activity);
            let response = stages::serve(connection, request).await;
            Ok::<_, Infallible>(response.map(|body| Paced::new(body, activity)))
        }
    });
    let mut http = pin!(builder.serve_connection(TokioIo::new(guarded), service));
    let mut closing = pin!(listener.closing());
    let pace = settings.header_timeout.min(settings.idle_timeout) / 4;
    let mut pulse =
        tokio::time::interval(pace.clamp(Duration::from_millis(10), Duration::from_secs(1)));
    pulse.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = false;
    loop {
        tokio::select! {
            biased;
            ended = &mut http => {
                if let Err(error) = ended {
                    note(connection, error.as_ref());
                }
                return;
            }
            () = &mut closing, if !connection.ending.get() => {
                connection.ending.set(true);
                pulse = tokio::time::interval(LAST_CALL / 6);
                if activity.is_http2() {
                    http.as_mut().graceful_shutdown();
                    told = true;
                }
            }
            _ = pulse.tick() => {}
        }
        if connection.ending.get()
            && !told
            && activity.idle_for().is_some_and(|idle| idle >= LAST_CALL)
        {
            if !activity.touched() {
                return;
            }
            http.as_mut().graceful_shutdown();
            told = true;
        }
        match activity.stall(settings.header_timeout, settings.idle_timeout) {
            None => {}
            Some(Stall::Idle) if !told && activity.touched() => {
                http.as_mut().graceful_shutdown();
                told = true;
            }
            Some(stall) => {
                tracing::debug!(client = %connection.client, ?stall, "closed a connection that stood still");
                return;
            }
        }
    }
}

fn builder(settings: &ListenerSettings) -> auto::Builder<LocalSpawner> {
    let mut builder = auto::Builder::new(LocalSpawner);
    let buffer = settings.header_size.saturating_add(settings.uri_size);
    builder
        .http1()
        .header_read_timeout(None)
        .max_buf_size(buffer.max(SMALLEST_BUFFER).saturating_add(1024));
    if settings.header_count > 100 {
        builder.http1().max_headers(settings.header_count);
    }
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_send_buf_size(MOST_WAITING)
        .max_pending_accept_reset_streams(32)
        .max_local_error_reset_streams(256)
        .max_header_list_size(u32::try_from(buffer).unwrap_or(u32::MAX));
    match (settings.http1, settings.http2) {
        (true, false) => builder.http1_only(),
        (false, true) => builder.http2_only(),
        _ => builder,
    }
}

/// Counts and tells why a connection ended before its time. What a client does wrong is no event of
/// ours, so it is told at `debug` only.
fn note(connection: &Connection, error: &(dyn std::error::Error + 'static)) {
    let malformed = error
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_parse);
    if malformed {
        connection.worker.counters.malformed.add(1);
    }
    tracing::debug!(client = %connection.client, malformed, %error, "a connection broke off");
}
