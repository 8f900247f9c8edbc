//! `gatec inspect`

mod effective;
mod limits;
mod told;

use std::path::PathBuf;

use crate::arguments::Report;
use crate::spec::{self, Form, Written};
use crate::{CommandError, Outcome, Terminal};

/// Show what is in a bundle, or what a spec compiles to.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The bundle or spec, `-` for a spec on standard input; left out, `gate.kdl` or `gate.yaml` in this folder.
    file: Option<PathBuf>,
    /// Show the spec as it holds: every value, defaults included, files taken in and the profile merged.
    #[arg(long)]
    effective: bool,
    /// The form of the effective spec.
    #[arg(long, value_enum, default_value_t = Form::Kdl, value_name = "FORM", requires = "effective")]
    to: Form,
    /// Compile under this profile, and show what it replaced.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Report::Human, value_name = "FORMAT")]
    format: Report,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = spec::named(arguments.file.as_deref())?;
    let profile = arguments.profile.as_deref();
    let Some(served) = spec::asked(
        &file,
        &arguments.written,
        profile,
        arguments.format,
        terminal,
    )?
    else {
        return Ok(Outcome::Findings);
    };
    let replaced = effective::replaced(&served);
    let text = match (arguments.effective, arguments.format) {
        (true, Report::Json) => format!("{:#}\n", effective::value(&served, &file)?),
        (true, Report::Human) => effective::written(&served, &file, arguments.to)?,
        (false, Report::Json) => told::json(&served, &replaced),
        (false, Report::Human) => told::human(&served, &replaced, terminal),
    };
    terminal.print(&text);
    Ok(Outcome::Clean)
}
