//! `gatec convert`

use std::path::PathBuf;

use crate::spec::{self, Form, Written};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Write a KDL spec as YAML, or a YAML spec as KDL, without loss of meaning.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The spec, `-` for standard input.
    file: PathBuf,
    /// The form to write; left out, the other one.
    #[arg(long, value_enum, value_name = "FORM")]
    to: Option<Form>,
    /// The file to write; left out, standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    written: Written,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let input = spec::input(&arguments.file, &arguments.written, terminal)?;
    let named = arguments
        .to
        .or_else(|| Form::of(arguments.output.as_deref()?));
    let to = named.unwrap_or(spec::form(&input).other());
    let (sources, document, findings) = gatec_compiler::load::document(input);
    let errors = spec::errors(&findings);
    if !errors.is_empty() {
        spec::show(&errors, &sources, terminal);
        return Ok(Outcome::Findings);
    }
    let converted = spec::written(&document, to);
    match &arguments.output {
        Some(output) => atomic::write_new(output, converted.as_bytes(), arguments.force)?,
        None => terminal.print(&converted),
    }
    Ok(Outcome::Clean)
}
