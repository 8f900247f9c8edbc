//! The threads that serve: how they are started, and how those that are too many end. A thread that is
//! to end accepts no more, lets its connections end, and then ends by itself.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::server::{self, Command};
use crate::shared::Shared;

/// Most threads that serve.
const MOST: usize = 1024;

/// Threads for a number in a spec or on the command line; 0 stands for one per processor.
pub(crate) fn worker_count(wanted: usize) -> usize {
    match wanted {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        count => count.min(MOST),
    }
}

/// A thread that serves.
pub(super) struct Worker {
    /// Its number, never used twice.
    pub(super) number: usize,
    commands: UnboundedSender<Command>,
    thread: JoinHandle<()>,
}

impl Worker {
    pub(super) fn tell(&self, command: Command) {
        let _ = self.commands.send(command);
    }
}

/// All threads that serve.
pub(super) struct Workers {
    shared: Arc<Shared>,
    next: usize,
    /// Those that accept.
    pub(super) active: Vec<Worker>,
    /// Those that end when their last connection does.
    retiring: Vec<Worker>,
}

impl Workers {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            next: 0,
            active: Vec::new(),
            retiring: Vec::new(),
        }
    }

    /// Starts threads that nothing comes to yet.
    ///
    /// # Errors
    /// The system gives no more; those that were started end again.
    pub(super) fn start(&mut self, count: usize) -> io::Result<Vec<Worker>> {
        (0..count)
            .map(|_| {
                let (commands, receiver) = unbounded_channel();
                let shared = Arc::clone(&self.shared);
                let number = self.next;
                self.next += 1;
                let thread = std::thread::Builder::new()
                    .name(format!("worker-{number}"))
                    .spawn(move || server::run(shared, receiver))?;
                Ok(Worker {
                    number,
                    commands,
                    thread,
                })
            })
            .collect()
    }

    /// Has these serve as well.
    pub(super) fn add(&mut self, workers: Vec<Worker>) {
        self.active.extend(workers);
        self.count();
    }

    /// Has those end that no socket is shared out to any more.
    pub(super) fn retire(&mut self, keep: impl Fn(&Worker) -> bool) {
        self.retiring.retain(|worker| !worker.thread.is_finished());
        let (keep, gone): (Vec<_>, Vec<_>) = self.active.drain(..).partition(keep);
        self.active = keep;
        for worker in gone {
            worker.tell(Command::Retire);
            self.retiring.push(worker);
        }
        self.count();
    }

    /// Has all threads see the present snapshot.
    pub(super) fn refresh(&self) {
        for worker in self.active.iter().chain(&self.retiring) {
            worker.tell(Command::Refresh);
        }
    }

    /// Ends all threads and waits for that; connections that are left are cut.
    pub(super) fn stop(&mut self) {
        let all: Vec<_> = self
            .active
            .drain(..)
            .chain(self.retiring.drain(..))
            .collect();
        for worker in &all {
            worker.tell(Command::Stop);
        }
        for worker in all {
            let _ = worker.thread.join();
        }
    }

    fn count(&self) {
        self.shared
            .workers
            .store(self.active.len(), Ordering::Relaxed);
    }
}
