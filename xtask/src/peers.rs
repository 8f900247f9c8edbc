//! `cargo xtask bench peers`: `gated` beside the servers that people choose for speed.
//!
//! Every peer gets an equivalent configuration and a processor of its own; the load generator and the
//! upstream have the others. What counts is the processor time a peer spends for a request, because
//! that does not depend on who is waiting for whom. Peers are measured in turn within a round, and
//! ratios are taken between figures of the same round, so that a machine that slows down for a while
//! changes no ratio.

pub mod certificates;
pub mod chart;
pub mod client;
pub mod cores;
pub mod document;
#[cfg(test)]
mod example;
pub mod limits;
pub mod load;
pub mod machine;
pub mod options;
pub mod peer;
pub mod place;
pub mod process;
pub mod reach;
pub mod run;
pub mod running;
pub mod sample;
pub mod service;
pub mod table;
pub mod upstream;
pub mod workload;

pub(crate) mod build;
pub(crate) mod programs;

pub use options::Options;

use cores::Cores;
use peer::Peer;
use run::{Bench, Outcome};
use upstream::Upstream;
use workload::Workload;

/// Runs what was asked for, and gives what is to be read.
///
/// # Errors
/// When nothing can be measured: an unknown name, no load generator, no upstream, a failed build.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    let workloads = options.workloads()?;
    programs::prepare(say)?;
    let programs = match &options.programs {
        Some(folder) => folder.clone(),
        None => build::release()?,
    };
    let peers = options.peers(&programs)?;
    let cores = Cores::of(std::thread::available_parallelism().map_or(1, usize::from));
    cores.step_aside()?;
    limits::lift();
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to work in: {error}"))?;
    if let Err(why) = certificates::make(&folder.path().join("certificates")) {
        say(&why);
    }
    let upstream = Upstream::start(&folder.path().join("upstream"))?;
    let bench = Bench {
        seconds: options.seconds,
        rounds: options.rounds,
        cores,
        folder: folder.path().to_owned(),
        upstream: upstream.address,
        programs,
    };
    let outcomes = measure(&bench, &workloads, &peers, say);
    let written = match options.writes_docs() {
        true => {
            document::write(&crate::root(), &outcomes, options, &peers).map(|()| "written to")?
        }
        false => "not written to",
    };
    let report = document::report(&outcomes);
    let reach = reach::reach(&outcomes);
    Ok(format!(
        "\n{report}\n{reach}\n{written} docs/performance.md"
    ))
}

fn measure(
    bench: &Bench,
    workloads: &[Box<dyn Workload>],
    peers: &[Box<dyn Peer>],
    say: &mut dyn FnMut(&str),
) -> Vec<Outcome> {
    workloads
        .iter()
        .map(|workload| bench.workload(&**workload, peers, say))
        .collect()
}
