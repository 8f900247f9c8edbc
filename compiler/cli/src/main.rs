//! The `gatec` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(gatec::run(
        std::env::args_os(),
        &mut gatec::Terminal::of_process(),
    ))
}
