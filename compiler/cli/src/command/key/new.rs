//! `gatec key new`

use std::io::ErrorKind;
use std::path::PathBuf;

use gatec_schema::value::Duration;
use gated_identity::{Keys, NewKey};

use super::{read, wrong};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Make a key: 256 random bits. The key itself is shown once and kept nowhere; its hash goes to the file.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Whose key it is: the id of the principal.
    id: String,
    /// What is known of them; a set has commas between. Can be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    claim: Vec<String>,
    /// How long it is good, such as `90d`. Left out, until it is revoked.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    expires: Option<Duration>,
    /// The file to add it to; made if it is not there. Left out, the line is printed after the key.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Reads a span of time as a spec has it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    Duration::try_from(text.to_owned())
}

/// Reads `name=value`.
pub(crate) fn pair(text: &str) -> Result<(String, String), CommandError> {
    let (name, value) = text.split_once('=').ok_or_else(|| {
        CommandError::new(format!("`{text}` is no claim"))
            .hint("a claim is written `name=value`, such as `--claim roles=admin,editor`")
    })?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let claims = arguments.claim.iter().map(|claim| pair(claim));
    let claims = claims.collect::<Result<Vec<_>, _>>()?;
    let expires = arguments.expires.map(until).transpose()?;
    let made = NewKey::make(&arguments.id, &claims, expires).map_err(CommandError::new)?;
    let Some(file) = &arguments.file else {
        terminal.print(&format!("{}\n{}\n", made.key, made.line));
        return Ok(Outcome::Clean);
    };
    let mut text = match std::fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        _ => read(file)?,
    };
    Keys::parse(&text).map_err(|problem| wrong(file, &problem))?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&made.line);
    text.push('\n');
    atomic::write_private(file, text.as_bytes())?;
    terminal.print(&format!("{}\n", made.key));
    terminal.say(&format!(
        "added to {}; the key is not shown again\n",
        file.display()
    ));
    Ok(Outcome::Clean)
}

/// The moment after that time, to the second.
fn until(time: Duration) -> Result<jiff::Timestamp, CommandError> {
    let now = jiff::Timestamp::now().as_second();
    let seconds = i64::try_from(time.get().as_secs()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(now.saturating_add(seconds))
        .map_err(|error| CommandError::new(error.to_string()))
}
