//! A client's socket with a guard at the door: what comes in is checked for its framing, and when
//! something last moved is written down, so that the connection's timer can tell waiting from idling.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::framing::Framing;

/// How many bytes are read and thrown away after a refusal, so that the client can read the answer
/// before the socket is closed under it (RFC 9112, section 9.6).
const LINGER_BYTES: usize = 4 << 20;

/// What is read after a refused byte.
const POISON: &[u8] = b"\0\r\n\r\n";

/// How long throwing away may take.
const LINGER_TIME: Duration = Duration::from_secs(2);

/// When things last happened on a connection. Shared between the socket, the requests and the timer,
/// all on one thread.
pub(crate) struct Activity {
    /// Requests taken and not fully answered.
    in_flight: Cell<u32>,
    /// Since when no request is in flight.
    idle_since: Cell<Instant>,
    /// Since when the head of a request is coming in.
    head_since: Cell<Option<Instant>>,
    /// Since when a write waits for the client.
    blocked_since: Cell<Option<Instant>>,
    /// Whether anything came in yet.
    touched: Cell<bool>,
    http2: Cell<bool>,
    refused: Cell<bool>,
    /// HTTP/2 responses that wait for the client, by ticket: since when, and how many bytes the
    /// connection had sent by then.
    waiting: RefCell<HashMap<u64, (Instant, u64)>>,
    tickets: Cell<u64>,
    sent: Cell<u64>,
}

/// Bytes a second that a client takes at least while responses wait for it.
const SLOWEST: u64 = 256;

/// What is wrong with a connection's pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stall {
    /// A head takes too long to come in.
    Head,
    /// No request for too long.
    Idle,
    /// The client does not take what is sent.
    Reader,
}

impl Activity {
    /// A connection that was just accepted.
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            in_flight: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            head_since: Cell::new(None),
            blocked_since: Cell::new(None),
            touched: Cell::new(false),
            http2: Cell::new(false),
            refused: Cell::new(false),
            waiting: RefCell::default(),
            tickets: Cell::new(0),
            sent: Cell::new(0),
        })
    }

    /// A request begins.
    pub(crate) fn begin(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
    }

    /// A request is answered to the end, or given up.
    pub(crate) fn end(&self, now: Instant) {
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
        self.idle_since.set(now);
    }

    /// Whether no request is in flight, and for how long.
    pub(crate) fn idle_for(&self) -> Option<Duration> {
        (self.in_flight.get() == 0).then(|| self.idle_since.get().elapsed())
    }

    /// Whether the client sent anything.
    pub(crate) fn touched(&self) -> bool {
        self.touched.get()
    }

    /// Whether the connection speaks HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        self.http2.get()
    }

    /// A request was refused before all of it was read: what remains is thrown away before closing.
    pub(crate) fn refuse(&self) {
        self.refused.set(true);
    }

    /// A number for a response, never used twice.
    pub(super) fn ticket(&self) -> u64 {
        self.tickets.replace(self.tickets.get().wrapping_add(1))
    }

    /// A response has more to send, and it is the client's turn to take it.
    pub(super) fn wait_for_client(&self, ticket: u64) {
        let now = (Instant::now(), self.sent.get());
        self.waiting.borrow_mut().insert(ticket, now);
    }

    /// A response does not wait for the client.
    pub(super) fn wait_no_more(&self, ticket: u64) {
        self.waiting.borrow_mut().remove(&ticket);
    }

    /// Whether a response waits for a client that takes next to nothing.
    fn is_starved(&self, idle_timeout: Duration) -> bool {
        self.waiting.borrow().values().any(|(since, sent)| {
            let waited = since.elapsed();
            let least = SLOWEST.saturating_mul(waited.as_secs().max(1));
            waited >= idle_timeout && self.sent.get().saturating_sub(*sent) < least
        })
    }

    /// What is wrong now, if anything.
    pub(crate) fn stall(&self, header_timeout: Duration, idle_timeout: Duration) -> Option<Stall> {
        if self
            .blocked_since
            .get()
            .is_some_and(|since| since.elapsed() >= idle_timeout)
        {
            return Some(Stall::Reader);
        }
        if self.is_starved(idle_timeout) {
            return Some(Stall::Reader);
        }
        let idle = self.idle_for()?;
        match self.head_since.get() {
            Some(since) if since.elapsed().min(idle) >= header_timeout => Some(Stall::Head),
            None if idle >= idle_timeout => Some(Stall::Idle),
            _ => None,
        }
    }
}

/// The socket behind its guard.
pub(crate) struct Guarded {
    socket: TcpStream,
    framing: RefCell<Framing>,
    activity: Rc<Activity>,
    linger: Option<(usize, Instant)>,
    /// What is still to be read after a refusal.
    poison: &'static [u8],
}

impl Guarded {
    /// Guards a socket.
    pub(crate) fn new(socket: TcpStream, http2: bool, activity: Rc<Activity>) -> Self {
        Self {
            socket,
            framing: RefCell::new(Framing::new(http2)),
            activity,
            linger: None,
            poison: POISON,
        }
    }

    /// Checks what was read. From the first bad byte on it is replaced by a NUL, which no HTTP
    /// reader takes: so the answer is 400 in its right place after earlier answers, and nothing that
    /// follows is ever looked at.
    fn check(&self, buffer: &mut ReadBuf<'_>, before: usize) {
        let mut framing = self.framing.borrow_mut();
        let fresh = buffer.filled().get(before..).unwrap_or_default();
        if let Some(bad) = framing.inspect(fresh) {
            self.activity.refuse();
            if let Some(byte) = buffer.filled_mut().get_mut(before + bad) {
                *byte = 0;
            }
            buffer.set_filled(before + bad + 1);
        }
        self.activity.touched.set(true);
        self.activity.http2.set(framing.is_http2());
        match (framing.in_head(), self.activity.head_since.get()) {
            (true, None) => self.activity.head_since.set(Some(Instant::now())),
            (false, Some(_)) => self.activity.head_since.set(None),
            _ => {}
        }
    }

    fn note_write<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match (&written, self.activity.blocked_since.get()) {
            (Poll::Pending, None) => self.activity.blocked_since.set(Some(Instant::now())),
            (Poll::Ready(_), Some(_)) => self.activity.blocked_since.set(None),
            _ => {}
        }
        written
    }

    fn note_sent(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(count)) = written {
            let sent = &self.activity.sent;
            sent.set(sent.get().wrapping_add(*count as u64));
        }
    }

    /// Reads and throws away until the client is done, or it is enough.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0_u8; 8192];
        loop {
            let (left, until) = *self
                .linger
                .get_or_insert_with(|| (LINGER_BYTES, Instant::now() + LINGER_TIME));
            if left == 0 || Instant::now() >= until {
                return Poll::Ready(());
            }
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {
                    self.linger = Some((left.saturating_sub(buffer.filled().len()), until));
                }
                _ => return Poll::Ready(()),
            }
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.framing.borrow().is_broken() {
            // hyper looks at a head that came in pieces only when it sees the end of it; so it gets
            // an end, and after that nothing.
            let taken = self.poison.len().min(buffer.remaining());
            let (now, later) = self.poison.split_at(taken);
            buffer.put_slice(now);
            self.poison = later;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.check(buffer, before);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.note_sent(&written);
        self.note_write(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.note_sent(&written);
        self.note_write(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
        if self.activity.refused.get() {
            ready!(self.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}
