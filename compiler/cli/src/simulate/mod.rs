//! Runs a request through the engine without a network, as `gatec why` and `gatec test` do.

mod admit;
mod answer;
pub(crate) mod asker;
mod call;
mod environment;
mod session;

pub(crate) use admit::{Admission, admit};
pub(crate) use answer::{Answer, Taken, answer};
pub(crate) use asker::Asker;
pub(crate) use call::Call;
pub(crate) use environment::Fixed;
