//! How a store is, for `/ready` and metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::Lost;

/// How a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Which kind of store it is.
    pub kind: Kind,
    /// Whether it answers.
    pub state: State,
    /// When it last answered.
    pub answered: Option<SystemTime>,
    /// Whether calls are let through to it. In a cluster: to all of its parts.
    pub breaker: Breaker,
    /// The name of what the store holds, which another one or an emptied one does not have.
    pub epoch: Option<Epoch>,
    /// How often the store was seen emptied or rewound.
    pub losses: u64,
    /// Calls.
    pub calls: u64,
    /// Calls that came to nothing.
    pub failures: Failures,
    /// Counts of limits that were forgotten early because there were too many.
    pub evicted: u64,
    /// What it holds, where the store is this process's own.
    pub holds: Option<Holds>,
}

/// Which kind of store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The memory of this process.
    Memory,
    /// A file.
    File,
    /// SQLite.
    Sqlite,
    /// One Redis.
    Redis,
    /// The primary that Sentinels name.
    Sentinel,
    /// A cluster of Redis.
    Cluster,
}

impl Kind {
    /// Its name in metrics and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::File => "file",
            Self::Sqlite => "sqlite",
            Self::Redis => "redis",
            Self::Sentinel => "sentinel",
            Self::Cluster => "cluster",
        }
    }
}

/// Whether a store answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It does.
    Up,
    /// It does not.
    Away {
        /// Since when.
        since: SystemTime,
        /// Why, as far as is known; never with a secret in it.
        why: String,
    },
}

/// Whether calls are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breaker {
    /// They are.
    Closed,
    /// They are not: the store failed again and again, and is tried from time to time.
    Open,
}

/// What tells a store's contents from another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// A random name, made when the store was found empty.
    pub id: String,
    /// Counts up each second.
    pub tick: i64,
    /// When it was made: the store remembers nothing from before.
    pub since: SystemTime,
}

/// Calls that came to nothing, by why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// [`Lost::Away`].
    pub away: u64,
    /// [`Lost::Late`].
    pub late: u64,
    /// [`Lost::Busy`].
    pub busy: u64,
    /// [`Lost::Full`].
    pub full: u64,
    /// [`Lost::Failed`].
    pub failed: u64,
}

/// What a store of this process holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holds {
    /// Counts of limits.
    pub limits: usize,
    /// Records.
    pub records: usize,
    /// Bytes that the records take, about.
    pub bytes: usize,
}

/// Counts calls and what came of them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    calls: AtomicU64,
    away: AtomicU64,
    late: AtomicU64,
    busy: AtomicU64,
    full: AtomicU64,
    failed: AtomicU64,
}

impl Tally {
    pub(crate) fn count<T>(&self, result: Result<T, Lost>) -> Result<T, Lost> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if let Err(lost) = &result {
            let counter = match lost {
                Lost::Away => &self.away,
                Lost::Late => &self.late,
                Lost::Busy => &self.busy,
                Lost::Full => &self.full,
                Lost::Failed(_) => &self.failed,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(crate) fn failures(&self) -> Failures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Failures {
            away: read(&self.away),
            late: read(&self.late),
            busy: read(&self.busy),
            full: read(&self.full),
            failed: read(&self.failed),
        }
    }
}
