//! `gatec cert`

mod authority;
mod dev;
mod files;

use crate::{CommandError, Outcome, Terminal};

/// Make certificates for development.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Dev(dev::Arguments),
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    match &arguments.what {
        What::Dev(arguments) => dev::run(arguments, terminal),
    }
}
