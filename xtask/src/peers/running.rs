//! A program that was started for a measurement, and ends with it.

use std::fs::File;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::client;
use super::cores::Cores;
use super::peer::Peer;
use super::place::Place;
use super::process::{self, Usage};
use super::service::{Service, Transport};

/// Who is not up by then is reported as not up.
const UP: Duration = Duration::from_secs(30);
/// Who has not ended by then is killed.
const END: Duration = Duration::from_secs(3);

/// A program and all that it started; they end when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// From its start to its first answer.
    pub start: Duration,
}

impl Running {
    /// Starts a peer on its processor and waits for its first answer.
    ///
    /// # Errors
    /// When it ends, or does not answer within 30 seconds.
    pub fn start(
        peer: &dyn Peer,
        place: &Place,
        service: &Service,
        cores: &Cores,
    ) -> Result<Self, String> {
        let program = peer.program().ok_or("not installed")?;
        let mut command = cores.peer(&program);
        command.args(peer.arguments(place, &place.file(peer.file())));
        let log = place.file("output.log");
        Self::begin(&mut command, &log, &|| answers(place, service))
    }

    /// Starts a program and waits until it is up.
    ///
    /// # Errors
    /// When it ends, or is not up within 30 seconds; with the last of what it said.
    pub fn begin(command: &mut Command, log: &Path, up: &dyn Fn() -> bool) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("cannot start: {error}");
        let output = File::create(log).map_err(said)?;
        command.stdin(Stdio::null());
        command.stdout(output.try_clone().map_err(said)?);
        command.stderr(output);
        let begun = Instant::now();
        let child = command.spawn().map_err(said)?;
        let mut running = Self {
            child,
            start: Duration::ZERO,
        };
        while !up() {
            if let Ok(Some(status)) = running.child.try_wait() {
                return Err(format!("ended with {status}{}", last(log)));
            }
            if begun.elapsed() > UP {
                return Err(format!("not up in {} s{}", UP.as_secs(), last(log)));
            }
            sleep(Duration::from_millis(2));
        }
        running.start = begun.elapsed();
        Ok(running)
    }

    /// The number of the process that was started.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it and its children have used.
    pub fn usage(&self) -> Usage {
        process::usage(self.child.id())
    }

    /// Sends a signal to the process that was started, not to its children.
    pub fn signal(&self, signal: Signal) {
        send(self.child.id(), signal);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let tree = process::tree(self.child.id());
        self.signal(Signal::TERM);
        let told = Instant::now();
        while told.elapsed() < END && matches!(self.child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(10));
        }
        // The first one is ours until it is waited for, so its number cannot be another's. Of its
        // children those that still are its children are asked again.
        let alive = process::tree(self.child.id());
        for pid in tree.iter().filter(|pid| alive.contains(pid)) {
            if matches!(self.child.try_wait(), Ok(None)) {
                send(*pid, Signal::KILL);
            }
        }
        drop(self.child.wait());
    }
}

fn send(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Over HTTP/1.1 an answer is asked for; otherwise it is enough that somebody accepts.
fn answers(place: &Place, service: &Service) -> bool {
    match service.transport {
        Transport::Plain => {
            client::get(place.address, service.path()).is_some_and(|(status, _)| status == 200)
        }
        _ => TcpStream::connect_timeout(&place.address, Duration::from_secs(1)).is_ok(),
    }
}

/// The last lines of a log, to tell why a program ended.
fn last(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(3);
    match lines.get(from..).unwrap_or_default() {
        [] => String::new(),
        lines => format!(": {}", lines.join(" / ")),
    }
}
