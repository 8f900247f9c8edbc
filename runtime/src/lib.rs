//! The replica: loads a bundle, serves it, swaps it.
//!
//! A request's way is in `stages`; a change's way is in `reload`. Both meet in one place, the
//! `snapshot`: requests read it, a change replaces it.

mod cli;
mod descriptors;
mod disk;
mod encode;
mod environment;
mod events;
mod http1;
mod identify;
mod log;
mod manage;
mod metrics;
mod names;
mod proxy;
mod reload;
mod replica;
mod server;
mod session;
mod shared;
mod snapshot;
mod stages;
mod state;
mod tls;

pub use cli::Cli;
pub use events::Event;
pub use reload::Source;
pub use replica::{ManagementAddress, Options, Replica, StartError};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from; empty where that is not known.
pub const COMMIT: &str = env!("GATED_COMMIT");

/// Version and commit, as `--version` tells them.
pub const LONG_VERSION: &str = env!("GATED_LONG_VERSION");
