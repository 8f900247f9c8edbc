//! `cargo xtask bench policies`: what it costs to know who is asking and to let policies decide.
//!
//! Decisions and loading are measured in a program of their own (`compiler/benches/policies.rs`), built
//! as what is shipped. What a request costs is measured live: the same spec with an identity and policies
//! on every route, and with all routes public, asked the same by the same clients. Variants take turns
//! within a round, each freshly started, and ratios are taken between figures of the same round.

pub mod credentials;
pub mod document;
pub mod inner;
pub mod live;
pub mod spec;

use std::path::PathBuf;

use crate::peers::cores::Cores;
use crate::peers::upstream::Upstream;
use crate::peers::{build, limits};

/// Measure what identities and policies cost.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How long one measurement lasts, after a second of load that does not count.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub seconds: u64,
    /// How often each is made.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub rounds: u32,
    /// Leave `docs/performance.md` as it is.
    #[arg(long)]
    pub dry: bool,
    /// Only what a request costs, live.
    #[arg(long)]
    pub live: bool,
    /// A folder with `gated` and `gatec`, instead of building them.
    #[arg(long, value_name = "FOLDER")]
    pub programs: Option<PathBuf>,
}

/// Measures, writes the section of the docs, and gives it.
///
/// # Errors
/// When a program is missing or fails, or a request is not answered as it should be.
pub fn run(options: &Options, say: &mut dyn FnMut(&str)) -> Result<String, String> {
    crate::peers::programs::prepare(say)?;
    let programs = match &options.programs {
        Some(folder) => folder.clone(),
        None => build::release()?,
    };
    let inner = match options.live {
        true => inner::Inner::default(),
        false => inner::run(say)?,
    };
    let cores = Cores::of(std::thread::available_parallelism().map_or(1, usize::from));
    cores.step_aside()?;
    limits::lift();
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to work in: {error}"))?;
    let upstream = Upstream::start(&folder.path().join("upstream"))?;
    let credentials = credentials::make(folder.path(), &programs)?;
    let bench = live::Bench {
        folder: folder.path(),
        programs: &programs,
        cores: &cores,
        upstream: upstream.address,
        credentials: &credentials,
        seconds: options.seconds,
    };
    let live = bench.run(options.rounds, say)?;
    let section = document::section(&inner, &live, options);
    if !options.dry && !options.live {
        document::write(&crate::root(), &section)?;
    }
    Ok(section)
}
