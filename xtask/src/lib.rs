//! The project's own chores: what `cargo xtask` does, as functions that tests can call.

pub mod codegen;
pub mod editor;
pub mod editors;
pub mod peers;
pub mod policies;
pub mod recheck;
pub mod reference;
pub mod setup;
pub mod shell;
pub mod soak;

use std::path::PathBuf;

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
