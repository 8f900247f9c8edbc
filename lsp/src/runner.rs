//! Tests that an editor has run, beside the thread that answers.
//!
//! One runs at a time, in a thread of its own. A cancelled one cannot be stopped half-way: its thread goes on
//! to its end, nobody waits for what it says, and the next one begins at once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use gatec_compiler::load::Options;
use lsp_server::RequestId;

use crate::{RunTest, TestReport};

/// How many tests may wait for their turn.
const MAX_QUEUED: usize = 100;

/// How many threads there are at most, those of cancelled tests included.
const MAX_THREADS: usize = 4;

/// The stack of a thread: as much as a program's first thread has.
const STACK: usize = 8 << 20;

/// A test to run.
pub(crate) struct Run {
    /// The request to answer.
    pub(crate) id: RequestId,
    /// The root of the spec.
    pub(crate) root: PathBuf,
    pub(crate) name: String,
    /// With the texts as they were when it was asked for.
    pub(crate) options: Options,
}

/// What became of it.
pub(crate) struct Ran {
    number: u64,
    id: RequestId,
    /// None where running it failed, which is a mistake of ours.
    report: Option<TestReport>,
}

/// Runs tests in the order they are asked for.
pub(crate) struct Runner {
    run: RunTest,
    queue: VecDeque<Run>,
    /// The one whose report is waited for.
    current: Option<(u64, RequestId)>,
    /// Counts what was started.
    started: u64,
    threads: usize,
    sender: Sender<Ran>,
    pub(crate) reports: Receiver<Ran>,
}

impl Runner {
    pub(crate) fn new(run: RunTest) -> Self {
        let (sender, reports) = unbounded();
        Self {
            run,
            queue: VecDeque::new(),
            current: None,
            started: 0,
            threads: 0,
            sender,
            reports,
        }
    }

    /// Takes a test; false where too many wait.
    pub(crate) fn take(&mut self, run: Run) -> bool {
        if self.queue.len() >= MAX_QUEUED {
            return false;
        }
        self.queue.push_back(run);
        self.begin();
        true
    }

    /// Forgets a test; false if there is none of this number.
    pub(crate) fn cancel(&mut self, id: &RequestId) -> bool {
        let before = self.queue.len();
        self.queue.retain(|run| run.id != *id);
        let is_current = self.current.as_ref().is_some_and(|(_, run)| run == id);
        if is_current {
            self.current = None;
            self.begin();
        }
        is_current || self.queue.len() < before
    }

    /// The request to answer, and with what; nothing for one that was cancelled.
    pub(crate) fn ran(&mut self, ran: Ran) -> Option<(RequestId, Option<TestReport>)> {
        self.threads = self.threads.saturating_sub(1);
        let current = self.current.as_ref();
        let awaited = current.is_some_and(|(number, _)| *number == ran.number);
        if awaited {
            self.current = None;
        }
        self.begin();
        awaited.then_some((ran.id, ran.report))
    }

    /// Starts the next one, if none runs.
    fn begin(&mut self) {
        if self.current.is_some() || self.threads >= MAX_THREADS {
            return;
        }
        let Some(next) = self.queue.pop_front() else {
            return;
        };
        self.started += 1;
        self.threads += 1;
        let (number, id) = (self.started, next.id.clone());
        self.current = Some((number, id.clone()));
        let (run, sender) = (Arc::clone(&self.run), self.sender.clone());
        let work = move || {
            let look = || run(&next.root, &next.name, &next.options);
            let report = catch_unwind(AssertUnwindSafe(look)).ok();
            let id = next.id;
            let _ = sender.send(Ran { number, id, report });
        };
        let thread = std::thread::Builder::new()
            .name("test".to_owned())
            .stack_size(STACK);
        if thread.spawn(work).is_err() {
            let report = None;
            let _ = self.sender.send(Ran { number, id, report });
        }
    }
}
