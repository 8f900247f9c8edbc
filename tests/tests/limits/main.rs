//! Limits that replicas share, in real Redis servers, with the faults that servers have.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod across;
mod faults;
mod load;
mod model;
