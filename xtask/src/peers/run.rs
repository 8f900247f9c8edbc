//! The run itself: rounds in which every peer is measured in turn, each time freshly started.

use std::fs;
use std::path::PathBuf;

use super::cores::Cores;
use super::peer::Peer;
use super::place::{self, Place};
use super::running::Running;
use super::sample::Sample;
use super::workload::{Subject, Workload};
use crate::shell;

/// The file name of a configuration as it was first made.
const PREPARED: &str = "prepared";

/// What every measurement shares.
#[derive(Debug)]
pub struct Bench {
    /// How long one measurement lasts.
    pub seconds: u64,
    /// How often each is made.
    pub rounds: usize,
    /// Who runs where.
    pub cores: Cores,
    /// A folder for everything that is written.
    pub folder: PathBuf,
    /// The upstream.
    pub upstream: std::net::SocketAddr,
    /// The folder of `gated` and `gatec`.
    pub programs: PathBuf,
}

/// What came of one workload.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The workload's name.
    pub workload: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What its figure counts.
    pub unit: &'static str,
    /// Each peer's samples, a round after the other.
    pub peers: Vec<(&'static str, Result<Vec<Sample>, String>)>,
}

impl Outcome {
    /// What a peer was measured at; nothing where it was not.
    pub fn samples(&self, peer: &str) -> &[Sample] {
        let found = self.peers.iter().find(|(name, _)| *name == peer);
        found
            .and_then(|(_, samples)| samples.as_deref().ok())
            .unwrap_or_default()
    }

    /// A peer's figures, a round after the other.
    pub fn figures(&self, peer: &str) -> Vec<f64> {
        let samples = self.samples(peer).iter();
        samples.map(|sample| sample.figure).collect()
    }
}

impl Bench {
    /// Measures every peer under one workload. A peer that fails once is out of it, and why is told.
    pub fn workload(
        &self,
        workload: &dyn Workload,
        peers: &[Box<dyn Peer>],
        say: &mut dyn FnMut(&str),
    ) -> Outcome {
        let mut entries: Vec<Entry<'_>> = peers
            .iter()
            .map(|peer| Entry::new(self, &**peer, workload))
            .collect();
        for round in 1..=self.rounds {
            for entry in &mut entries {
                entry.round(self, workload);
                say(&entry.line(workload, round));
            }
        }
        Outcome {
            workload: workload.name(),
            title: workload.title(),
            unit: workload.unit(),
            peers: entries
                .into_iter()
                .map(|entry| (entry.peer.name(), entry.samples))
                .collect(),
        }
    }

    fn place(&self, peer: &dyn Peer, workload: &dyn Workload) -> Result<Place, String> {
        let folder = self
            .folder
            .join(format!("{}-{}", workload.name(), peer.name()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Place {
            folder,
            certificates: self.folder.join("certificates"),
            address: place::free()?,
            side: place::free()?,
            upstream: self.upstream,
            programs: self.programs.clone(),
        })
    }
}

/// One peer's way through the rounds of a workload.
struct Entry<'a> {
    peer: &'a dyn Peer,
    place: Option<Place>,
    samples: Result<Vec<Sample>, String>,
}

impl<'a> Entry<'a> {
    fn new(bench: &Bench, peer: &'a dyn Peer, workload: &dyn Workload) -> Self {
        let prepared = prepare(bench, peer, workload);
        let (place, samples) = match prepared {
            Ok(place) => (Some(place), Ok(Vec::new())),
            Err(why) => (None, Err(why)),
        };
        Self {
            peer,
            place,
            samples,
        }
    }

    fn round(&mut self, bench: &Bench, workload: &dyn Workload) {
        let (Ok(samples), Some(place)) = (&mut self.samples, &self.place) else {
            return;
        };
        match measure(bench, self.peer, place, workload) {
            Ok(sample) => samples.push(sample),
            Err(why) => self.samples = Err(why),
        }
    }

    fn line(&self, workload: &dyn Workload, round: usize) -> String {
        let told = match &self.samples {
            Ok(samples) => samples.last().map_or(String::new(), |sample| {
                format!("{:.2} {}", sample.figure, workload.unit())
            }),
            Err(why) => why.clone(),
        };
        format!(
            "{:<14} round {round}  {:<8} {told}",
            workload.name(),
            self.peer.name()
        )
    }
}

fn prepare(bench: &Bench, peer: &dyn Peer, workload: &dyn Workload) -> Result<Place, String> {
    if peer.program().is_none() {
        return Err("not installed".to_owned());
    }
    let needs = workload.needs();
    if shell::find(needs).is_none() {
        return Err(format!("`{needs}` is not installed"));
    }
    let place = bench.place(peer, workload)?;
    let service = workload.service();
    if let Some(why) = peer.cannot(&place, &service) {
        return Err(why);
    }
    let prepared = place.file(PREPARED);
    peer.configure(&place, &service, &prepared)?;
    Ok(place)
}

/// A workload may change the configuration, so every start takes it afresh from what was prepared.
fn put_back(peer: &dyn Peer, place: &Place) -> Result<(), String> {
    let done = fs::copy(place.file(PREPARED), place.file(peer.file()));
    done.map(drop)
        .map_err(|error| format!("cannot put the configuration in place: {error}"))
}

fn measure(
    bench: &Bench,
    peer: &dyn Peer,
    place: &Place,
    workload: &dyn Workload,
) -> Result<Sample, String> {
    put_back(peer, place)?;
    let running = Running::start(peer, place, &workload.service(), &bench.cores)?;
    workload.measure(&Subject {
        peer,
        place,
        running: &running,
        seconds: bench.seconds,
    })
}
