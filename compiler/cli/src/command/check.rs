//! `gatec check`

use std::path::PathBuf;

use gatec_compiler::compile::MAX_DIAGNOSTICS;
use gatec_syntax::Severity;

use crate::arguments::Report;
use crate::progress::Progress;
use crate::spec::{self, Written};
use crate::{CommandError, Outcome, Terminal};

/// Find the mistakes in a spec: everything that a replica would refuse, and what is likely not meant.
///
/// Without --profile, the spec is checked as it stands and under each of its profiles.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The specs, `-` for standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Check under this profile only.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    /// Let a warning count as a finding: exit 1.
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let files = match arguments.files.as_slice() {
        [] => vec![spec::default_file()?],
        files => files.to_vec(),
    };
    let mut outcome = Outcome::Clean;
    let mut report = Vec::new();
    for file in files {
        let input = spec::input(&file, arguments.written, terminal)?;
        let progress = Progress::of(terminal, format!("checking {}", spec::shown(&file)));
        let checked = spec::check(input, arguments.profile.as_deref())?;
        drop(progress);
        let worst = match arguments.deny_warnings {
            true => Severity::Warning,
            false => Severity::Error,
        };
        if checked
            .diagnostics
            .iter()
            .any(|found| found.severity >= worst)
        {
            outcome = Outcome::Findings;
        }
        match arguments.format {
            Report::Human => {
                let (color, width) = (terminal.color(), terminal.width());
                let text = gatec_render::human_within(
                    &checked.diagnostics,
                    &checked.sources,
                    color,
                    width,
                );
                terminal.print(&text);
                if checked.diagnostics.len() >= MAX_DIAGNOSTICS {
                    terminal.print("there may be more: these are the first\n");
                }
                if text.is_empty() {
                    terminal.say(&format!("{}: no findings\n", spec::shown(&file)));
                }
            }
            Report::Json => match gatec_render::json(&checked.diagnostics, &checked.sources) {
                serde_json::Value::Array(findings) => report.extend(findings),
                other => report.push(other),
            },
        }
    }
    if arguments.format == Report::Json {
        terminal.print(&format!("{:#}\n", serde_json::Value::Array(report)));
    }
    Ok(outcome)
}
