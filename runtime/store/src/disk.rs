//! State on a disk: one thread has it, and does what waits for it in one go, so that a hundred calls cost
//! one write. An answer is given once what it tells has been written: whoever kills the process loses none
//! of it. (A machine that loses power may lose the last second.)

pub(crate) mod file;
mod log;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::health::{Holds, State};
use crate::{Ask, Cursor, Debit, Done, Lost, Page, Space, Step, Verdict};

/// How many calls may wait.
const WAITING: usize = 1024;
/// How many are done in one go at most.
const TOGETHER: usize = 256;
/// How long a call may take: a disk that hangs holds nobody up for longer.
const LIMIT: Duration = Duration::from_secs(1);
/// How often it is tidied up.
const EVERY: Duration = Duration::from_secs(1);

/// What a store on a disk does. All of it happens on one thread.
pub(crate) trait Backend: Send + 'static {
    /// Before some calls.
    fn begin(&mut self) -> Result<(), String>;
    /// Writes what these calls changed.
    fn commit(&mut self) -> Result<(), String>;
    fn take(&mut self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost>;
    fn debit(&mut self, debits: &[Debit]) -> Result<Vec<u32>, Lost>;
    fn step(&mut self, step: &Step) -> Result<Done, Lost>;
    fn list(&mut self, space: &Space, after: Option<&Cursor>, most: usize) -> Result<Page, Lost>;
    fn drop_space(&mut self, space: &Space) -> Result<u64, Lost>;
    /// Once a second: gives up what has ended, and has the disk hold what was written.
    fn tidy(&mut self) -> Result<(), String>;
    /// What it holds, and how much it forgot early.
    fn holds(&self) -> (Holds, u64);
}

/// What is to be done, and then, with what came of writing it, said.
type Job = Box<dyn FnOnce(&mut dyn Backend) -> Reply + Send>;
type Reply = Box<dyn FnOnce(&Result<(), String>) + Send>;

/// A store on a disk. When this is dropped its thread ends.
#[derive(Debug)]
pub(crate) struct Disk {
    jobs: SyncSender<Job>,
    told: Arc<Mutex<Told>>,
}

/// What is told of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    away: Option<(SystemTime, String)>,
    pub(crate) answered: Option<SystemTime>,
    pub(crate) holds: Holds,
    pub(crate) evicted: u64,
}

impl Told {
    pub(crate) fn state(&self) -> State {
        match self.away.clone() {
            Some((since, why)) => State::Away { since, why },
            None => State::Up,
        }
    }

    fn see(&mut self, result: &Result<(), String>) {
        match result {
            Ok(()) => {
                self.away = None;
                self.answered = Some(SystemTime::now());
            }
            Err(why) => {
                let since = self
                    .away
                    .take()
                    .map_or_else(SystemTime::now, |(since, _)| since);
                self.away = Some((since, why.clone()));
            }
        }
    }
}

impl Disk {
    pub(crate) fn start(backend: impl Backend) -> Result<Self, String> {
        let (jobs, waiting) = sync_channel(WAITING);
        let told = Arc::new(Mutex::new(Told::default()));
        let tells = Arc::clone(&told);
        let thread = std::thread::Builder::new().name("gated-disk".to_owned());
        let work = move || work(backend, &waiting, &tells);
        thread.spawn(work).map_err(|error| error.to_string())?;
        Ok(Self { jobs, told })
    }

    pub(crate) fn told(&self) -> Told {
        locked(&self.told).clone()
    }

    pub(crate) async fn take(&self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost> {
        let asks = asks.to_vec();
        self.call(move |backend| backend.take(&asks)).await
    }

    pub(crate) async fn debit(&self, debits: &[Debit]) -> Result<Vec<u32>, Lost> {
        let debits = debits.to_vec();
        self.call(move |backend| backend.debit(&debits)).await
    }

    pub(crate) async fn step(&self, step: &Step) -> Result<Done, Lost> {
        let step = step.clone();
        self.call(move |backend| backend.step(&step)).await
    }

    pub(crate) async fn list(
        &self,
        space: &Space,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page, Lost> {
        let (space, after) = (space.clone(), after.cloned());
        self.call(move |backend| backend.list(&space, after.as_ref(), most))
            .await
    }

    pub(crate) async fn drop_space(&self, space: &Space) -> Result<u64, Lost> {
        let space = space.clone();
        self.call(move |backend| backend.drop_space(&space)).await
    }

    async fn call<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Backend) -> Result<T, Lost> + Send + 'static,
    ) -> Result<T, Lost> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |backend| {
            let result = ask(backend);
            Box::new(move |written| {
                let failed = |why: &String| Lost::Failed(why.clone());
                let written = written.as_ref().map_err(failed).copied();
                // An error means that nobody waits any more.
                drop(tell.send(written.and(result)));
            })
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => Lost::Busy,
            TrySendError::Disconnected(_) => Lost::Failed("the store has ended".to_owned()),
        })?;
        match timeout(LIMIT, told).await {
            Ok(told) => told.map_err(|_| Lost::Failed("the store has ended".to_owned()))?,
            Err(_) => Err(Lost::Late),
        }
    }
}

fn work(mut backend: impl Backend, waiting: &Receiver<Job>, told: &Mutex<Told>) {
    let mut tidied = Instant::now();
    tell(&backend, &Ok(()), told);
    loop {
        match waiting.recv_timeout(EVERY) {
            Ok(first) => do_together(&mut backend, first, waiting, told),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if tidied.elapsed() >= EVERY {
            tidied = Instant::now();
            let result = backend.tidy();
            tell(&backend, &result, told);
        }
    }
    drop(backend.tidy());
}

fn do_together(
    backend: &mut impl Backend,
    first: Job,
    waiting: &Receiver<Job>,
    told: &Mutex<Told>,
) {
    let mut result = backend.begin();
    let jobs = std::iter::once(first).chain(waiting.try_iter().take(TOGETHER - 1));
    let replies: Vec<Reply> = jobs.map(|job| job(backend)).collect();
    if result.is_ok() {
        result = backend.commit();
    }
    tell(backend, &result, told);
    for reply in replies {
        reply(&result);
    }
}

fn tell(backend: &impl Backend, result: &Result<(), String>, told: &Mutex<Told>) {
    let mut told = locked(told);
    told.see(result);
    (told.holds, told.evicted) = backend.holds();
}

fn locked(told: &Mutex<Told>) -> std::sync::MutexGuard<'_, Told> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}
