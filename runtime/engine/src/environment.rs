//! What a decision needs from outside the engine.

use std::time::SystemTime;

/// Time, chance, counters and secrets. A replica answers from the real world; `gatec test` from
/// fixed values, so that a test gives the same answer every time.
pub trait Environment {
    /// The present time.
    fn now(&self) -> SystemTime;

    /// Sixty-four random bits.
    fn random(&self) -> u64;

    /// Adds one to the named counter and returns its new value; the first call returns 1.
    fn count(&self, counter: &str) -> u64;

    /// The value of a secret; `None` where the replica has none of that name.
    fn secret(&self, name: &str) -> Option<String>;
}
