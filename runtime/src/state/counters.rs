//! What is counted of a limit. Several threads count here, each request once for each of its limits.

use std::sync::atomic::{AtomicU64, Ordering};

/// What became of a request under a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was enough.
    Allowed,
    /// There was not: 429.
    Refused,
    /// There was not, and the limit refuses nobody.
    Shadowed,
    /// The store is away: let in by the replica's own share.
    Local,
    /// The store is away: refused by the replica's own share.
    LocalRefused,
    /// The store is away: let in unseen.
    Open,
    /// The store is away: refused unseen, 503.
    Closed,
}

/// The names of outcomes in metrics, in their order.
pub(crate) const OUTCOMES: [&str; 7] = [
    "allowed",
    "refused",
    "shadowed",
    "local",
    "local_refused",
    "open",
    "closed",
];

/// What is counted of a limit.
#[derive(Debug, Default)]
pub(crate) struct LimitCounters {
    outcomes: [AtomicU64; OUTCOMES.len()],
    over_admitted: AtomicU64,
    /// The most of one key that was let in beyond the limit at one loss of the store.
    worst: AtomicU64,
}

impl LimitCounters {
    pub(crate) fn count(&self, outcome: Outcome) {
        if let Some(counter) = self.outcomes.get(outcome as usize) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Adds what was let in of one key beyond the limit while the store was away.
    pub(crate) fn over_admitted(&self, tokens: u32) {
        self.over_admitted
            .fetch_add(tokens.into(), Ordering::Relaxed);
        self.worst.fetch_max(tokens.into(), Ordering::Relaxed);
    }

    /// How often each outcome was.
    pub(crate) fn outcomes(&self) -> [(&'static str, u64); OUTCOMES.len()] {
        let mut counted = OUTCOMES.map(|name| (name, 0));
        for ((_, count), counter) in counted.iter_mut().zip(&self.outcomes) {
            *count = counter.load(Ordering::Relaxed);
        }
        counted
    }

    /// Tokens let in beyond the limit, and the most of them of one key at one loss.
    pub(crate) fn over(&self) -> (u64, u64) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (read(&self.over_admitted), read(&self.worst))
    }
}
