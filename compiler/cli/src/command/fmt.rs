//! `gatec fmt`

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gatec_syntax::{Diagnostic, Sources};
use similar::TextDiff;

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
    let text = spec::text(file, arguments.written, terminal)?;
    let name = spec::shown(file);
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
            let diff = diff(&name, &text.text, &formatted, terminal);
            terminal.print(&diff);
            return Ok(Outcome::Findings);
        }
        (false, true) => terminal.print(&formatted),
        (false, false) if changed => write(file, &formatted)?,
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

fn write(file: &Path, text: &str) -> Result<(), CommandError> {
    // A file that cannot be written to is not to be replaced either, though its folder would let us.
    let read_only = fs::metadata(file).is_ok_and(|metadata| metadata.permissions().readonly());
    match read_only {
        true => Err(CommandError::new(format!(
            "cannot write `{}`: it is read-only",
            file.display()
        ))),
        false => atomic::write(file, text.as_bytes()),
    }
}

/// How long to look for the smallest difference.
const DIFF_TIME: Duration = Duration::from_millis(500);

/// The difference in the usual unified form.
fn diff(name: &str, before: &str, after: &str, terminal: &Terminal<'_>) -> String {
    // Past the deadline the difference is coarser, but still right.
    let diff = TextDiff::configure()
        .timeout(DIFF_TIME)
        .diff_lines(before, after);
    let text = diff
        .unified_diff()
        .context_radius(2)
        .header(name, &format!("{name} (formatted)"))
        .to_string();
    text.split_inclusive('\n')
        .map(|line| {
            let (words, end) = line
                .strip_suffix('\n')
                .map_or((line, ""), |words| (words, "\n"));
            let style = match words.as_bytes().first() {
                Some(b'+') => "32",
                Some(b'-') => "31",
                Some(b'@') => "36",
                _ => return line.to_owned(),
            };
            format!("{}{end}", terminal.paint(style, words))
        })
        .collect()
}
