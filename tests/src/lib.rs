//! The whole product, tried from outside. The tests are in `tests/tests/`; what they share is here:
//! the binaries, a replica, a real nginx, and requests made with curl.
//!
//! A failure here is a failure of the test, so these functions panic with the reason.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test's scaffolding fails by panicking"
)]

mod apache;
mod client;
mod command;
mod nginx;
pub mod redis;
mod replica;
mod request;

pub use apache::Apache;
pub use client::{Client, Timed};
pub use command::{Ran, binary, copy, free_port, gatec, python_program, root, wait_for};
pub use nginx::Nginx;
pub use replica::Replica;
pub use request::{Answer, curl};
