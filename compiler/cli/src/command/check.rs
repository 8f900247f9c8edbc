//! `gatec check`

mod format;
mod mend;
mod put;
mod round;
mod watch;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use gatec_compiler::compile::MAX_DIAGNOSTICS;
use gatec_syntax::Severity;

use crate::cache::Cache;
use crate::checked::Checked;
use crate::progress::Progress;
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal};
use format::Format;

/// Find the mistakes in a spec: everything that a replica would refuse, and what is likely not meant.
///
/// Without --profile, the spec is checked as it stands and under each of its profiles. Where nothing changed since the last time,
/// what was found then is told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit codes: 0 no finding as bad as --fail-level, 1 there are such (with --diff: there is something to mend), 2 could not run."
)]
pub(crate) struct Arguments {
    /// The specs, `-` for standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Check under this profile only.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    format: Format,
    /// The least severity that counts: exit 1 where there is such a finding.
    #[arg(long, value_enum, default_value_t = FailLevel::Error, value_name = "LEVEL")]
    fail_level: FailLevel,
    /// The same as --fail-level warning.
    #[arg(long, conflicts_with = "fail_level")]
    deny_warnings: bool,
    /// Apply the fixes that are certain, and tell what is left. A spec on standard input is written to standard output, and the
    /// report to standard error.
    #[arg(long, conflicts_with_all = ["diff", "watch"])]
    fix: bool,
    /// Write nothing: show what --fix would change, and exit 1 if it would change anything.
    #[arg(long, conflicts_with_all = ["watch", "format"])]
    diff: bool,
    /// Check again whenever something changes, until interrupted.
    #[arg(long)]
    watch: bool,
    /// Check anew, and keep nothing. The cache is in `$GATEC_CACHE_DIR`, by default in the user's folder for caches.
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    written: Written,
}

/// From which severity on a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailLevel {
    /// Every finding.
    Advice,
    /// Warnings and errors.
    Warning,
    /// Errors.
    Error,
    /// None.
    Never,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let files = match arguments.files.as_slice() {
        [] => vec![spec::default_file()?],
        files => files.to_vec(),
    };
    if arguments.watch {
        return watch::run(&files, arguments, terminal);
    }
    if arguments.fix || arguments.diff {
        return mend::run(&files, arguments, terminal);
    }
    let cache = arguments.cache();
    let mut specs = Vec::new();
    for file in &files {
        match one(file, arguments, cache.as_ref(), terminal) {
            Ok(checked) => specs.push(checked),
            Err(error) => {
                // Programs get a whole report or none.
                if arguments.format.is_for_people() {
                    terminal.print(&arguments.report(&specs, terminal)?);
                }
                return Err(error);
            }
        }
    }
    arguments.tell(&specs, terminal)?;
    Ok(arguments.outcome(&specs))
}

/// A spec that was checked, and what it is called.
struct Named {
    name: String,
    checked: Checked,
}

fn one(
    file: &Path,
    arguments: &Arguments,
    cache: Option<&Cache>,
    terminal: &mut Terminal<'_>,
) -> Result<Named, CommandError> {
    let input = spec::input(file, &arguments.written, terminal)?;
    let name = arguments.written.shown(file);
    let progress = Progress::of(terminal, format!("checking {name}"));
    let checked = Checked::of(input, arguments.profile.as_deref(), cache)?;
    drop(progress);
    Ok(Named { name, checked })
}

impl Arguments {
    fn cache(&self) -> Option<Cache> {
        match self.no_cache {
            true => None,
            false => Cache::usual(),
        }
    }

    /// The severity from which on a finding counts; `None`: none does.
    fn worst(&self) -> Option<Severity> {
        match self.fail_level {
            _ if self.deny_warnings => Some(Severity::Warning),
            FailLevel::Advice => Some(Severity::Advice),
            FailLevel::Warning => Some(Severity::Warning),
            FailLevel::Error => Some(Severity::Error),
            FailLevel::Never => None,
        }
    }

    fn outcome(&self, specs: &[Named]) -> Outcome {
        let counts = |found: &gatec_syntax::Diagnostic| {
            self.worst().is_some_and(|worst| found.severity >= worst)
        };
        let mut findings = specs.iter().flat_map(|spec| &spec.checked.diagnostics);
        match findings.any(counts) {
            true => Outcome::Findings,
            false => Outcome::Clean,
        }
    }

    fn report(&self, specs: &[Named], terminal: &Terminal<'_>) -> Result<String, CommandError> {
        format::report(self.format, specs, self.worst(), terminal)
    }

    /// Prints the report; for people also that there is nothing to report.
    fn tell(&self, specs: &[Named], terminal: &mut Terminal<'_>) -> Result<(), CommandError> {
        let report = self.report(specs, terminal)?;
        terminal.print(&report);
        self.tell_more(specs, terminal);
        Ok(())
    }

    fn tell_more(&self, specs: &[Named], terminal: &mut Terminal<'_>) {
        for Named { name, checked } in specs {
            let count = checked.diagnostics.len();
            if count >= MAX_DIAGNOSTICS && self.format != Format::Human {
                terminal.say(&format!(
                    "{name}: there may be more findings: these are the first\n"
                ));
            }
            if count == 0 && self.format.is_for_people() {
                terminal.say(&format!("{name}: no findings\n"));
                for line in &checked.guarantees {
                    terminal.say(&format!("{name}: {line}\n"));
                }
            }
        }
    }
}
