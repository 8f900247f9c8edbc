//! Brings changes in: something tells that the sources may have changed, they are read and compiled
//! on a thread of their own, checked, and put in place whole, or refused whole.
//!
//! One thread does all of this, one change after the other. It also frees old snapshots, so that no
//! request ever pays for that.

mod bind;
mod console;
mod folders;
mod map;
mod settled;
mod sockets;
mod source;
mod watch;
mod workers;

#[cfg(feature = "compile")]
mod compile;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gated_engine::Digest;
use serde_json::json;

pub(crate) use bind::BindError;
pub(crate) use console::Console;
pub(crate) use map::Map;
pub(crate) use settled::Settled;
pub(crate) use sockets::Sockets;
pub use source::Source;
pub(crate) use source::{Material, Rejection};

use crate::descriptors;
use crate::events;
use crate::log;
use crate::metrics::Live;
use crate::shared::{Refused, Shared, lock};
use crate::snapshot::{Settings, Snapshot, Surroundings};
use crate::tls::{self, Vigil};
pub(crate) use watch::Watch;
use workers::worker_count;

/// How long things must be quiet after a change on the disk before it is read: editors and `cp` write
/// in several steps.
const QUIET: Duration = Duration::from_millis(75);

/// The longest that changes without a pause put off reading.
const IMPATIENT: Duration = Duration::from_millis(500);

/// How often the sources are looked at even if nothing tells of a change.
const POLL: Duration = Duration::from_secs(30);

/// How often a change is tried again that was refused for want of an address.
const RETRY: Duration = Duration::from_secs(5);

/// How often retired snapshots are looked at while there are any.
const REAP: Duration = Duration::from_millis(100);

/// Why the sources are read again.
pub(crate) enum Trigger {
    /// Something changed on the disk.
    Disk,
    /// Somebody asks for it; the answer goes back.
    Asked(Option<tokio::sync::oneshot::Sender<Outcome>>),
    /// The replica stops.
    Stop,
}

/// What became of reading the sources again.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// This digest serves now.
    Swapped(String),
    /// What runs is what the sources hold.
    Unchanged(String),
    /// The change was refused.
    Refused(Refused),
    /// There is nothing to read, and what runs, if anything, serves on.
    Empty(String),
}

/// The thread that reloads.
pub(crate) struct Reloader {
    pub(crate) shared: Arc<Shared>,
    pub(crate) source: Source,
    pub(crate) surroundings: Surroundings,
    sockets: Arc<Mutex<Sockets>>,
    console: Arc<Mutex<Console>>,
    settled: Settled,
    /// Snapshots that were replaced and may still serve requests.
    retired: Vec<Arc<Snapshot>>,
    /// What was refused last and why, so that the same is not told again and again.
    last_refused: Option<String>,
    vigil: Vigil,
    /// What was refused last may be taken later without a change: an address was taken.
    try_again: bool,
    /// It was told that there is nothing to read.
    told_empty: bool,
}

/// What a change opens.
struct Plan {
    sockets: sockets::Plan,
    console: console::Move,
}

impl Reloader {
    pub(crate) fn new(
        shared: Arc<Shared>,
        source: Source,
        surroundings: Surroundings,
        sockets: Arc<Mutex<Sockets>>,
        console: Arc<Mutex<Console>>,
        settled: Settled,
    ) -> Self {
        Self {
            shared,
            source,
            surroundings,
            sockets,
            console,
            settled,
            retired: Vec::new(),
            last_refused: None,
            vigil: Vigil::default(),
            try_again: false,
            told_empty: false,
        }
    }

    /// Serves for the first time; without a snapshot, only the management listener is opened.
    ///
    /// # Errors
    /// What is wrong with the addresses.
    pub(crate) fn begin(&mut self, snapshot: Option<Snapshot>) -> Result<(), BindError> {
        match snapshot {
            Some(snapshot) => {
                let plan = self.plan(&snapshot)?;
                self.put_in_place(snapshot, plan);
            }
            None => {
                self.told_empty = true;
                let mut console = lock(&self.console);
                let plan = console.plan(None)?;
                console.apply(plan);
            }
        }
        Ok(())
    }

    /// Opens what a snapshot wants; nothing else is changed yet.
    fn plan(&mut self, snapshot: &Snapshot) -> Result<Plan, BindError> {
        let workers = self.workers(&snapshot.settings);
        Ok(Plan {
            console: lock(&self.console).plan(Some(&snapshot.settings))?,
            sockets: lock(&self.sockets).plan(&snapshot.listeners, workers)?,
        })
    }

    /// How many threads shall serve.
    fn workers(&self, settings: &Settings) -> usize {
        worker_count(self.settled.workers.unwrap_or(settings.workers))
    }

    /// Obeys until told to stop.
    pub(crate) fn run(mut self, triggers: &Receiver<Trigger>, mut watch: Watch) {
        let mut last_poll = Instant::now();
        self.learn_places(None);
        loop {
            let pace = if self.try_again { RETRY } else { POLL };
            let due = pace.saturating_sub(last_poll.elapsed());
            match next(triggers, !self.retired.is_empty(), due) {
                Next::Stop => return,
                Next::Reap => {}
                Next::Poll => {
                    last_poll = Instant::now();
                    if watch.changed_on_disk(false) || self.try_again {
                        self.reload(&mut watch, false);
                    }
                }
                Next::Reload(answers) if answers.is_empty() && !watch.changed_on_disk(true) => {}
                Next::Reload(answers) => {
                    let outcome = self.reload(&mut watch, !answers.is_empty());
                    for answer in answers.into_iter().flatten() {
                        let _ = answer.send(outcome.clone());
                    }
                }
            }
            self.reap();
            self.vigil.go_on(self.shared.snapshot.load().as_deref());
        }
    }

    /// Frees snapshots that no request uses any more, and what was counted for them alone.
    fn reap(&mut self) {
        let before = self.retired.len();
        self.retired
            .retain(|snapshot| Arc::strong_count(snapshot) > 1);
        if self.retired.len() == before {
            return;
        }
        let running = self.shared.snapshot.load_full();
        let live = || self.retired.iter().chain(running.as_ref());
        self.shared.metrics.keep(&Live {
            routes: live().flat_map(|snapshot| snapshot.route_names()).collect(),
            upstreams: live()
                .flat_map(|snapshot| &snapshot.upstreams)
                .map(|upstream| upstream.name.as_str())
                .collect(),
            listeners: live()
                .flat_map(|snapshot| &snapshot.listeners)
                .map(|listener| listener.name.as_str())
                .collect(),
            identities: live()
                .flat_map(|snapshot| snapshot.identities.names())
                .collect(),
        });
    }

    fn reload(&mut self, watch: &mut Watch, asked: bool) -> Outcome {
        watch.begin();
        let mut read = self.source.read();
        let mut watched = std::mem::take(match &mut read {
            Ok(material) => &mut material.watched,
            Err(rejection) => &mut rejection.watched,
        });
        watch.follow(&watched);
        let outcome = match read {
            Ok(material) => self.take(material, &mut watched, asked),
            Err(rejection) => {
                self.try_again = false;
                if rejection.empty {
                    self.nothing(rejection.reason)
                } else {
                    self.refuse(*rejection, asked)
                }
            }
        };
        if matches!(outcome, Outcome::Refused(_) | Outcome::Empty(_)) {
            self.renew();
        }
        if let Some(running) = self.shared.snapshot.load().as_ref() {
            watched.extend(running.disk.paths().cloned());
        }
        watch.follow(&watched);
        let reloads = &self.shared.metrics.reloads;
        match &outcome {
            Outcome::Swapped(_) => reloads.swapped.add(1),
            Outcome::Unchanged(_) => reloads.unchanged.add(1),
            Outcome::Refused(_) => reloads.refused.add(1),
            Outcome::Empty(_) => reloads.empty.add(1),
        }
        outcome
    }

    /// Puts in place what was read. What that depends on besides is added to `watched`.
    fn take(&mut self, material: Material, watched: &mut Vec<PathBuf>, asked: bool) -> Outcome {
        self.try_again = false;
        self.told_empty = false;
        let name = Digest::of(&material.bytes);
        let digest = name.to_string();
        let running = self.shared.snapshot.load_full();
        // The same bundle with other secrets or files is put in place like another bundle.
        let same = |running: &&Arc<Snapshot>| {
            running.digest == digest
                && running.has_its_secrets(&self.surroundings)
                && running.disk.is_as_it_was()
        };
        if running.as_ref().is_some_and(|running| same(&running)) {
            if let Some(Map::Beside(path)) = &material.source_map {
                self.learn_places(Some(path));
            }
            if self.last_refused.take().is_some() {
                self.shared.resolve();
                let told = json!({ "digest": digest });
                self.shared.events.announce("bundle.mended", told);
            }
            return Outcome::Unchanged(digest);
        }
        let warnings = material.warnings.clone();
        let snapshot = match Snapshot::prepare(material, Some(name), &self.surroundings) {
            Ok(snapshot) => snapshot,
            Err(unfit) => {
                watched.extend_from_slice(unfit.watched());
                return self.refuse(Rejection::new(digest, unfit.to_string()), asked);
            }
        };
        let plan = match self.plan(&snapshot) {
            Ok(plan) => plan,
            Err(error) => {
                self.try_again = true;
                return self.refuse(Rejection::new(digest, error.to_string()), asked);
            }
        };
        self.last_refused = None;
        self.shared.resolve();
        self.shared.warn(warnings.as_deref());
        self.put_in_place(snapshot, plan);
        self.learn_places(None);
        Outcome::Swapped(digest)
    }

    /// Gives what runs the certificates that lie on the disk now, where what should come after it is
    /// refused: a mistake in a spec is no reason to let a certificate run out.
    fn renew(&mut self) {
        let Some(running) = self.shared.snapshot.load_full() else {
            return;
        };
        if running.disk.is_as_it_was() {
            return;
        }
        let digest = Some(running.bundle.digest());
        let renewed = match Snapshot::prepare(running.material(), digest, &self.surroundings) {
            Ok(renewed) => renewed,
            Err(unfit) => {
                tracing::debug!(%unfit, "what runs keeps its certificates");
                return;
            }
        };
        if let Ok(plan) = self.plan(&renewed) {
            self.put_in_place(renewed, plan);
        }
    }

    /// Reads where the routes are written, in the file that lay beside the bundle or has come since,
    /// if anything will tell of it. The bundle serves already: the map of 100,000 routes takes longer
    /// to read than the bundle.
    fn learn_places(&self, late: Option<&Path>) {
        let Some(snapshot) = self.shared.snapshot.load_full() else {
            return;
        };
        if !snapshot.wants_places() {
            return;
        }
        let path = late.or(snapshot.map_beside());
        let beside =
            path.and_then(|path| map::read(path, &snapshot.digest, snapshot.route_names()));
        let own = || Some(snapshot.bundle.source_map()).filter(|map| !map.routes.is_empty());
        if let Some(map) = beside.or_else(own) {
            snapshot.learn_places(map);
        }
    }

    fn put_in_place(&mut self, mut snapshot: Snapshot, mut plan: Plan) {
        snapshot.since = std::time::SystemTime::now();
        self.shared.level.follow(&snapshot.settings.log_level);
        let told = json!({
            "digest": snapshot.digest,
            "gateway": snapshot.settings.name,
            "routes": snapshot.routes,
            "source": self.source.to_string(),
        });
        if !self.settled.log_format {
            let pretty = log::is_pretty(Some(&snapshot.settings.log_format));
            self.shared.sink.set_pretty(pretty);
        }
        snapshot.warn_of_unverified();
        let workers = self.workers(&snapshot.settings);
        descriptors::check(&snapshot.listeners, workers);
        self.vigil.begin(&snapshot);
        lock(&self.sockets).prepare(&self.shared, &mut plan.sockets);
        let old = self.shared.swap(Arc::new(snapshot));
        lock(&self.sockets).apply(&self.shared, plan.sockets);
        lock(&self.console).apply(plan.console);
        self.note_waiting(workers);
        let first = old.is_none();
        if let (Some(old), Some(new)) = (&old, self.shared.snapshot.load().as_ref()) {
            tls::announce_replaced(&self.shared.events, old, new);
        }
        self.retired.extend(old);
        if !first {
            self.shared.events.announce("bundle.swapped", told);
        }
    }

    /// Notes which settings wait for a restart: only workers that could not be ended.
    fn note_waiting(&self, workers: usize) {
        let waits = lock(&self.sockets).exceeds(workers);
        let waiting = Vec::from_iter(waits.then_some("workers"));
        if waits {
            tracing::warn!("there are more workers than asked for, until a restart");
        }
        *lock(&self.shared.restart_needed) = waiting;
    }

    /// There is nothing to read: before the first bundle that is waited for, and later what runs
    /// serves on.
    fn nothing(&mut self, reason: String) -> Outcome {
        self.last_refused = None;
        if !std::mem::replace(&mut self.told_empty, true) {
            if self.shared.snapshot.load().is_some() {
                tracing::warn!(reason, "there is no bundle any more; what runs serves on");
            } else {
                tracing::info!(reason, "waiting for a bundle");
            }
        }
        Outcome::Empty(reason)
    }

    fn refuse(&mut self, rejection: Rejection, asked: bool) -> Outcome {
        let refused = Refused {
            digest: rejection.digest,
            at: events::now(),
            reason: rejection.reason,
            diagnostics: rejection.diagnostics,
            resolved_at: None,
        };
        self.told_empty = false;
        // The same bundle may be refused for one reason after the other.
        let name = format!("{} {}", refused.digest, refused.reason);
        let known = self.last_refused.as_ref() == Some(&name);
        if !known || asked {
            if let (Some(text), true) = (&rejection.for_people, self.shared.sink.pretty()) {
                self.shared.sink.push(text.as_bytes());
            }
            let told = json!({
                "digest": refused.digest,
                "reason": refused.reason,
                "diagnostics": refused.diagnostics,
            });
            self.shared.events.announce("bundle.refused", told);
        }
        if !known {
            self.last_refused = Some(name);
            self.shared.remember(refused.clone());
        }
        Outcome::Refused(refused)
    }
}

/// What to do next.
enum Next {
    Reload(Vec<Option<tokio::sync::oneshot::Sender<Outcome>>>),
    Poll,
    Reap,
    Stop,
}

/// Waits for something to do; the sources are looked at when that is `due`.
/// What comes in quick succession is done once.
fn next(triggers: &Receiver<Trigger>, reap: bool, due: Duration) -> Next {
    let mut answers = Vec::new();
    match triggers.recv_timeout(if reap { REAP.min(due) } else { due }) {
        Ok(Trigger::Stop) | Err(RecvTimeoutError::Disconnected) => return Next::Stop,
        Err(RecvTimeoutError::Timeout) if reap && due > REAP => return Next::Reap,
        Err(RecvTimeoutError::Timeout) => return Next::Poll,
        Ok(Trigger::Asked(answer)) => {
            answers.push(answer);
            return Next::Reload(answers);
        }
        Ok(Trigger::Disk) => {}
    }
    let since = Instant::now();
    while since.elapsed() < IMPATIENT {
        match triggers.recv_timeout(QUIET) {
            Ok(Trigger::Disk) => {}
            Ok(Trigger::Asked(answer)) => {
                answers.push(answer);
                break;
            }
            Ok(Trigger::Stop) | Err(RecvTimeoutError::Disconnected) => return Next::Stop,
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    Next::Reload(answers)
}
