//! A world that is the same every time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use gated_engine::Environment;

/// 2024-01-01T00:00:00Z, in seconds since 1970.
const NOW: u64 = 1_704_067_200;

/// Added at each step of SplitMix64 (Steele, Lea and Flood, 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Time stands still at 2024-01-01T00:00:00Z, chance follows from a fixed seed, counters begin at
/// 1, and a secret's value is its name in angle brackets.
#[derive(Default)]
pub(crate) struct Fixed {
    chance: AtomicU64,
    counters: Mutex<HashMap<String, u64>>,
    at: Option<SystemTime>,
}

impl Fixed {
    /// The same at another time.
    pub(crate) fn at(at: Option<SystemTime>) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }
}

impl Environment for Fixed {
    fn now(&self) -> SystemTime {
        self.at
            .unwrap_or(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    fn random(&self) -> u64 {
        let state = self
            .chance
            .fetch_add(GOLDEN, Ordering::Relaxed)
            .wrapping_add(GOLDEN);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn count(&self, counter: &str) -> u64 {
        let mut counters = match self.counters.lock() {
            Ok(counters) => counters,
            Err(poisoned) => poisoned.into_inner(),
        };
        let value = counters.entry(counter.to_owned()).or_default();
        *value = value.saturating_add(1);
        *value
    }

    fn secret(&self, name: &str) -> Option<String> {
        Some(format!("<{name}>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_worlds_are_the_same() {
        let draw = |world: &Fixed| {
            [
                world.random(),
                world.random(),
                world.count("a"),
                world.count("a"),
                world.count("b"),
            ]
        };
        let (one, two) = (draw(&Fixed::default()), draw(&Fixed::default()));
        assert_eq!(one, two);
        assert_ne!(one[0], one[1]);
        assert_eq!(one[2..], [1, 2, 1]);
    }
}
