//! Runs a request through the engine without a network, as `gatec why` and `gatec test` do.

mod answer;
mod call;
mod environment;

pub(crate) use answer::{Answer, Taken, answer};
pub(crate) use call::Call;
pub(crate) use environment::Fixed;
