//! What a decision needs from outside the engine.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

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

/// An environment of fixed values: time stands still, chance follows from a seed, counters begin at
/// one, and the only secrets are those it was given.
#[derive(Debug)]
pub struct FixedEnvironment {
    now: SystemTime,
    chance: AtomicU64,
    counters: Mutex<BTreeMap<String, u64>>,
    secrets: BTreeMap<String, String>,
}

impl FixedEnvironment {
    /// 2026-01-01T00:00:00Z with this seed and these secrets.
    pub fn new(seed: u64, secrets: BTreeMap<String, String>) -> Self {
        Self {
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            chance: AtomicU64::new(seed),
            counters: Mutex::default(),
            secrets,
        }
    }
}

impl Environment for FixedEnvironment {
    fn now(&self) -> SystemTime {
        self.now
    }

    /// SplitMix64: each state is the last one plus a constant, its bits then mixed.
    fn random(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let state = self.chance.fetch_add(STEP, Ordering::Relaxed);
        let mut bits = state.wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn count(&self, counter: &str) -> u64 {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let value = counters.entry(counter.to_owned()).or_default();
        *value += 1;
        *value
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.secrets.get(name).cloned()
    }
}
