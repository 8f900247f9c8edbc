//! `gatec policy`

mod check;
mod schema;
mod why;

use crate::{CommandError, Outcome, Terminal};

/// Look at Cedar policies: what they can speak of, what they come to, and why one decides as it does.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Schema(schema::Arguments),
    Check(check::Arguments),
    Why(why::Arguments),
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    match &arguments.command {
        Command::Schema(arguments) => schema::run(arguments, terminal),
        Command::Check(arguments) => check::run(arguments, terminal),
        Command::Why(arguments) => why::run(arguments, terminal),
    }
}
