//! A line that shows that long work goes on.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::terminal::Terminal;

/// How long work may take before a line is shown.
const PATIENCE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(100);
const TURNS: [char; 4] = ['⠋', '⠙', '⠸', '⠴'];

/// Shows a line on standard error while it lives, from half a second on, and takes it away when
/// dropped; nothing where nobody watches.
pub(crate) struct Progress {
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins work that is called `doing`, for example "checking gate.kdl".
    pub(crate) fn of(terminal: &Terminal<'_>, doing: String) -> Self {
        if !terminal.errors_watched() {
            return Self { shown: None };
        }
        let (stop, stopped) = mpsc::channel();
        let show = move || {
            let begun = Instant::now();
            let mut wait = PATIENCE;
            let mut turn = 0;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let mark = TURNS.get(turn % TURNS.len()).unwrap_or(&'*');
                let _ = write!(
                    std::io::stderr(),
                    "\r{mark} {doing} ({} s)",
                    begun.elapsed().as_secs()
                );
                turn += 1;
                wait = STEP;
            }
            if turn > 0 {
                let _ = write!(std::io::stderr(), "\r\u{1b}[K");
            }
        };
        let thread = std::thread::Builder::new().spawn(show).ok();
        Self {
            shown: thread.map(|thread| (stop, thread)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.shown.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
