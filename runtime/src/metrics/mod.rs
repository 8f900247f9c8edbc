//! Counting what happens, without slowing it down.
//!
//! Each worker has counters of its own that only it writes; a scrape adds them up. So counting is a
//! plain load and store in memory that no other thread writes.

pub(crate) mod names;
mod state;
mod text;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use text::Exposition;

/// Routes that get series of their own; any more are counted together as [`names::OTHER`].
const MOST_ROUTES: usize = 10_000;

/// Upstreams that get series of their own; any more are counted together.
const MOST_UPSTREAMS: usize = 1_000;

/// Identities that get series of their own; any more are counted together.
const MOST_IDENTITIES: usize = 1_000;

/// Upper bounds of the duration buckets, in microseconds.
pub(crate) const BUCKETS: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 5_000_000, 10_000_000,
];

/// A number that one thread writes and any may read.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds; only to be called by the owning thread.
    pub(crate) fn add(&self, amount: u64) {
        self.0.store(
            self.0.load(Ordering::Relaxed).wrapping_add(amount),
            Ordering::Relaxed,
        );
    }

    /// Reads.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Buckets of what is answered quickly (25 ms).
const QUICK: usize = 6;

/// What is counted for a route. With thousands of routes their counters do not fit the processor's
/// cache, so what nearly every answer counts lies in one line of memory (64 bytes), the rest behind it.
#[derive(Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct RouteCounters {
    /// All durations together, in microseconds.
    microseconds: Counter,
    /// Answers of class 2xx.
    successes: Counter,
    /// Answers by duration, the shortest.
    quick: [Counter; QUICK],
    /// Answers by class: 1xx to 5xx, and those never given. The place of 2xx is not used.
    classes: [Counter; 6],
    /// Answers by duration, the others; the last has no bound.
    slow: [Counter; BUCKETS.len() + 1 - QUICK],
    /// Decisions of the policies, in the order of [`Decided`].
    decisions: [Counter; 4],
}

/// What the policies decided.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decided {
    /// A policy permits it.
    Allowed,
    /// A policy forbids it.
    Forbidden,
    /// No policy permits it.
    NotPermitted,
    /// A policy could not be worked out.
    Failed,
}

impl RouteCounters {
    /// Counts an answer. A status of 499 stands for a client that left before it.
    pub(crate) fn record(&self, status: u16, took: Duration) {
        let class = if status == 499 {
            5
        } else {
            usize::from(status / 100).saturating_sub(1).min(4)
        };
        if let Some(counter) = self.class(class) {
            counter.add(1);
        }
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.partition_point(|bound| *bound < microseconds);
        if let Some(counter) = self.bucket(bucket) {
            counter.add(1);
        }
        self.microseconds.add(microseconds);
    }

    /// Counts a decision.
    pub(crate) fn decided(&self, decided: Decided) {
        if let Some(counter) = self.decisions.get(decided as usize) {
            counter.add(1);
        }
    }

    /// Reads what is about to be counted up.
    pub(crate) fn glance(&self) -> u64 {
        self.microseconds.get()
    }

    fn class(&self, class: usize) -> Option<&Counter> {
        match class {
            1 => Some(&self.successes),
            other => self.classes.get(other),
        }
    }

    fn bucket(&self, bucket: usize) -> Option<&Counter> {
        match bucket.checked_sub(QUICK) {
            None => self.quick.get(bucket),
            Some(slow) => self.slow.get(slow),
        }
    }

    /// Answers by class: 1xx to 5xx, and those never given.
    fn classes(&self) -> impl Iterator<Item = &Counter> {
        (0..self.classes.len()).filter_map(|class| self.class(class))
    }

    /// Answers by duration; the last bucket has no bound.
    fn buckets(&self) -> impl Iterator<Item = &Counter> {
        self.quick.iter().chain(&self.slow)
    }
}

/// What is counted for an upstream.
#[derive(Debug, Default)]
pub(crate) struct UpstreamCounters {
    /// Requests passed on.
    pub(crate) requests: Counter,
    /// Servers that no connection could be made to.
    pub(crate) unreachable: Counter,
    /// Answers that did not come in time.
    pub(crate) timeouts: Counter,
    /// Answers that were none.
    pub(crate) malformed: Counter,
    /// Connections made.
    pub(crate) connections: Counter,
}

/// What is counted for an identity.
#[derive(Debug, Default)]
pub(crate) struct IdentityCounters {
    /// It was proved who is asking.
    pub(crate) proved: Counter,
    /// A credential was not taken.
    pub(crate) refused: Counter,
    /// It could not be told.
    pub(crate) away: Counter,
}

/// What is counted of a listener's TLS handshakes.
#[derive(Debug, Default)]
pub(crate) struct HandshakeCounters {
    /// Done with all there is to it.
    pub(crate) full: Counter,
    /// Done, with what an earlier one had settled.
    pub(crate) resumed: Counter,
    /// One side refused the other.
    pub(crate) failed: Counter,
    /// Not done in time.
    pub(crate) late: Counter,
    /// The client went away, or sent nothing.
    pub(crate) abandoned: Counter,
    /// HTTP came instead.
    pub(crate) plain: Counter,
}

/// One worker's counters, away from other threads' cache lines.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct WorkerCounters {
    pub(crate) connections_opened: Counter,
    pub(crate) connections_closed: Counter,
    pub(crate) requests_begun: Counter,
    pub(crate) requests_ended: Counter,
    pub(crate) bytes_in: Counter,
    pub(crate) bytes_out: Counter,
    /// Connections on which something came in that is no HTTP.
    pub(crate) malformed: Counter,
    /// Requests that no route took.
    pub(crate) unmatched: RouteCounters,
    routes: Mutex<HashMap<String, Arc<RouteCounters>>>,
    upstreams: Mutex<HashMap<String, Arc<UpstreamCounters>>>,
    handshakes: Mutex<HashMap<String, Arc<HandshakeCounters>>>,
    identities: Mutex<HashMap<String, Arc<IdentityCounters>>>,
}

impl WorkerCounters {
    /// The counters of a route. Not for the way of every request: takes a lock.
    pub(crate) fn route(&self, name: &str) -> Arc<RouteCounters> {
        let mut routes = lock(&self.routes);
        let full = routes.len() >= MOST_ROUTES && !routes.contains_key(name);
        let name = if full { names::OTHER } else { name };
        Arc::clone(routes.entry(name.to_owned()).or_default())
    }

    /// The counters of an upstream. Takes a lock.
    pub(crate) fn upstream(&self, name: &str) -> Arc<UpstreamCounters> {
        let mut upstreams = lock(&self.upstreams);
        let full = upstreams.len() >= MOST_UPSTREAMS && !upstreams.contains_key(name);
        let name = if full { names::OTHER } else { name };
        Arc::clone(upstreams.entry(name.to_owned()).or_default())
    }

    /// The counters of an identity. Takes a lock.
    pub(crate) fn identity(&self, name: &str) -> Arc<IdentityCounters> {
        let mut identities = lock(&self.identities);
        let full = identities.len() >= MOST_IDENTITIES && !identities.contains_key(name);
        let name = if full { names::OTHER } else { name };
        Arc::clone(identities.entry(name.to_owned()).or_default())
    }

    /// The counters of a listener's handshakes. Takes a lock.
    pub(crate) fn handshakes(&self, listener: &str) -> Arc<HandshakeCounters> {
        let mut handshakes = lock(&self.handshakes);
        if let Some(counters) = handshakes.get(listener) {
            return Arc::clone(counters);
        }
        Arc::clone(handshakes.entry(listener.to_owned()).or_default())
    }
}

/// How reloads went.
#[derive(Debug, Default)]
pub(crate) struct ReloadCounters {
    /// A new snapshot was put in place.
    pub(crate) swapped: Counter,
    /// The sources held what runs already.
    pub(crate) unchanged: Counter,
    /// The change was refused.
    pub(crate) refused: Counter,
    /// There was nothing to read: a folder without a bundle.
    pub(crate) empty: Counter,
}

/// The names of what is counted apart and still there.
#[derive(Debug, Default)]
pub(crate) struct Live<'a> {
    pub(crate) routes: HashSet<&'a str>,
    pub(crate) upstreams: HashSet<&'a str>,
    pub(crate) listeners: HashSet<&'a str>,
    pub(crate) identities: HashSet<&'a str>,
}

/// Every worker's counters.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    workers: Mutex<Vec<Arc<WorkerCounters>>>,
    /// How reloads went; written by the one thread that reloads.
    pub(crate) reloads: ReloadCounters,
}

impl Registry {
    /// Counters for a new worker. Those of one that ended count on, so that numbers never fall, and
    /// that workers may come and go without leaving ever more behind.
    pub(crate) fn worker(&self) -> Arc<WorkerCounters> {
        let mut workers = lock(&self.workers);
        if let Some(left) = workers.iter().find(|worker| Arc::strong_count(worker) == 1) {
            return Arc::clone(left);
        }
        let counters = Arc::new(WorkerCounters::default());
        workers.push(Arc::clone(&counters));
        counters
    }

    /// Forgets the series of all that is not there any more, so that series do not gather
    /// over many changes.
    pub(crate) fn keep(&self, live: &Live<'_>) {
        let stays =
            |names: &HashSet<&str>, name: &str| name == names::OTHER || names.contains(name);
        for worker in lock(&self.workers).iter() {
            lock(&worker.routes).retain(|name, _| stays(&live.routes, name));
            lock(&worker.upstreams).retain(|name, _| stays(&live.upstreams, name));
            lock(&worker.handshakes).retain(|name, _| stays(&live.listeners, name));
            lock(&worker.identities).retain(|name, _| stays(&live.identities, name));
        }
    }

    /// One number over all workers.
    pub(crate) fn sum(&self, pick: impl Fn(&WorkerCounters) -> u64) -> u64 {
        lock(&self.workers)
            .iter()
            .map(|worker| pick(worker))
            .fold(0, u64::wrapping_add)
    }

    /// Connections open now.
    pub(crate) fn open_connections(&self) -> u64 {
        let closed = self.sum(|worker| worker.connections_closed.get());
        self.sum(|worker| worker.connections_opened.get())
            .saturating_sub(closed)
    }

    /// Requests being answered now.
    pub(crate) fn in_flight(&self) -> u64 {
        let ended = self.sum(|worker| worker.requests_ended.get());
        self.sum(|worker| worker.requests_begun.get())
            .saturating_sub(ended)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Live, MOST_UPSTREAMS, Registry, lock};

    #[test]
    fn series_do_not_gather_without_bound() {
        let registry = Registry::default();
        let worker = registry.worker();
        worker.bytes_in.add(1);
        drop(worker);
        let worker = registry.worker();
        worker.bytes_in.add(1);
        assert_eq!(registry.worker().bytes_in.get(), 0);
        assert_eq!(registry.sum(|worker| worker.bytes_in.get()), 2);
        for index in 0..=MOST_UPSTREAMS {
            worker.upstream(&format!("u{index}")).requests.add(1);
        }
        assert_eq!(lock(&worker.upstreams).len(), MOST_UPSTREAMS + 1);
        assert!(lock(&worker.upstreams).contains_key("other"));
        worker.route("stays");
        worker.route("goes");
        worker.handshakes("stays");
        worker.handshakes("goes");
        worker.identity("stays");
        worker.identity("goes");
        let stays = || HashSet::from(["stays"]);
        registry.keep(&Live {
            routes: stays(),
            upstreams: HashSet::from(["u7"]),
            listeners: stays(),
            identities: stays(),
        });
        assert_eq!(lock(&worker.identities).len(), 1);
        assert_eq!(lock(&worker.handshakes).len(), 1);
        assert_eq!(lock(&worker.routes).len(), 1);
        assert_eq!(lock(&worker.upstreams).len(), 2);
    }
}
