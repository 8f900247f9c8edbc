//! A whole replica: its threads, how they start, and how they stop.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use crate::descriptors;
use crate::events::Event;
use crate::log;
use crate::manage::{self, Management};
use crate::reload::{BindError, Outcome, Reloader, Sockets, Source, Started, Trigger, Watch, why};
use crate::server::{self, Command};
use crate::shared::{Shared, lock};
use crate::snapshot::{Settings, Snapshot, Surroundings};

/// Where the management listener is if nobody says otherwise.
const MANAGEMENT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9901);

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
    workers: Vec<mpsc::UnboundedSender<Command>>,
    threads: Vec<JoinHandle<()>>,
    triggers: Sender<Trigger>,
    reloading: Option<JoinHandle<()>>,
    management: Option<SocketAddr>,
}

impl Replica {
    /// Starts to serve.
    ///
    /// # Errors
    /// [`StartError`]; nothing runs then.
    pub fn start(options: Options) -> Result<Self, StartError> {
        descriptors::raise();
        let surroundings = Surroundings {
            development: options.development,
            secrets_dir: options.secrets_dir.clone(),
        };
        let (first, watched, warnings) = first_snapshot(&options.source, &surroundings)?;
        let settings = first.as_ref().map(|snapshot| &snapshot.settings);
        let form = options
            .log_format
            .as_deref()
            .or(settings.map(|settings| settings.log_format.as_str()));
        let (level, sink) = log::begin(options.log_level.as_deref(), form);
        let workers = worker_count(options.workers, settings);
        let shared = Arc::new(Shared::new(workers, level, sink));
        shared.warn(warnings.as_deref());
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..workers).map(|_| mpsc::unbounded_channel()).unzip();
        let mut reloader = Reloader::new(
            Arc::clone(&shared),
            options.source.clone(),
            surroundings,
            Sockets::new(senders.clone()),
            started(&options, settings, workers, form),
        );
        let socket = management_socket(options.management, settings)?;
        let management = socket.as_ref().and_then(|socket| socket.local_addr().ok());
        let threads = receivers
            .into_iter()
            .enumerate()
            .map(|(index, commands)| {
                let shared = Arc::clone(&shared);
                spawn(format!("worker-{index}"), move || {
                    server::run(shared, commands)
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = first {
            reloader.begin(first)?;
        }
        let (triggers, triggered) = channel();
        if let (Some(socket), Some(address)) = (socket, management) {
            let management = Management {
                shared: Arc::clone(&shared),
                triggers: tokio::sync::Mutex::new(triggers.clone()),
                address,
            };
            spawn("management".to_owned(), move || {
                manage::run(management, socket)
            })?;
        }
        let mut watch = Watch::new(triggers.clone(), options.secrets_dir);
        watch.follow(&watched);
        let reloading = spawn("reload".to_owned(), move || reloader.run(&triggered, watch))?;
        let replica = Self {
            shared,
            workers: senders,
            threads,
            triggers,
            reloading: Some(reloading),
            management,
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
        self.management
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
        for open in lock(&self.shared.listeners).iter() {
            open.close();
        }
        let until = Instant::now() + drain;
        // Connections in the kernel's queue are still to be accepted, which takes a moment.
        std::thread::sleep(LOOK);
        while self.shared.metrics.open_connections() > 0 && Instant::now() < until {
            std::thread::sleep(LOOK);
        }
        let cut = self.shared.metrics.open_connections();
        for worker in &self.workers {
            let _ = worker.send(Command::Stop);
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
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
            .map(|open| format!("{}=http://{}", open.settings.load().name, open.address))
            .collect();
        let management = self
            .management
            .map_or("off".to_owned(), |address| format!("http://{address}"));
        let snapshot = self.shared.snapshot.load_full();
        let Some(snapshot) = snapshot else {
            tracing::info!(
                version = crate::VERSION,
                management,
                "waiting for a first bundle"
            );
            return;
        };
        tracing::info!(
            version = crate::VERSION,
            gateway = snapshot.settings.name,
            listeners = listeners.join(" "),
            routes = snapshot.routes,
            management,
            workers = self.shared.workers,
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
            let watched = std::mem::take(&mut material.watched);
            let warnings = material.warnings.take();
            let snapshot = Snapshot::prepare(material, surroundings)
                .map_err(|unfit| StartError::Source(unfit.to_string()))?;
            Ok((Some(snapshot), watched, warnings))
        }
        Err(rejection) if source.may_be_empty() => Ok((None, rejection.watched, None)),
        Err(rejection) => Err(StartError::Source(match rejection.for_people {
            Some(text) => format!("{text}\n{}", rejection.reason),
            None => rejection.reason,
        })),
    }
}

/// What holds until the replica is started again.
fn started(
    options: &Options,
    settings: Option<&Settings>,
    workers: usize,
    form: Option<&str>,
) -> Started {
    let management = settings.map_or(Some(MANAGEMENT), |settings| settings.management);
    Started {
        workers: options.workers.is_none().then_some(workers),
        management: (options.management == ManagementAddress::Spec).then_some(management),
        pretty: options.log_format.is_none().then(|| log::is_pretty(form)),
    }
}

/// Threads that serve.
pub(crate) fn worker_count(asked: Option<usize>, settings: Option<&Settings>) -> usize {
    match asked
        .or(settings.map(|settings| settings.workers))
        .unwrap_or(0)
    {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        count => count.min(1024),
    }
}

/// Opens the management listener. Only an address that somebody named has to be had: with the usual
/// one taken (a second replica on a developer's machine), any free one does.
fn management_socket(
    asked: ManagementAddress,
    settings: Option<&Settings>,
) -> Result<Option<TcpListener>, StartError> {
    let (address, must) = match (asked, settings) {
        (ManagementAddress::Off, _) => return Ok(None),
        (ManagementAddress::At(address), _) => (address, true),
        (ManagementAddress::Spec, None) => (MANAGEMENT, false),
        (ManagementAddress::Spec, Some(settings)) => match settings.management {
            Some(address) => (address, settings.management_given),
            None => return Ok(None),
        },
    };
    let opened = match server::open(address, 1, false) {
        Err(_) if !must => {
            tracing::warn!(
                taken = %address,
                "another program has the usual management address; a free port is opened instead"
            );
            server::open(SocketAddr::new(address.ip(), 0), 1, false)
        }
        opened => opened,
    };
    match opened {
        Ok((_, sockets)) => Ok(sockets.into_iter().next()),
        Err(error) => Err(StartError::Address(format!(
            "the management listener cannot have the address {address}: {}",
            why(&error)
        ))),
    }
}

fn spawn(name: String, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StartError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(body)
        .map_err(|error| StartError::System(format!("cannot start a thread: {error}")))
}
