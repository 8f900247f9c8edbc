//! Where lines of the log go: into a buffer that a thread of its own writes out, so that a slow
//! terminal or pipe never holds up a request.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that may wait. What comes while so many wait is dropped and counted.
const MOST_WAITING: usize = 8 << 20;

/// How long lines gather before they are written together.
const GATHER: Duration = Duration::from_millis(5);

/// The log's way out.
pub(crate) struct Sink {
    shared: Arc<Shared>,
}

struct Shared {
    pretty: AtomicBool,
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
    writing: bool,
}

impl Sink {
    /// A sink that writes to standard error.
    pub(crate) fn standard_error(pretty: bool) -> Self {
        Self::new(pretty, io::stderr())
    }

    fn new(pretty: bool, out: impl Write + Send + 'static) -> Self {
        let shared = Arc::new(Shared {
            pretty: AtomicBool::new(pretty),
            waiting: Mutex::default(),
            changed: Condvar::new(),
        });
        let writer = Arc::clone(&shared);
        // Without the thread nothing could be logged at all, not even that; so it is not reported.
        let _ = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_out(&writer, out));
        Self { shared }
    }

    /// Whether lines are for people.
    pub(crate) fn pretty(&self) -> bool {
        self.shared.pretty.load(Ordering::Relaxed)
    }

    /// Changes the form of lines to come.
    pub(crate) fn set_pretty(&self, pretty: bool) {
        self.shared.pretty.store(pretty, Ordering::Relaxed);
    }

    /// Takes a whole line (or several), line end included.
    pub(crate) fn push(&self, line: &[u8]) {
        let mut waiting = self.shared.lock();
        if waiting.lines.len() + line.len() > MOST_WAITING {
            waiting.dropped += 1;
            return;
        }
        let first = waiting.lines.is_empty() && !waiting.writing;
        waiting.lines.extend_from_slice(line);
        drop(waiting);
        if first {
            self.shared.changed.notify_all();
        }
    }

    /// Waits until everything is written, but not for ever.
    pub(crate) fn flush(&self) {
        let waiting = self.shared.lock();
        let _ =
            self.shared
                .changed
                .wait_timeout_while(waiting, Duration::from_secs(2), |waiting| {
                    waiting.writing || !waiting.lines.is_empty()
                });
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_out(shared: &Shared, mut out: impl Write) {
    let mut lines = Vec::new();
    loop {
        let mut waiting = shared.lock();
        waiting.writing = false;
        shared.changed.notify_all();
        while waiting.lines.is_empty() {
            waiting = shared
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        waiting.writing = true;
        drop(waiting);
        std::thread::sleep(GATHER);
        let mut waiting = shared.lock();
        lines.clear();
        std::mem::swap(&mut lines, &mut waiting.lines);
        let dropped = std::mem::take(&mut waiting.dropped);
        drop(waiting);
        let _ = out.write_all(&lines);
        if dropped > 0 {
            let message = format!("{dropped} log lines were dropped: nobody takes them");
            let _ = if shared.pretty.load(Ordering::Relaxed) {
                writeln!(out, " WARN {message}")
            } else {
                writeln!(out, "{{\"level\":\"WARN\",\"message\":\"{message}\"}}")
            };
        }
        let _ = out.flush();
    }
}

#[cfg(test)]
mod in_memory {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::Sink;

    /// What was written.
    type Written = Arc<Mutex<Vec<u8>>>;

    struct Out(Written);

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Sink {
        /// A sink that keeps what is written.
        pub(in crate::log) fn in_memory(pretty: bool) -> (Arc<Self>, Written) {
            let written = Written::default();
            let sink = Self::new(pretty, Out(Arc::clone(&written)));
            (Arc::new(sink), written)
        }
    }
}
