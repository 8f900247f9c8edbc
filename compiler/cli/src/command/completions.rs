//! `gatec completions`

use clap_complete::Shell;

use crate::{CommandError, Outcome, Terminal};

/// Print what a shell needs to complete the arguments of `gatec`.
///
/// For example: gatec completions bash > ~/.local/share/bash-completion/completions/gatec
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<Outcome, CommandError> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::command(), "gatec", &mut text);
    terminal.print(&String::from_utf8_lossy(&text));
    Ok(Outcome::Clean)
}
