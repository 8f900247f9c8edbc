//! What the threads of a replica share.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use arc_swap::ArcSwapOption;

use crate::environment::Counters;
use crate::events::Events;
use crate::log::{Flood, Level, Sink};
use crate::metrics::Registry;
use crate::names::Names;
use crate::server::Listener;
use crate::snapshot::{ListenerSettings, Snapshot};

/// Refused changes that are remembered.
const MOST_REFUSED: usize = 10;

/// A change that was refused, and why.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Refused {
    /// What was refused: the digest of a bundle, or of a spec's findings.
    pub(crate) digest: String,
    /// When, in RFC 3339.
    pub(crate) at: String,
    /// Why, in one sentence.
    pub(crate) reason: String,
    /// The findings.
    pub(crate) diagnostics: serde_json::Value,
    /// Since when the sources are good again, in RFC 3339; `None`: they are not.
    pub(crate) resolved_at: Option<String>,
}

/// What all threads see.
pub(crate) struct Shared {
    /// What runs.
    pub(crate) snapshot: ArcSwapOption<Snapshot>,
    /// Grows with each swap, so that a worker sees by one load that its view is old.
    pub(crate) generation: AtomicU64,
    /// Open listeners.
    pub(crate) listeners: Mutex<Vec<Arc<Listener>>>,
    /// Where the management listener is, if anywhere.
    pub(crate) management: Mutex<Option<SocketAddr>>,
    /// Settings of what runs that only a restart applies.
    pub(crate) restart_needed: Mutex<Vec<&'static str>>,
    /// Refused changes, the newest first.
    refused: Mutex<VecDeque<Refused>>,
    pub(crate) metrics: Registry,
    /// Counters of templates.
    pub(crate) counters: Counters,
    pub(crate) events: Events,
    pub(crate) level: Level,
    pub(crate) sink: Arc<Sink>,
    /// Whether the replica is stopping.
    pub(crate) draining: AtomicBool,
    pub(crate) started: Instant,
    pub(crate) started_at: SystemTime,
    /// Number of threads that accept connections.
    pub(crate) workers: AtomicUsize,
    /// Failures of upstreams that were told lately.
    pub(crate) failures: Flood,
    /// Where hosts are.
    pub(crate) names: Arc<Names>,
    /// Credentials that were refused lately and told of.
    pub(crate) refusals: Flood,
    /// Requests that were not let in.
    pub(crate) denials: Flood,
}

impl Shared {
    pub(crate) fn new(level: Level, sink: Arc<Sink>, names: Arc<Names>) -> Self {
        Self {
            snapshot: ArcSwapOption::empty(),
            generation: AtomicU64::new(0),
            listeners: Mutex::default(),
            management: Mutex::default(),
            restart_needed: Mutex::default(),
            refused: Mutex::default(),
            metrics: Registry::default(),
            counters: Counters::default(),
            events: Events::default(),
            level,
            sink,
            draining: AtomicBool::new(false),
            started: Instant::now(),
            started_at: SystemTime::now(),
            workers: AtomicUsize::new(0),
            failures: Flood::default(),
            names,
            refusals: Flood::of_identities(),
            denials: Flood::of_routes(),
        }
    }

    /// Puts a snapshot in the place of the one that runs, which is returned.
    pub(crate) fn swap(&self, snapshot: Arc<Snapshot>) -> Option<Arc<Snapshot>> {
        let old = self.snapshot.swap(Some(snapshot));
        self.generation.fetch_add(1, Ordering::AcqRel);
        old
    }

    /// Open listeners with the settings that a snapshot has for them, by slot.
    pub(crate) fn listener_settings(
        &self,
        snapshot: &Snapshot,
    ) -> Vec<(u32, Arc<ListenerSettings>)> {
        lock(&self.listeners)
            .iter()
            .filter_map(|open| {
                let settings = snapshot
                    .listeners
                    .iter()
                    .find(|settings| open.serves(settings))?;
                Some((open.slot, Arc::clone(settings)))
            })
            .collect()
    }

    /// Tells the warnings of a spec that is served nevertheless.
    pub(crate) fn warn(&self, warnings: Option<&str>) {
        let Some(warnings) = warnings else {
            return;
        };
        tracing::warn!("the spec has warnings; `gatec check` shows them");
        if self.sink.pretty() {
            self.sink.push(warnings.as_bytes());
        }
    }

    /// Remembers a refused change.
    pub(crate) fn remember(&self, refused: Refused) {
        let mut all = lock(&self.refused);
        all.push_front(refused);
        all.truncate(MOST_REFUSED);
    }

    /// Notes that the sources are good again.
    pub(crate) fn resolve(&self) {
        let now = crate::events::now();
        let mut all = lock(&self.refused);
        for refused in all
            .iter_mut()
            .filter(|refused| refused.resolved_at.is_none())
        {
            refused.resolved_at = Some(now.clone());
        }
    }

    /// Refused changes, the newest first.
    pub(crate) fn refused(&self) -> Vec<Refused> {
        lock(&self.refused).iter().cloned().collect()
    }

    /// Whether requests are served and will be for a while.
    pub(crate) fn is_ready(&self) -> bool {
        !self.draining.load(Ordering::Relaxed) && self.snapshot.load().is_some()
    }
}

/// Locks; a thread that panicked while it held the lock is no reason to stop serving.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
