//! The thread that checks whole specs.
//!
//! It takes one job at a time, and tells what it found twice: at once without making bundles, and, when
//! nothing new has come for a moment, once more as `gatec check` does it, which also tries the bundle.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use gatec_compiler::Compiled;
use gatec_compiler::compile::{check, check_text};
use gatec_compiler::load::{Input, Options};

/// How long nothing new must come before everything is checked.
const PAUSE: Duration = Duration::from_millis(400);

/// The stack of the thread: as much as a program's first thread has.
const STACK: usize = 8 << 20;

/// Specs to check.
#[derive(Debug)]
pub(crate) struct Job {
    /// The number of the state that the texts are of.
    pub(crate) generation: u64,
    /// The specs.
    pub(crate) roots: Vec<PathBuf>,
    /// Open texts.
    pub(crate) texts: HashMap<PathBuf, Arc<str>>,
}

/// What became of a spec.
pub(crate) struct Outcome {
    pub(crate) generation: u64,
    pub(crate) root: PathBuf,
    /// None where the check itself failed, which is a mistake of ours.
    pub(crate) compiled: Option<Arc<Compiled>>,
    /// Whether this is the last of its job.
    pub(crate) last: bool,
}

/// The thread's two ends.
pub(crate) struct Checker {
    jobs: Sender<Job>,
    pub(crate) outcomes: Receiver<Outcome>,
}

impl Checker {
    /// Starts the thread; it ends with this value.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(crate) fn start() -> std::io::Result<Self> {
        let (jobs, incoming) = bounded(1);
        let (outgoing, outcomes) = unbounded();
        std::thread::Builder::new()
            .name("check".to_owned())
            .stack_size(STACK)
            .spawn(move || work(&incoming, &outgoing))?;
        Ok(Self { jobs, outcomes })
    }

    /// Hands over a job; false where the last one was not taken yet.
    pub(crate) fn hand(&self, job: Job) -> bool {
        self.jobs.try_send(job).is_ok()
    }
}

fn work(jobs: &Receiver<Job>, outcomes: &Sender<Outcome>) {
    // The specs whose bundles were not tried since they changed.
    let mut owed: BTreeSet<PathBuf> = BTreeSet::new();
    let mut next = jobs.recv().ok();
    while let Some(mut job) = next {
        if !run(&job, outcomes, false) {
            return;
        }
        owed.extend(std::mem::take(&mut job.roots));
        next = match jobs.recv_timeout(PAUSE) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => {
                job.roots = std::mem::take(&mut owed).into_iter().collect();
                if !run(&job, outcomes, true) {
                    return;
                }
                jobs.recv().ok()
            }
            Err(RecvTimeoutError::Disconnected) => None,
        };
    }
}

/// Checks every spec of a job; false once nobody listens.
fn run(job: &Job, outcomes: &Sender<Outcome>, whole: bool) -> bool {
    let options = Options {
        texts: job.texts.clone(),
        ..Options::default()
    };
    let count = job.roots.len();
    job.roots.iter().enumerate().all(|(number, root)| {
        let input = Input::File(root.clone());
        let look = || match whole {
            true => check(input, &options),
            false => check_text(input, &options),
        };
        // A mistake of ours must not end the server: the findings stay as they were.
        let compiled = catch_unwind(AssertUnwindSafe(look)).ok().map(Arc::new);
        let outcome = Outcome {
            generation: job.generation,
            root: root.clone(),
            compiled,
            last: number + 1 == count,
        };
        outcomes.send(outcome).is_ok()
    })
}
