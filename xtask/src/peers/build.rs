//! The programs of this project, as they are shipped.

use std::path::PathBuf;

use crate::shell;

/// Builds `gated` and `gatec` in the release profile; the folder that they are in.
///
/// # Errors
/// When they cannot be built, or are not where they should be.
pub(crate) fn release() -> Result<PathBuf, String> {
    shell::cargo(&["build", "--release", "--bin", "gated", "--bin", "gatec"])?;
    let folder = target()
        .ok_or("the target folder cannot be told; set CARGO_TARGET_DIR")?
        .join("release");
    match folder.join("gated").is_file() {
        true => Ok(folder),
        false => Err(format!("no `gated` in `{}`", folder.display())),
    }
}

/// The target folder is the one this program was built in: cargo marks it.
fn target() -> Option<PathBuf> {
    let me = std::env::current_exe().ok()?;
    let marked = me
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.map(PathBuf::from)
}
