//! `gatec import`

mod nox;
mod templates;

use std::path::PathBuf;

use clap::Subcommand;
use gatec_syntax::{Severity, SourceId, Sources};

use crate::spec::{self, Form};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Make a spec from another tool's configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// From a configuration of nox (YAML). What cannot be expressed is named on standard error and in comments.
    Nox(Nox),
}

#[derive(Debug, clap::Args)]
struct Nox {
    /// The configuration, `-` for standard input.
    file: PathBuf,
    /// The form to write; left out, by the output's name, else KDL.
    #[arg(long, value_enum, value_name = "FORM")]
    to: Option<Form>,
    /// The file to write; left out, standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let From::Nox(nox) = &arguments.from;
    let (name, text) = spec::bytes(&nox.file, terminal)?;
    let text = spec::utf8(&name, text)?;
    let (document, mut findings) = gatec_syntax::yaml::parse(SourceId(0), &text);
    let mut sources = Sources::new();
    sources.add(name, text.as_str());
    let imported = nox::import(&document);
    findings.extend(imported.findings);
    spec::show(&findings, &sources, terminal);
    if findings
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        return Ok(Outcome::Findings);
    }
    let to = nox
        .to
        .or_else(|| Form::of(nox.output.as_deref()?))
        .unwrap_or(Form::Kdl);
    let written = spec::written(&imported.document, to);
    match &nox.output {
        Some(output) => atomic::write_new(output, written.as_bytes(), nox.force)?,
        None => terminal.print(&written),
    }
    Ok(Outcome::Clean)
}
