//! `gatec fmt`

use std::path::{Path, PathBuf};

use gatec_syntax::{Diagnostic, Sources};

use crate::diff::unified;
use crate::spec::{self, Form, Written};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Lay out specs in one way; comments are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The specs, `-` to go from standard input to standard output; left out, `gate.kdl` or `gate.yaml` in this folder.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing: show what would change, and exit 1 if anything would.
    #[arg(long)]
    check: bool,
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
    for file in files {
        if one(&file, arguments, terminal)? == Outcome::Findings {
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}

fn one(
    file: &Path,
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let text = spec::text(file, &arguments.written, terminal)?;
    let name = arguments.written.shown(file);
    let formatted = match format(&text.text, text.form) {
        Ok(formatted) => formatted,
        Err(findings) => {
            let mut sources = Sources::new();
            sources.add(text.name, text.text.as_str());
            spec::show(&findings, &sources, terminal);
            return Ok(Outcome::Findings);
        }
    };
    let changed = formatted != text.text;
    match (arguments.check, spec::is_stdin(file)) {
        (true, _) if changed => {
            let after = format!("{name} (formatted)");
            let diff = unified((&name, &text.text), (&after, &formatted), 2, terminal);
            terminal.print(&diff);
            return Ok(Outcome::Findings);
        }
        (false, true) => terminal.print(&formatted),
        (false, false) if changed => atomic::rewrite(file, formatted.as_bytes())?,
        _ => {}
    }
    Ok(Outcome::Clean)
}

fn format(text: &str, form: Form) -> Result<String, Vec<Diagnostic>> {
    match form {
        Form::Kdl => gatec_syntax::kdl::format(text),
        Form::Yaml => gatec_syntax::yaml::format(text),
    }
}
