//! What is counted of a session.

use std::sync::atomic::{AtomicU64, Ordering};

/// Something that happened to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// One was made.
    Made,
    /// One goes on under a new id.
    Renewed,
    /// One was ended by a route.
    Ended,
    /// One was ended by the management.
    Revoked,
    /// One was ended because a value of it could not be decrypted.
    Unreadable,
    /// A page of another site was refused.
    Foreign,
    /// The store was away.
    Lost,
}

/// The names of events in metrics, in their order.
pub(crate) const EVENTS: [&str; 7] = [
    "made",
    "renewed",
    "ended",
    "revoked",
    "unreadable",
    "foreign",
    "lost",
];

/// What is counted of a session.
#[derive(Debug, Default)]
pub(crate) struct SessionCounters {
    events: [AtomicU64; EVENTS.len()],
}

impl SessionCounters {
    pub(crate) fn count(&self, event: Event) {
        if let Some(counter) = self.events.get(event as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often each event was.
    pub(crate) fn events(&self) -> [(&'static str, u64); EVENTS.len()] {
        let mut counted = EVENTS.map(|name| (name, 0));
        for ((_, count), counter) in counted.iter_mut().zip(&self.events) {
            *count = counter.load(Ordering::Relaxed);
        }
        counted
    }
}
