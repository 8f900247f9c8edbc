//! `cargo xtask soak`: one replica at half its load for a long time, with a change every second. What
//! must come of it is nothing: no failed request, no growing memory, no growing number of files.

mod trend;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::peers::load::Report;
use crate::peers::load::wrk::Wrk;
use crate::peers::running::Running;
use crate::peers::upstream::Upstream;
use crate::peers::{build, client, limits, place};
use trend::Trend;

/// How long one run of the load generator takes, in seconds; then it opens its connections anew.
const RUN: u64 = 20;

/// Connections that are kept open.
const CONNECTIONS: u32 = 64;

/// A change that is not live by then counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

/// Memory and files are judged from here on, as a share of the whole time: first everything that is
/// kept for reuse must have been made.
const SETTLED: f64 = 0.25;

/// By how much memory may seem to grow over the time judged, in KiB: the allocator's own noise.
const MEMORY_NOISE: f64 = 2048.0;

/// By how many open files the same.
const FILES_NOISE: f64 = 8.0;

/// How to soak.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// For how long, in minutes.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// The folder of `gated` and `gatec`; they are built otherwise.
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// Runs it, and gives what is to be read.
///
/// # Errors
/// When it cannot be run, or anything failed or grew.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    let programs = match &options.programs {
        Some(folder) => folder.clone(),
        None => build::release()?,
    };
    limits::lift();
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to work in: {error}"))?;
    let upstream = Upstream::start(&folder.path().join("upstream"))?;
    let subject = Subject::start(&programs, folder.path(), upstream.address)?;
    let pause = subject.pause_for_half_load()?;
    say(&format!(
        "half load is one request every {pause} ms on each of {CONNECTIONS} connections"
    ));
    let course = subject.soak(Duration::from_secs(options.minutes * 60), pause)?;
    course.verdict()
}

/// The replica.
struct Subject {
    running: Running,
    folder: PathBuf,
    address: SocketAddr,
    upstream: SocketAddr,
}

impl Subject {
    fn start(programs: &Path, folder: &Path, upstream: SocketAddr) -> Result<Self, String> {
        let address = place::free()?;
        let spec = folder.join("gate.kdl");
        write(&spec, &text(address, upstream, 0))?;
        let mut command = Command::new(programs.join("gated"));
        command.arg("run").arg(&spec).args(["--management", "off"]);
        let up = || client::get(address, "/mark").is_some_and(|(status, _)| status == 200);
        let running = Running::begin(&mut command, &folder.join("gated.log"), &up)
            .map_err(|error| format!("gated: {error}"))?;
        Ok(Self {
            running,
            folder: folder.to_owned(),
            address,
            upstream,
        })
    }

    /// How long each connection waits between two requests so that the replica is at half its load, in
    /// milliseconds.
    fn pause_for_half_load(&self) -> Result<u64, String> {
        let full = Wrk::new(self.address, "/proxy/x").run(3)?;
        let pause = f64::from(CONNECTIONS) * 1000.0 / (full.rate / 2.0).max(1.0);
        Ok(pause.round().max(1.0) as u64)
    }

    fn soak(&self, time: Duration, pause: u64) -> Result<Course, String> {
        let script = self.folder.join("soak.lua");
        write(&script, &lua(pause))?;
        let over = AtomicBool::new(false);
        let mut course = Course::default();
        let loads = scope(|scope| {
            let load = scope.spawn(|| self.load(&script, &over));
            let changed = self.change(time, &mut course);
            over.store(true, Ordering::Relaxed);
            let loads = load.join().map_err(|_| "the load failed".to_owned())?;
            changed.and(loads)
        })?;
        course.requests = loads.iter().map(|report| report.requests).sum();
        course.failed = loads.iter().map(|report| report.failed).sum();
        Ok(course)
    }

    /// Makes load until it is over.
    fn load(&self, script: &Path, over: &AtomicBool) -> Result<Vec<Report>, String> {
        let mut wrk = Wrk::new(self.address, "/");
        wrk.connections = CONNECTIONS;
        wrk.script = Some(script.to_owned());
        let mut reports = Vec::new();
        while !over.load(Ordering::Relaxed) {
            reports.push(wrk.run(RUN)?);
        }
        Ok(reports)
    }

    /// Changes the spec once a second, and notes what the replica holds.
    fn change(&self, time: Duration, course: &mut Course) -> Result<(), String> {
        let begun = Instant::now();
        let spec = self.folder.join("gate.kdl");
        let aside = self.folder.join("gate.kdl.new");
        let mut version = 0;
        while begun.elapsed() < time {
            let due = Instant::now() + Duration::from_secs(1);
            version += 1;
            write(&aside, &text(self.address, self.upstream, version))?;
            fs::rename(&aside, &spec).map_err(|error| format!("cannot replace: {error}"))?;
            course.changes += 1;
            course.lost += u64::from(!self.is_live(version));
            course
                .memory
                .note(begun.elapsed(), self.running.usage().resident as f64);
            course.files.note(begun.elapsed(), self.files()? as f64);
            sleep(due.saturating_duration_since(Instant::now()));
        }
        Ok(())
    }

    fn is_live(&self, version: u64) -> bool {
        let begun = Instant::now();
        let mark = version.to_string();
        while begun.elapsed() < PATIENCE {
            if client::get(self.address, "/mark").is_some_and(|(_, body)| body == mark) {
                return true;
            }
            sleep(Duration::from_millis(5));
        }
        false
    }

    /// How many files the replica has open, sockets among them.
    fn files(&self) -> Result<usize, String> {
        let folder = format!("/proc/{}/fd", self.running.id());
        let open = fs::read_dir(&folder).map_err(|error| format!("the replica ended: {error}"))?;
        Ok(open.count())
    }
}

/// What was seen.
#[derive(Debug, Default)]
struct Course {
    requests: u64,
    failed: u64,
    changes: u64,
    /// Changes that did not become live.
    lost: u64,
    /// In KiB.
    memory: Trend,
    files: Trend,
}

impl Course {
    fn verdict(&self) -> Result<String, String> {
        let (memory, files) = (self.memory.after(SETTLED), self.files.after(SETTLED));
        let told = format!(
            "requests {}, failed {}\nchanges {}, not live within {} s {}\n\
             memory {} KiB at first, {} KiB at last, {:+.1} KiB a minute\n\
             open files {} at first, {} at last, {:+.3} a minute",
            self.requests,
            self.failed,
            self.changes,
            PATIENCE.as_secs(),
            self.lost,
            memory.first(),
            memory.last(),
            memory.slope(),
            files.first(),
            files.last(),
            files.slope(),
        );
        let sound = self.requests > 0
            && self.failed == 0
            && self.lost == 0
            && memory.growth() <= MEMORY_NOISE.max(memory.first() * 0.05)
            && files.growth() <= FILES_NOISE;
        if sound { Ok(told) } else { Err(told) }
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// A gateway that does a bit of everything; each version answers with its own number.
fn text(address: SocketAddr, upstream: SocketAddr, version: u64) -> String {
    format!(
        "gateway \"soak\"
log access=\"off\"
listener \"web\" bind=\"{address}\"
upstream \"up\" {{
    server \"http://{upstream}\"
}}
route \"mark\" public=#true {{
    match \"/mark\"
    respond body=\"{version}\"
}}
route \"hello\" public=#true {{
    match \"/hello/{{name}}\"
    respond body=\"hello {{{{ path.name }}}}, {version}\"
}}
route \"proxy\" public=#true {{
    match prefix=\"/proxy\"
    proxy \"up\"
}}
"
    )
}

/// Asks for one path after the other, with a pause between.
fn lua(pause: u64) -> String {
    format!(
        "local paths = {{ '/proxy/a', '/hello/ann', '/proxy/b', '/mark' }}
local turn = 0
function request()
  turn = turn + 1
  return wrk.format('GET', paths[turn % #paths + 1])
end
function delay() return {pause} end
"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Course;

    fn course(grows: f64) -> Course {
        let mut course = Course {
            requests: 1,
            changes: 1,
            ..Course::default()
        };
        for second in 0..600 {
            let at = Duration::from_secs(second);
            course.memory.note(at, 50_000.0 + grows * second as f64);
            course.files.note(at, 90.0);
        }
        course
    }

    #[test]
    fn what_fails_or_grows_is_found() {
        assert!(course(0.0).verdict().is_ok());
        let told = course(20.0).verdict().unwrap_err();
        assert!(told.contains("+1200.0 KiB a minute"), "{told}");
        let mut failed = course(0.0);
        failed.failed = 1;
        assert!(failed.verdict().is_err());
        let mut lost = course(0.0);
        lost.lost = 1;
        assert!(lost.verdict().is_err());
        assert!(Course::default().verdict().is_err());
    }
}
