//! The `gatec` command.

use std::process::ExitCode;

/// Trees of many small parts are what the command makes; the system's allocator takes longer over them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(gatec::run(
        std::env::args_os(),
        &mut gatec::Terminal::of_process(),
    ))
}
