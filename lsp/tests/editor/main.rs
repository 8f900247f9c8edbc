//! The server as an editor meets it: whole messages in, whole messages out.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod answers;
mod edits;
mod files;
mod findings;
mod policies;
mod session;
mod speaks;
