//! The `gatec` command: one file for each subcommand, in `command/`.
//!
//! [`run`] takes the arguments and a [`Terminal`] and gives the exit code, so that tests can run
//! the whole command without a process. A subcommand returns an [`Outcome`], or a [`CommandError`]
//! where it could not do its work.

mod arguments;
mod atomic;
mod cache;
mod checked;
mod command;
mod diff;
mod error;
mod progress;
mod simulate;
mod spec;
mod terminal;
mod tree;
mod watch;

use std::ffi::OsString;

pub use arguments::{Color, command};
pub use error::CommandError;
pub use terminal::Terminal;

/// How a subcommand ended that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to complain about: exit code 0.
    Clean,
    /// There is something to mend: exit code 1.
    Findings,
}

/// The exit code of a command that could not do its work.
const COULD_NOT_RUN: u8 = 2;

/// Runs the command. The first argument is the command's own name. Gives the exit code: 0 clean,
/// 1 findings, 2 could not run.
pub fn run(arguments: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>) -> u8 {
    let parsed = match arguments::parse(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return arguments::answer(&error, terminal),
    };
    terminal.choose_color(parsed.color);
    let outcome = parsed
        .command
        .run(terminal)
        .and_then(|outcome| terminal.finish().map(|()| outcome));
    match outcome {
        Ok(Outcome::Clean) => 0,
        Ok(Outcome::Findings) => 1,
        Err(error) => {
            error.show(terminal);
            COULD_NOT_RUN
        }
    }
}
