//! `gatec key revoke`

use std::path::PathBuf;

use super::{read, wrong};
use crate::{CommandError, Outcome, Terminal, atomic};

/// Revoke every key of an id. Replicas that watch the file take no further request with them.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Whose keys.
    id: String,
    /// The file that they are in.
    #[arg(long, value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let (id, file) = (&arguments.id, &arguments.file);
    let text = read(file)?;
    let revoked = gated_identity::revoke(&text, id).map_err(|problem| wrong(file, &problem))?;
    let (text, count) = revoked;
    if count == 0 {
        return Err(
            CommandError::new(format!("`{}` has no good key of `{id}`", file.display()))
                .hint("`gatec key list --file FILE` shows whose keys there are"),
        );
    }
    atomic::write(file, text.as_bytes())?;
    let word = if count == 1 { "key" } else { "keys" };
    terminal.print(&format!("revoked {count} {word} of {id}\n"));
    Ok(Outcome::Clean)
}
