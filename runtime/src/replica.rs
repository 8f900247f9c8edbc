//! A whole replica: its threads, how they start, and how they stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::oneshot;

use crate::descriptors;
use crate::events::Event;
use crate::identify::Memory;
use crate::log;
use crate::names::Names;
use crate::reload::{
    BindError, Console, Outcome, Reloader, Settled, Sockets, Source, Trigger, Watch,
};
use crate::shared::{Shared, lock};
use crate::snapshot::{Snapshot, Surroundings};

/// How often a stopping replica looks whether it is done.
const LOOK: Duration = Duration::from_millis(20);

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// What to serve.
    pub source: Source,
    /// Where the management listener is, instead of what the spec says.
    pub management: ManagementAddress,
    /// Threads that serve, instead of what the spec says; 0: one per processor.
    pub workers: Option<usize>,
    /// The log's level, instead of what the spec says.
    pub log_level: Option<String>,
    /// The log's form, instead of what the spec says.
    pub log_format: Option<String>,
    /// Where secrets lie, a file each.
    pub secrets_dir: Option<PathBuf>,
    /// The name server that is asked instead of the system's.
    pub name_server: Option<SocketAddr>,
    /// Development mode, whatever the spec says.
    pub development: bool,
}

/// Where the management listener is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagementAddress {
    /// Where the spec says.
    Spec,
    /// Nowhere.
    Off,
    /// Here.
    At(SocketAddr),
}

/// Why a replica did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// What is to be served is wrong. The text is for people and may have many lines.
    #[error("{0}")]
    Source(String),
    /// An address cannot be had.
    #[error("{0}")]
    Address(String),
    /// The system does not give what is needed.
    #[error("{0}")]
    System(String),
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> Self {
        Self::Address(error.to_string())
    }
}

/// A replica that runs.
pub struct Replica {
    shared: Arc<Shared>,
    sockets: Arc<Mutex<Sockets>>,
    /// Open until the replica has stopped.
    _console: Arc<Mutex<Console>>,
    triggers: Sender<Trigger>,
    reloading: Option<JoinHandle<()>>,
    source: Source,
}

impl Replica {
    /// Starts to serve.
    ///
    /// # Errors
    /// [`StartError`]; nothing runs then.
    pub fn start(options: Options) -> Result<Self, StartError> {
        descriptors::raise();
        let names = Arc::new(Names::new(options.name_server));
        let surroundings = Surroundings {
            development: options.development,
            secrets_dir: options.secrets_dir.clone(),
            tickets: Arc::default(),
            memory: Arc::new(Memory::new(Arc::clone(&names))),
            state: Arc::default(),
        };
        let (first, watched, warnings) = first_snapshot(&options.source, &surroundings)?;
        let settings = first.as_ref().map(|snapshot| &snapshot.settings);
        let form = options
            .log_format
            .as_deref()
            .or(settings.map(|settings| settings.log_format.as_str()));
        let (level, sink) = log::begin(options.log_level.as_deref(), form);
        let shared = Arc::new(Shared::new(level, sink, names));
        shared.warn(warnings.as_deref());
        let sockets = Arc::new(Mutex::new(Sockets::new(Arc::clone(&shared))));
        let (triggers, triggered) = channel();
        let console = Console::new(Arc::clone(&shared), triggers.clone(), options.management);
        let console = Arc::new(Mutex::new(console));
        let mut reloader = Reloader::new(
            Arc::clone(&shared),
            options.source.clone(),
            surroundings,
            Arc::clone(&sockets),
            Arc::clone(&console),
            Settled {
                workers: options.workers,
                log_format: options.log_format.is_some(),
            },
        );
        reloader.begin(first)?;
        let mut watch = Watch::new(triggers.clone(), options.secrets_dir);
        watch.follow(&watched);
        let reloading = spawn("reload".to_owned(), move || reloader.run(&triggered, watch))?;
        let replica = Self {
            shared,
            sockets,
            _console: console,
            triggers,
            reloading: Some(reloading),
            source: options.source,
        };
        replica.introduce();
        Ok(replica)
    }

    /// The address of a listener by its name.
    pub fn address(&self, listener: &str) -> Option<SocketAddr> {
        lock(&self.shared.listeners)
            .iter()
            .find(|open| open.settings.load().name == listener)
            .map(|open| open.address)
    }

    /// The address of the management listener.
    pub fn management(&self) -> Option<SocketAddr> {
        *lock(&self.shared.management)
    }

    /// Follows what happens.
    pub fn events(&self) -> tokio::sync::broadcast::Receiver<Event> {
        self.shared.events.follow()
    }

    /// Has the sources read again, without waiting for it.
    pub fn reload(&self) {
        let _ = self.triggers.send(Trigger::Asked(None));
    }

    /// Has the sources read again and waits; `Ok` is the digest that runs, `Err` why a change was
    /// refused.
    ///
    /// # Errors
    /// The reason in one sentence.
    pub fn reload_and_wait(&self) -> Result<String, String> {
        let (answer, outcome) = oneshot::channel();
        let stopping = || "the replica is stopping".to_owned();
        self.triggers
            .send(Trigger::Asked(Some(answer)))
            .map_err(|_| stopping())?;
        match outcome.blocking_recv().map_err(|_| stopping())? {
            Outcome::Swapped(digest) | Outcome::Unchanged(digest) => Ok(digest),
            Outcome::Refused(refused) => Err(refused.reason),
            Outcome::Empty(reason) => Err(reason),
        }
    }

    /// How long requests in flight may take when the replica stops.
    pub fn drain(&self) -> Duration {
        let snapshot = self.shared.snapshot.load();
        snapshot
            .as_ref()
            .map_or(Duration::ZERO, |snapshot| snapshot.settings.drain)
    }

    /// Stops: no longer ready, no new connections, what is in flight may finish within `drain`.
    /// Returns how many connections were cut.
    pub fn stop(mut self, drain: Duration) -> u64 {
        self.shared.draining.store(true, Ordering::Relaxed);
        let _ = self.triggers.send(Trigger::Stop);
        self.shared.events.announce(
            "replica.draining",
            json!({ "connections": self.shared.metrics.open_connections() }),
        );
        if let Some(reloading) = self.reloading.take() {
            let _ = reloading.join();
        }
        lock(&self.sockets).close();
        let until = Instant::now() + drain;
        // Connections in the kernel's queue are still to be accepted, which takes a moment.
        std::thread::sleep(LOOK);
        while self.shared.metrics.open_connections() > 0 && Instant::now() < until {
            std::thread::sleep(LOOK);
        }
        let cut = self.shared.metrics.open_connections();
        lock(&self.sockets).stop();
        self.shared.failures.finish();
        self.shared
            .events
            .announce("replica.stopped", json!({ "connections_cut": cut }));
        self.shared.sink.flush();
        cut
    }

    /// Tells who is there and where.
    fn introduce(&self) {
        let listeners: Vec<String> = lock(&self.shared.listeners)
            .iter()
            .map(|open| {
                let settings = open.settings.load();
                let scheme = if settings.tls.is_some() {
                    "https"
                } else {
                    "http"
                };
                format!("{}={scheme}://{}", settings.name, open.address)
            })
            .collect();
        let management = self
            .management()
            .map_or("off".to_owned(), |address| format!("http://{address}"));
        let snapshot = self.shared.snapshot.load_full();
        let Some(snapshot) = snapshot else {
            tracing::info!(
                version = crate::VERSION,
                management,
                "waiting for a bundle in {}",
                self.source
            );
            return;
        };
        tracing::info!(
            version = crate::VERSION,
            gateway = snapshot.settings.name,
            listeners = listeners.join(" "),
            routes = snapshot.routes,
            management,
            workers = self.shared.workers.load(Ordering::Relaxed),
            mode = if snapshot.settings.development {
                "development"
            } else {
                "production"
            },
            digest = snapshot.digest,
            "serving"
        );
    }
}

type First = (Option<Snapshot>, Vec<PathBuf>, Option<String>);

fn first_snapshot(source: &Source, surroundings: &Surroundings) -> Result<First, StartError> {
    match source.read() {
        Ok(mut material) => {
            let mut watched = std::mem::take(&mut material.watched);
            let warnings = material.warnings.take();
            let snapshot = Snapshot::prepare(material, None, surroundings)
                .map_err(|unfit| StartError::Source(unfit.to_string()))?;
            watched.extend(snapshot.disk.paths().cloned());
            Ok((Some(snapshot), watched, warnings))
        }
        Err(rejection) if rejection.empty => Ok((None, rejection.watched, None)),
        Err(rejection) => Err(StartError::Source(match rejection.for_people {
            Some(text) => format!("{text}\n{}", rejection.reason),
            None => rejection.reason,
        })),
    }
}

fn spawn(name: String, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(body)
        .map_err(|error| StartError::System(format!("cannot start a thread: {error}")))
}
