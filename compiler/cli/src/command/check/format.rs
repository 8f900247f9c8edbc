//! The forms of a report.

use clap::ValueEnum;
use gatec_compiler::compile::MAX_DIAGNOSTICS;
use gatec_render::{Report, Tool};
use gatec_syntax::Severity;

use super::Named;
use crate::{CommandError, Terminal};

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: the source around each place.
    Human,
    /// A line for each finding.
    Concise,
    /// One JSON array.
    Json,
    /// A JSON object on each line.
    JsonLines,
    /// Annotations of GitHub Actions.
    Github,
    /// A GitLab Code Quality report.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// For coding agents: blocks of text, complete in themselves, with fixes as diffs.
    Agent,
}

impl Format {
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise)
    }
}

/// The report on all specs as one text.
pub(super) fn report(
    format: Format,
    specs: &[Named],
    fails: Option<Severity>,
    terminal: &Terminal<'_>,
) -> Result<String, CommandError> {
    if format == Format::Human {
        return Ok(specs.iter().map(|spec| human(spec, terminal)).collect());
    }
    let folder = std::env::current_dir()
        .map_err(|error| CommandError::file("find", std::path::Path::new("."), &error))?;
    let checked = specs.iter().map(|spec| gatec_render::Checked {
        diagnostics: &spec.checked.diagnostics,
        sources: &spec.checked.sources,
    });
    let report = Report::new(checked, folder, fails);
    Ok(match format {
        Format::Human | Format::Concise => gatec_render::concise(&report),
        Format::Json => gatec_render::json_report(&report),
        Format::JsonLines => gatec_render::json_lines(&report),
        Format::Github => gatec_render::github(&report),
        Format::Gitlab => gatec_render::gitlab(&report),
        Format::Sarif => gatec_render::sarif(
            &report,
            Tool {
                version: env!("GATEC_VERSION"),
                rules: &gatec_compiler::rules::all(),
            },
        ),
        Format::Junit => gatec_render::junit(&report),
        Format::Agent => gatec_render::agent(&report),
    })
}

fn human(spec: &Named, terminal: &Terminal<'_>) -> String {
    let (found, sources) = (&spec.checked.diagnostics, &spec.checked.sources);
    let mut text = gatec_render::human_within(found, sources, terminal.color(), terminal.width());
    if found.len() >= MAX_DIAGNOSTICS {
        text.push_str("there may be more: these are the first\n");
    }
    text
}
