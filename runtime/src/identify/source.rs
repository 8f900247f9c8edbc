//! Keys at a URL: fetched when they are first named, again from time to time, and at once where a token
//! is signed with a key that is not among them. Where they cannot be fetched, those that are known serve
//! for a while.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use gated_identity::KeySet;
use http::Uri;
use rustls::ClientConfig;
use tokio::sync::{Notify, mpsc, watch};

use super::fetch::{self, Answer};
use crate::names::Names;
use crate::shared::lock;
use crate::tls::{self, Roots};

/// The least time between two attempts that somebody asks for.
const AT_LEAST: Duration = Duration::from_secs(10);

/// How long somebody waits for keys to be fetched.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long an attempt may take.
const ATTEMPT: Duration = Duration::from_secs(10);

/// The pauses after attempts that fail, the first and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Keys at a URL.
pub(crate) struct Source {
    pub(super) uri: Uri,
    pub(super) tls: Option<Arc<ClientConfig>>,
    refresh: Duration,
    /// Milliseconds that keys serve which cannot be fetched anew.
    stale: AtomicU64,
    keys: ArcSwapOption<Fetched>,
    /// When the last attempt began.
    attempted: Mutex<Option<Instant>>,
    /// Attempts that are done.
    done: watch::Sender<u64>,
    wanted: Notify,
    fetched: AtomicU64,
    failed: AtomicU64,
}

/// Keys that were fetched.
pub(crate) struct Fetched {
    pub(super) keys: KeySet,
    /// Grows whenever others come.
    pub(super) revision: u64,
    /// When it was last known that they are the right ones.
    at: Instant,
    etag: Option<String>,
    /// What they were read from.
    bytes: bytes::Bytes,
}

/// What is told of a source.
pub(crate) struct Facts {
    /// The URL without its query.
    pub(crate) url: String,
    pub(crate) fetched: u64,
    pub(crate) failed: u64,
    /// `None`: there are none yet.
    pub(crate) age: Option<Duration>,
}

impl Source {
    pub(super) fn new(
        url: &str,
        refresh: Duration,
        stale: Duration,
        roots: &mut Roots,
    ) -> Result<Self, String> {
        let uri: Uri = url
            .parse()
            .map_err(|_| format!("`{url}` is no URL that keys can be fetched from"))?;
        let tls = match uri.scheme_str() {
            Some("https") => Some(tls::client_of_the_system(roots)?),
            _ => None,
        };
        Ok(Self {
            uri,
            tls,
            refresh: refresh.max(PAUSES.0),
            stale: AtomicU64::new(milliseconds(stale)),
            keys: ArcSwapOption::empty(),
            attempted: Mutex::default(),
            done: watch::Sender::new(0),
            wanted: Notify::new(),
            fetched: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        })
    }

    /// Changes how long keys serve that cannot be fetched anew.
    pub(super) fn bound(&self, stale: Duration) {
        self.stale.store(milliseconds(stale), Ordering::Relaxed);
    }

    /// The keys, if there are any that still serve.
    pub(super) fn keys(&self) -> Option<Arc<Fetched>> {
        let keys = self.keys.load_full()?;
        let stale = Duration::from_millis(self.stale.load(Ordering::Relaxed));
        (keys.at.elapsed() <= self.refresh.saturating_add(stale)).then_some(keys)
    }

    /// Has the keys fetched anew; `None`: that was done just now, or it came to nothing.
    pub(super) async fn fetch_anew(&self, known: u64) -> Option<Arc<Fetched>> {
        let newer = || self.keys().filter(|keys| keys.revision != known);
        let early = lock(&self.attempted).is_some_and(|at| at.elapsed() < AT_LEAST);
        let mut done = self.done.subscribe();
        if early {
            return newer();
        }
        self.wanted.notify_one();
        let _ = tokio::time::timeout(PATIENCE, done.changed()).await;
        newer()
    }

    /// What is told of it.
    pub(crate) fn facts(&self) -> Facts {
        let keys = self.keys.load_full();
        Facts {
            url: self.told(),
            fetched: self.fetched.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            age: keys.map(|keys| keys.at.elapsed()),
        }
    }

    /// The URL without what may be secret in it.
    fn told(&self) -> String {
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let port = self.uri.port().map(|port| format!(":{port}"));
        let host = self.uri.host().unwrap_or_default();
        format!(
            "{scheme}://{host}{}{}",
            port.unwrap_or_default(),
            self.uri.path()
        )
    }

    /// Fetches once; gives how long to wait until the next time.
    async fn attempt(&self, names: &Names, pause: &mut Duration) -> Duration {
        *lock(&self.attempted) = Some(Instant::now());
        let known = self.keys.load_full();
        let etag = known.as_ref().and_then(|keys| keys.etag.as_deref());
        let answer = tokio::time::timeout(ATTEMPT, fetch::get(self, etag, names)).await;
        let answer = answer.unwrap_or_else(|_| Err("no answer came in time".to_owned()));
        let taken = answer.and_then(|answer| self.take(answer, known.as_deref()));
        let wait = match taken {
            Ok(()) => {
                self.fetched.fetch_add(1, Ordering::Relaxed);
                *pause = PAUSES.0;
                self.refresh
            }
            Err(reason) => {
                self.failed.fetch_add(1, Ordering::Relaxed);
                let url = self.told();
                let age = known.map_or(0, |keys| keys.at.elapsed().as_secs());
                tracing::warn!(url, reason, age, "keys of tokens cannot be fetched");
                let wait = *pause;
                *pause = (wait * 2).min(PAUSES.1).min(self.refresh);
                wait
            }
        };
        self.done.send_modify(|done| *done += 1);
        wait
    }

    fn take(&self, answer: Answer, known: Option<&Fetched>) -> Result<(), String> {
        let same = |bytes: &bytes::Bytes| known.is_some_and(|known| known.bytes == *bytes);
        let (bytes, etag) = match (answer, known) {
            (Answer::Same, Some(known)) => (known.bytes.clone(), known.etag.clone()),
            (Answer::Same, None) => return Err("it says that nothing changed since never".into()),
            (Answer::New(bytes, etag), _) => (bytes, etag),
        };
        let (keys, revision) = match known {
            Some(known) if same(&bytes) => (known.keys.clone(), known.revision),
            _ => {
                let keys = KeySet::from_json(&bytes)
                    .map_err(|problem| format!("what it answers {problem}"))?;
                let revision = known.map_or(0, |known| known.revision + 1);
                let count = keys.keys().count();
                tracing::info!(url = self.told(), count, "new keys of tokens");
                (keys, revision)
            }
        };
        self.keys.store(Some(Arc::new(Fetched {
            keys,
            revision,
            at: Instant::now(),
            etag,
            bytes,
        })));
        Ok(())
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Begins the thread that fetches; it ends when nobody can name a source any more.
pub(super) fn start(names: Arc<Names>) -> mpsc::UnboundedSender<Weak<Source>> {
    let (send, receive) = mpsc::unbounded_channel();
    let begun = std::thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(run(receive, names)),
                Err(error) => tracing::error!(%error, "keys cannot be fetched"),
            }
        });
    if let Err(error) = begun {
        tracing::error!(%error, "keys cannot be fetched");
    }
    send
}

async fn run(mut sources: mpsc::UnboundedReceiver<Weak<Source>>, names: Arc<Names>) {
    while let Some(source) = sources.recv().await {
        tokio::spawn(tend(source, Arc::clone(&names)));
    }
}

/// Looks after a source as long as somebody needs it.
async fn tend(source: Weak<Source>, names: Arc<Names>) {
    let mut pause = PAUSES.0;
    let mut next = Duration::ZERO;
    while let Some(source) = wait(&source, next).await {
        next = source.attempt(&names, &mut pause).await;
    }
}

/// Waits for that time, or until somebody asks; looks now and then whether anybody still needs it.
async fn wait(source: &Weak<Source>, time: Duration) -> Option<Arc<Source>> {
    /// How often it is looked.
    const LOOK: Duration = Duration::from_secs(1);
    let until = Instant::now() + time;
    loop {
        let held = source.upgrade()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Some(held);
        }
        let asked = tokio::time::timeout(left.min(LOOK), held.wanted.notified()).await;
        if asked.is_ok() {
            return Some(held);
        }
    }
}
