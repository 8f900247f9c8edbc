//! When things last happened on a connection: which requests are in flight, and which answers wait
//! for a client that takes next to nothing. All on one thread.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Shared between the socket, the requests and the timer of a connection.
pub(crate) struct Activity {
    http2: Cell<bool>,
    /// Requests taken and not fully answered.
    in_flight: Cell<u32>,
    /// Since when no request is in flight.
    idle_since: Cell<Instant>,
    /// A request was refused before all of it was read.
    refused: Cell<bool>,
    /// Since when a write waits for the client.
    blocked_since: Cell<Option<Instant>>,
    /// HTTP/2 answers that wait for the client, by ticket: since when, and how many bytes the
    /// connection had sent by then.
    waiting: RefCell<HashMap<u64, (Instant, u64)>>,
    tickets: Cell<u64>,
    sent: Cell<u64>,
    /// Requests taken in all, and those that the client gave up before there was an answer.
    taken: Cell<u32>,
    given_up: Cell<u32>,
    /// Bytes that may still be read before others have their turn.
    allowance: Cell<usize>,
}

/// Requests given up before anybody asks whether that is still sound. A client that gives up most of
/// what it asks for has the work done for nothing (CVE-2023-44487).
const GIVEN_UP: u32 = 200;

/// Bytes a second that a client takes at least while answers wait for it.
const SLOWEST: u64 = 256;

/// What is wrong with an HTTP/2 connection's pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stall {
    /// No request for too long.
    Idle,
    /// The client does not take what is sent.
    Reader,
}

impl Activity {
    /// A connection that was just accepted.
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            http2: Cell::new(false),
            in_flight: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            refused: Cell::new(false),
            blocked_since: Cell::new(None),
            waiting: RefCell::default(),
            tickets: Cell::new(0),
            sent: Cell::new(0),
            taken: Cell::new(0),
            given_up: Cell::new(0),
            allowance: Cell::new(usize::MAX),
        })
    }

    /// A request begins.
    pub(crate) fn begin(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
        self.taken.set(self.taken.get().saturating_add(1));
    }

    /// Requests taken in all.
    pub(super) fn taken(&self) -> u32 {
        self.taken.get()
    }

    /// The client gave a request up before there was an answer.
    pub(crate) fn give_up(&self) {
        self.given_up.set(self.given_up.get().saturating_add(1));
    }

    /// Whether the client gives up most of what it asks for.
    pub(super) fn is_abused(&self) -> bool {
        let given_up = self.given_up.get();
        given_up >= GIVEN_UP && given_up > self.taken.get() / 2
    }

    /// Allows so many bytes to be read in this turn.
    pub(super) fn allow(&self, bytes: usize) {
        self.allowance.set(bytes);
    }

    /// How many bytes may be read.
    pub(super) fn allowance(&self) -> usize {
        self.allowance.get()
    }

    /// A request is answered to the end, or given up.
    pub(crate) fn end(&self, now: Instant) {
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
        self.idle_since.set(now);
    }

    /// From now on the connection waits for a request.
    pub(super) fn rest(&self) {
        self.idle_since.set(Instant::now());
    }

    /// Since when the connection waits for a request.
    pub(super) fn idle_since(&self) -> Instant {
        self.idle_since.get()
    }

    /// How long no request has been in flight.
    fn idle_for(&self) -> Option<Duration> {
        (self.in_flight.get() == 0).then(|| self.idle_since.get().elapsed())
    }

    /// Whether the connection speaks HTTP/2.
    pub(crate) fn is_http2(&self) -> bool {
        self.http2.get()
    }

    /// From now on the connection speaks HTTP/2.
    pub(super) fn speak_http2(&self) {
        self.http2.set(true);
    }

    /// A request was refused before all of it was read: what remains is thrown away before closing.
    pub(crate) fn refuse(&self) {
        self.refused.set(true);
    }

    /// Whether a request was refused so.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.get()
    }

    /// A number for a response, never used twice.
    pub(super) fn ticket(&self) -> u64 {
        self.tickets.replace(self.tickets.get().wrapping_add(1))
    }

    /// An answer has more to send, and it is the client's turn to take it.
    pub(super) fn wait_for_client(&self, ticket: u64) {
        let now = (Instant::now(), self.sent.get());
        self.waiting.borrow_mut().insert(ticket, now);
    }

    /// An answer does not wait for the client.
    pub(super) fn wait_no_more(&self, ticket: u64) {
        self.waiting.borrow_mut().remove(&ticket);
    }

    /// A write waits for the client.
    pub(super) fn note_blocked(&self) {
        if self.blocked_since.get().is_none() {
            self.blocked_since.set(Some(Instant::now()));
        }
    }

    /// So many bytes were sent.
    pub(super) fn note_sent(&self, count: usize) {
        self.blocked_since.set(None);
        self.sent.set(self.sent.get().wrapping_add(count as u64));
    }

    /// Whether an answer waits for a client that takes next to nothing.
    fn is_starved(&self, idle_timeout: Duration) -> bool {
        self.waiting.borrow().values().any(|(since, sent)| {
            let waited = since.elapsed();
            let least = SLOWEST.saturating_mul(waited.as_secs().max(1));
            waited >= idle_timeout && self.sent.get().saturating_sub(*sent) < least
        })
    }

    /// What is wrong now, if anything.
    pub(super) fn stall(&self, idle_timeout: Duration) -> Option<Stall> {
        let blocked = self.blocked_since.get();
        if blocked.is_some_and(|since| since.elapsed() >= idle_timeout)
            || self.is_starved(idle_timeout)
        {
            return Some(Stall::Reader);
        }
        (self.idle_for()? >= idle_timeout).then_some(Stall::Idle)
    }
}
