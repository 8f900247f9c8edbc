//! What a bundle means: a request and a bundle go in, a decision comes out.
//!
//! Pure: no socket, clock, file or store. What a decision needs from outside (time, chance,
//! counters, secrets) comes through [`Environment`]. `gatec test`, `gatec why` and a live replica
//! call the very same functions.

pub mod authorise;
pub mod bundle;
pub mod compression;
pub mod decide;
mod environment;
pub mod files;
pub mod foreign;
pub mod headers;
pub mod limits;
pub mod matcher;
pub mod principal;
pub mod program;
pub mod request;
pub mod session;
pub mod template;

pub use bundle::{Bundle, BundleError, Digest, Manifest};
pub use environment::{Environment, FixedEnvironment};
pub use program::Program;
