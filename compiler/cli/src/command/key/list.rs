//! `gatec key list`

use std::fmt::Write;
use std::path::PathBuf;

use gated_identity::{Keys, Line};

use super::{read, wrong};
use crate::{CommandError, Outcome, Terminal};

/// List the keys of a file: whose they are and whether they are good.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let file = &arguments.file;
    let lines = Keys::lines(&read(file)?).map_err(|problem| wrong(file, &problem))?;
    let now = jiff::Timestamp::now().as_millisecond();
    let width = lines
        .iter()
        .map(|(_, line)| line.id.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (number, line) in &lines {
        let claims: Vec<String> = line
            .claims
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"))
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:width$}  line {number}: {}  {}",
            line.id,
            state(line, now),
            claims.join(" ")
        );
    }
    if lines.is_empty() {
        text.push_str("there are no keys\n");
    }
    let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
    terminal.print(&format!("{}\n", trimmed.join("\n")));
    Ok(Outcome::Clean)
}

fn state(line: &Line, now: i64) -> String {
    let until = line
        .expires
        .and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    match until {
        _ if line.revoked => "revoked".to_owned(),
        None => "good".to_owned(),
        Some(until) if until.as_millisecond() <= now => format!("expired on {until}"),
        Some(until) => format!("good until {until}"),
    }
}
