//! `gatec key`

mod list;
mod new;
mod revoke;

use std::path::Path;

use crate::{CommandError, Outcome, Terminal};

/// Make, list and revoke keys for `api-key` and `bearer` identities.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    New(new::Arguments),
    List(list::Arguments),
    Revoke(revoke::Arguments),
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    match &arguments.what {
        What::New(arguments) => new::run(arguments, terminal),
        What::List(arguments) => list::run(arguments, terminal),
        What::Revoke(arguments) => revoke::run(arguments, terminal),
    }
}

pub(crate) use new::{duration, pair};

/// The text of a file of keys.
fn read(file: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(file).map_err(|error| CommandError::file("read", file, &error))
}

/// What is wrong with a file of keys.
fn wrong(file: &Path, problem: &gated_identity::Problem) -> CommandError {
    CommandError::new(format!("`{}`, {problem}", file.display()))
}
