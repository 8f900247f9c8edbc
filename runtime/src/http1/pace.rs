//! Whether the other side takes what is sent to it.

use std::cell::Cell;
use std::io;
use std::task::Poll;
use std::time::{Duration, Instant};

/// Bytes a second that the other side takes at least while something waits to be sent.
const SLOWEST: u64 = 256;

/// The most that TLS holds back of what was written.
const HELD_BELOW: u64 = 64 * 1024;

/// How sending fares on a connection.
#[derive(Default)]
pub(super) struct Pace {
    /// Since when something waits to be sent, and how much had been sent by then.
    blocked: Cell<Option<(Instant, u64)>>,
    sent: Cell<u64>,
}

impl Pace {
    /// Notes what came of writing something that is not empty.
    pub(super) fn note_written(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.block(self.sent.get()),
            Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Poll::Ready(Ok(count)) => self.note_sent(*count),
            Poll::Ready(Err(_)) => {}
        }
        written
    }

    /// Notes what came of pushing on what a layer below holds back.
    pub(super) fn note_flushed(&self, flushed: &Poll<io::Result<()>>) {
        match flushed {
            // What a layer below holds counts as sent already, and is not.
            Poll::Pending => self.block(self.sent.get().wrapping_sub(HELD_BELOW)),
            Poll::Ready(Ok(())) => self.note_sent(0),
            Poll::Ready(Err(_)) => {}
        }
    }

    fn block(&self, sent: u64) {
        if self.blocked.get().is_none() {
            self.blocked.set(Some((Instant::now(), sent)));
        }
    }

    fn note_sent(&self, count: usize) {
        self.sent.set(self.sent.get().wrapping_add(count as u64));
        if let Some((since, sent)) = self.blocked.get() {
            // A byte now and then is no progress.
            let least = SLOWEST.saturating_mul(since.elapsed().as_secs());
            if self.sent.get().wrapping_sub(sent) >= least {
                self.blocked.set(None);
            }
        }
    }

    /// When it is too long that something waits to be sent.
    pub(super) fn deadline(&self, bound: Duration) -> Option<Instant> {
        self.blocked.get().map(|(since, _)| since + bound)
    }
}
