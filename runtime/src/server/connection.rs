//! One client connection from accept to close: HTTP/1.1 or HTTP/2, whichever the client speaks first.

use std::cell::{Cell, OnceCell, RefCell};
use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use gated_identity::CertificateNames;
use tokio::net::TcpStream;

use super::activity::Activity;
use super::handshake::{self, Secured, Shaken};
use super::listener::{Admission, OpenListener};
use super::worker::Worker;
use super::{http1, http2, proxy_protocol};
use crate::http1::{Alarm, Stream, Wire};
use crate::snapshot::ListenerSettings;

/// How long a connection that is to end may still bring a request: one that was on its way is
/// answered with `Connection: close` instead of finding the door shut.
pub(super) const LAST_CALL: Duration = Duration::from_millis(300);

/// The first bytes of HTTP/2 with prior knowledge (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What the requests of a connection share.
pub(crate) struct Connection {
    /// The thread's own things.
    pub(crate) worker: Rc<Worker>,
    /// The client.
    pub(crate) client: IpAddr,
    /// The other end of the socket: the client, or a proxy that told of it.
    pub(crate) peer: IpAddr,
    /// The same as text, from when it is first asked for.
    client_text: OnceCell<Box<str>>,
    /// Where it came in.
    pub(crate) slot: u32,
    /// The listener's settings when the connection was accepted.
    pub(crate) accepted: Arc<ListenerSettings>,
    /// When things happened.
    pub(crate) activity: Rc<Activity>,
    /// What the handshake settled, where TLS is spoken.
    secured: OnceCell<Secured>,
    /// Since when the connection is to end.
    ending: Cell<Option<Instant>>,
    waker: RefCell<Option<Waker>>,
}

impl Connection {
    /// `https` where TLS is spoken, or else `http`.
    pub(crate) fn scheme(&self) -> &'static str {
        match self.secured.get() {
            Some(_) => "https",
            None => "http",
        }
    }

    /// The client's address as text: every request that is passed on tells it.
    pub(crate) fn client_text(&self) -> &str {
        self.client_text
            .get_or_init(|| self.client.to_string().into())
    }

    /// Whether TLS is spoken.
    pub(crate) fn is_secure(&self) -> bool {
        self.secured.get().is_some()
    }

    /// What the client's certificate says, where it showed one, as far as the listener's present settings
    /// would have it verified in the same way.
    pub(crate) fn certificate(&self, present: &ListenerSettings) -> Option<&CertificateNames> {
        let tls = present.tls.as_ref()?;
        self.secured.get()?.client(tls)
    }

    /// Whether a request for this host should have come on another connection.
    pub(crate) fn is_misdirected(&self, host: &str) -> bool {
        self.secured
            .get()
            .is_some_and(|secured| secured.is_misdirected(host))
    }

    /// Has the connection end when its requests are answered.
    pub(super) fn end(&self) {
        self.ending.set(Some(Instant::now()));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Whether answers tell the client to close.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.get().is_some() || self.is_spent()
    }

    /// Whether it brought as many requests as it may.
    pub(super) fn is_spent(&self) -> bool {
        self.activity.taken() >= self.accepted.requests
    }

    /// When no further request is waited for, if the connection is to end. Wakes this task when that
    /// changes.
    pub(super) fn last_call(&self, context: &Context<'_>) -> Option<Instant> {
        let mut waker = self.waker.borrow_mut();
        match &mut *waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        self.ending.get().map(|since| since + LAST_CALL)
    }
}

/// Serves a connection until it ends.
pub(crate) async fn serve(
    worker: Rc<Worker>,
    listener: Arc<OpenListener>,
    mut socket: TcpStream,
    peer: SocketAddr,
    _admission: Admission,
) {
    let _counted = Counted::new(&worker);
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off delays on a connection");
    }
    let accepted = listener.settings.load_full();
    let peer = peer.ip().to_canonical();
    let Some(client) = proxy_protocol::client(&mut socket, peer, &accepted, &listener).await else {
        return;
    };
    let connection = Rc::new(Connection {
        worker: Rc::clone(&worker),
        client,
        peer,
        client_text: OnceCell::new(),
        slot: listener.slot,
        accepted,
        activity: Activity::new(),
        secured: OnceCell::new(),
        ending: Cell::new(None),
        waker: RefCell::new(None),
    });
    let _known = worker.know(&connection);
    if listener.is_closing() {
        connection.end();
    }
    let Some((stream, settled)) = connection.begin(socket).await else {
        return;
    };
    let wire = Wire::new(stream, BytesMut::new());
    let protocol = match settled {
        Some(true) => Protocol::Http2,
        Some(false) => Protocol::Http1,
        None => connection.protocol(&wire).await,
    };
    match protocol {
        Protocol::None => {}
        Protocol::Http1 => http1::serve(&connection, Rc::new(wire)).await,
        Protocol::Http2 => {
            connection.activity.speak_http2();
            // Boxed: it needs several times the room of HTTP/1.1.
            Box::pin(http2::serve(&connection, wire)).await;
        }
    }
}

enum Protocol {
    Http1,
    Http2,
    /// Nothing came.
    None,
}

impl Connection {
    /// Shakes hands where TLS is spoken; also gives whether that settled on HTTP/2. `None`: the
    /// connection is over.
    async fn begin(&self, socket: TcpStream) -> Option<(Stream, Option<bool>)> {
        let Some(tls) = &self.accepted.tls else {
            return Some((Stream::Plain(socket), None));
        };
        let Shaken {
            stream,
            secured,
            http2,
        } = Box::pin(handshake::shake(self, tls, socket)).await?;
        let _ = self.secured.set(secured);
        Some((Stream::Tls(Box::new(stream.into())), http2))
    }

    /// Which protocol the client speaks. Where both are served, its first bytes say it.
    async fn protocol(&self, wire: &Wire) -> Protocol {
        match (self.accepted.http1, self.accepted.http2) {
            (_, false) => return Protocol::Http1,
            (false, true) => return Protocol::Http2,
            (true, true) => {}
        }
        let mut alarm = Alarm::default();
        let begun = Instant::now();
        poll_fn(|context| {
            loop {
                if let Some(protocol) = wire.peek(spoken) {
                    return Poll::Ready(protocol);
                }
                match wire.poll_fill(context) {
                    Poll::Ready(Ok(1..)) => {}
                    Poll::Ready(_) => return Poll::Ready(Protocol::None),
                    Poll::Pending => break,
                }
            }
            let last_call = self.last_call(context);
            let until = if wire.peek(<[u8]>::is_empty) {
                last_call.unwrap_or(begun + self.accepted.idle_timeout)
            } else {
                begun + self.accepted.header_timeout
            };
            alarm.poll(until, context).map(|()| Protocol::None)
        })
        .await
    }
}

/// What these first bytes are of; `None`: of either.
fn spoken(bytes: &[u8]) -> Option<Protocol> {
    if bytes.starts_with(PREFACE) {
        Some(Protocol::Http2)
    } else if PREFACE.starts_with(bytes) {
        None
    } else {
        Some(Protocol::Http1)
    }
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

#[cfg(test)]
mod tests {
    /// The size of what a function returns, in bytes.
    fn size<A, B, C, D, E, F>(_: impl Fn(A, B, C, D, E) -> F) -> usize {
        size_of::<F>()
    }

    /// Ten thousand connections that wait hold ten thousand of these.
    #[test]
    fn a_connection_is_small() {
        let bytes = size(super::serve);
        assert!(bytes <= 6 * 1024, "{bytes} bytes");
    }
}
