//! A configuration of 10,000 routes that changes once a second under load, each peer in its own way:
//! how long until it is live, and what clients see of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::{Subject, Workload};
use crate::peers::client;
use crate::peers::load::Report;
use crate::peers::load::script;
use crate::peers::load::wrk::Wrk;
use crate::peers::sample::{Sample, Spread};
use crate::peers::service::{Act, MARK, Service};

pub(super) struct Reload;

const ROUTES: u32 = 10_000;
/// Each connection waits so long between requests, so that neither side is at its limit.
const PAUSE: u32 = 8;
/// A change that is not live by then has failed.
const PATIENCE: Duration = Duration::from_secs(10);

impl Workload for Reload {
    fn name(&self) -> &'static str {
        "reload"
    }

    fn title(&self) -> &'static str {
        "change of 10,000 routes under load"
    }

    fn unit(&self) -> &'static str {
        "ms until live"
    }

    fn service(&self) -> Service {
        marked(0)
    }

    fn measure(&self, subject: &Subject<'_>) -> Result<Sample, String> {
        let mut wrk = Wrk::new(subject.place.address, self.service().path());
        wrk.script = Some(script::unhurried(subject.place, ROUTES, ROUTES, PAUSE)?);
        let versions = [version(subject, 0)?, version(subject, 1)?];
        wrk.run(1)?;
        let quiet = wrk.run(subject.seconds)?;
        let (report, lives) = scope(|scope| {
            let seconds = subject.seconds;
            let load = scope.spawn(move || wrk.run(seconds));
            let lives = swaps(subject, &versions);
            let report = load.join().map_err(|_| "the load failed".to_owned())?;
            Ok::<_, String>((report?, lives?))
        })?;
        sample(subject, quiet, report, &lives)
    }
}

fn sample(
    subject: &Subject<'_>,
    quiet: Report,
    report: Report,
    lives: &[f64],
) -> Result<Sample, String> {
    let spread = Spread::of(lives).ok_or("no change was made")?;
    let seconds = |report: Report| report.p99.unwrap_or_default().as_secs_f64();
    Ok(Sample {
        figure: spread.median,
        rate: Some(report.rate),
        p50: report.p50,
        p99: report.p99,
        peak: subject.running.usage().peak,
        start: subject.running.start,
        aside: vec![
            ("failed requests", report.failed as f64),
            (
                "p99 against p99 without changes",
                seconds(report) / seconds(quiet).max(1e-6),
            ),
            ("ms until live, at worst", spread.greatest),
        ],
    })
}

fn marked(mark: u32) -> Service {
    Service {
        mark: Some(mark),
        ..Service::plain(Act::Proxy {
            routes: Some(ROUTES),
        })
    }
}

/// Everything is written before the load begins, so that only the change itself is seen.
fn version(subject: &Subject<'_>, mark: u32) -> Result<PathBuf, String> {
    let name = format!("version-{mark}-{}", subject.peer.file());
    let target = subject.place.file(&name);
    subject
        .peer
        .configure(subject.place, &marked(mark), &target)?;
    Ok(target)
}

/// Changes to the other version and back once a second; the milliseconds each took to be live.
fn swaps(subject: &Subject<'_>, versions: &[PathBuf; 2]) -> Result<Vec<f64>, String> {
    let mut lives = Vec::new();
    for (version, mark) in versions.iter().zip(0_u32..).cycle().skip(1) {
        if lives.len() as u64 + 1 >= subject.seconds.max(2) {
            break;
        }
        sleep(Duration::from_millis(700));
        lives.push(swap(subject, version, mark)?.as_secs_f64() * 1e3);
    }
    Ok(lives)
}

fn swap(subject: &Subject<'_>, version: &Path, mark: u32) -> Result<Duration, String> {
    let (next, current) = (
        subject.place.file("next"),
        subject.place.file(subject.peer.file()),
    );
    let failed = |error: std::io::Error| format!("cannot put the change in place: {error}");
    fs::copy(version, &next).map_err(failed)?;
    // What is live already would be "live" at once, and the figure a lie.
    if live(subject, mark) {
        return Err("the change was live before it was made".to_owned());
    }
    let begun = Instant::now();
    fs::rename(&next, &current).map_err(failed)?;
    subject.running.signal(subject.peer.reload());
    while !live(subject, mark) {
        if begun.elapsed() > PATIENCE {
            return Err(format!("a change was not live in {} s", PATIENCE.as_secs()));
        }
        sleep(Duration::from_millis(1));
    }
    Ok(begun.elapsed())
}

fn live(subject: &Subject<'_>, mark: u32) -> bool {
    client::get(subject.place.address, MARK)
        .is_some_and(|(status, body)| status == 200 && body.trim() == mark.to_string())
}
