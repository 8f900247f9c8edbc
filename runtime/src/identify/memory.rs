//! What outlives a snapshot: keys that were fetched, signatures that were taken, and how many passwords
//! are looked at just now.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use gated_identity::{Passwords, Replays};
use tokio::sync::{Semaphore, mpsc};

use super::source::{self, Source};
use crate::names::Names;
use crate::shared::lock;
use crate::tls::Roots;

/// Passwords that may wait until others were looked at.
const MOST_WAITING: usize = 64;

/// What outlives a snapshot.
pub(crate) struct Memory {
    /// Signatures that were taken.
    pub(super) replays: Replays,
    /// Makes digests of passwords mean nothing outside this process.
    pub(super) salt: [u8; 32],
    serials: AtomicU64,
    hashing: Arc<Semaphore>,
    waiting: AtomicUsize,
    sources: Mutex<HashMap<(String, Duration), Weak<Source>>>,
    /// Where new sources go; the thread that fetches begins with the first one.
    fetching: OnceLock<mpsc::UnboundedSender<Weak<Source>>>,
    names: Arc<Names>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Arc::new(Names::new(None)))
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Memory")
    }
}

impl Memory {
    pub(crate) fn new(names: Arc<Names>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut salt = [0; 32];
        // The keys of a hash map are the system's random numbers; nothing better is at hand here.
        for part in salt.chunks_mut(8) {
            use std::hash::{BuildHasher, RandomState};
            part.copy_from_slice(&RandomState::new().hash_one(fastrand::u64(..)).to_be_bytes());
        }
        Self {
            replays: Replays::default(),
            salt,
            serials: AtomicU64::new(0),
            hashing: Arc::new(Semaphore::new(cores)),
            waiting: AtomicUsize::new(0),
            sources: Mutex::default(),
            fetching: OnceLock::new(),
            names,
        }
    }

    /// A number that nothing else has.
    pub(super) fn serial(&self) -> u64 {
        self.serials.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether a name has a password, on a thread kept for such; `None`: too many wait already.
    pub(super) async fn verify(
        &self,
        passwords: &Arc<Passwords>,
        name: String,
        password: Vec<u8>,
    ) -> Option<bool> {
        let _waiting = Waiting::begin(&self.waiting)?;
        let permit = Arc::clone(&self.hashing).acquire_owned().await.ok()?;
        let passwords = Arc::clone(passwords);
        let looking = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            passwords.verify(&name, &password)
        });
        looking.await.ok()
    }

    /// The keys at a URL, which are fetched from now on, unless they are already.
    ///
    /// # Errors
    /// The URL cannot be used, or nobody is trusted to vouch for its server.
    pub(super) fn source(
        &self,
        url: &str,
        refresh: Duration,
        stale: Duration,
        roots: &mut Roots,
    ) -> Result<Arc<Source>, String> {
        let mut sources = lock(&self.sources);
        sources.retain(|_, source| source.strong_count() > 0);
        let name = (url.to_owned(), refresh);
        if let Some(known) = sources.get(&name).and_then(Weak::upgrade) {
            known.bound(stale);
            return Ok(known);
        }
        let source = Arc::new(Source::new(url, refresh, stale, roots)?);
        sources.insert(name, Arc::downgrade(&source));
        let fetching = self
            .fetching
            .get_or_init(|| source::start(Arc::clone(&self.names)));
        fetching
            .send(Arc::downgrade(&source))
            .map_err(|_| "keys cannot be fetched here".to_owned())?;
        Ok(source)
    }
}

/// A place in the queue, given back when it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Option<Self> {
        let place = Self(count);
        (count.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
