//! Running other programs.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs cargo in the checkout, its output shown.
///
/// # Errors
/// Says which command failed.
pub fn cargo(arguments: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .current_dir(crate::root())
        .status();
    told(&format!("cargo {}", arguments.join(" ")), status)
}

/// Runs a program, its output shown.
///
/// # Errors
/// Says which command failed.
pub fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .status();
    told(&format!("{program} {}", arguments.join(" ")), status)
}

/// How a command ended, in words that name it.
///
/// # Errors
/// Says that it failed, or why it did not start.
pub fn told(
    command: &str,
    status: std::io::Result<std::process::ExitStatus>,
) -> Result<(), String> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("`{command}` failed")),
        Err(error) => Err(format!("`{command}` did not start: {error}")),
    }
}

/// Where a program is, as a shell would find it; system folders that are not always on the path
/// are looked through too.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    let folders = std::env::split_paths(&path).chain(system);
    folders
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
