//! The command `gated`: reads the command line, starts a replica, and obeys signals until it stops.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use gated::{Cli, Replica, StartError};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Without huge pages (a feature of its crate): they would cost each thread 2 MiB from its first
/// allocation on, and what it takes the system to clear them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is to be served is wrong.
const WRONG_SOURCE: u8 = 1;
/// It could not be run: wrong arguments, an address that is taken.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let options = match Cli::parse().options() {
        Ok(options) => options,
        Err(message) => return fail(COULD_NOT_RUN, &message),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(COULD_NOT_RUN, &format!("cannot start: {error}")),
    };
    // Signals are listened to before anything serves, so that none is missed.
    let signals = match runtime.block_on(async { Signals::listen() }) {
        Ok(signals) => signals,
        Err(error) => return fail(COULD_NOT_RUN, &format!("cannot listen to signals: {error}")),
    };
    let terminal = Terminal::now();
    log_panics();
    match Replica::start(options) {
        Ok(replica) => runtime.block_on(obey(replica, signals, &terminal)),
        Err(StartError::Source(message)) => fail(WRONG_SOURCE, &message),
        Err(error) => fail(COULD_NOT_RUN, &error.to_string()),
    }
}

/// The signals that mean something.
struct Signals {
    reload: Signal,
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            reload: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Which of its streams were a terminal when it began. The system sends the same signal for "read again"
/// and for a terminal that was closed; a stream whose terminal is gone is none any more.
struct Terminal {
    input: bool,
    errors: bool,
}

impl Terminal {
    fn now() -> Self {
        Self {
            input: std::io::stdin().is_terminal(),
            errors: std::io::stderr().is_terminal(),
        }
    }

    fn is_gone(&self) -> bool {
        let now = Self::now();
        (self.input && !now.input) || (self.errors && !now.errors)
    }
}

async fn obey(replica: Replica, mut signals: Signals, terminal: &Terminal) -> ExitCode {
    loop {
        tokio::select! {
            _ = signals.reload.recv() => match terminal.is_gone() {
                true => break,
                false => replica.reload(),
            },
            _ = signals.terminate.recv() => break,
            _ = signals.interrupt.recv() => break,
        }
    }
    let drain = replica.drain();
    let stopping = tokio::task::spawn_blocking(move || replica.stop(drain));
    tokio::select! {
        _ = stopping => ExitCode::SUCCESS,
        // Whoever asks twice does not want to wait.
        () = signals.stop() => std::process::exit(1),
    }
}

/// A panic harms one request only, but it is a mistake of ours, and somebody must see it.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(
            place,
            message,
            "a mistake in this program; please report it"
        );
    }));
}

fn fail(code: u8, message: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{}", message.trim_end());
    ExitCode::from(code)
}
