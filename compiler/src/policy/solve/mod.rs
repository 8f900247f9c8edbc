//! Is there a request that meets a condition? Found by trying.
//!
//! What a condition asks about (claims, parameters, headers, …) can take endless values, but it can tell only
//! few apart: those written in it, those next to them, and any other. [`candidates`] gathers these for each
//! fact; [`search`] tries them, fact by fact, and gives up a branch as soon as the condition is decided by
//! what it has so far. Where the candidates stand for all values, finding none is a proof; where they may
//! not (patterns, arithmetic, networks), it is not, and is told as not decided.

mod candidates;
mod search;
mod value;
pub mod witness;

pub use search::{Answer, Goal, Model, find};
pub use value::Val;
