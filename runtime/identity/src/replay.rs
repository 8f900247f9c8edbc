//! Signatures that were taken, so that none is taken twice while it would still be good.
//!
//! Only good signatures are remembered, so that nobody without a key can fill the memory; when it is
//! full nevertheless, no further ones are taken until some have run out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest;

/// Parts of the memory, each with a lock of its own.
const SHARDS: usize = 16;

/// Most signatures remembered in each.
const MOST: usize = (1 << 20) / SHARDS;

/// Milliseconds between two looks for what has run out.
const TIDY: i64 = 1_000;

/// Signatures that were taken lately.
#[derive(Debug, Default)]
pub struct Replays([Mutex<Shard>; SHARDS]);

#[derive(Debug, Default)]
struct Shard {
    until: HashMap<u128, i64>,
    tidied: i64,
}

/// Whether a signature was taken before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// No; it is remembered now.
    First,
    /// Yes.
    Again,
    /// There is no room to remember it.
    Full,
}

impl Replays {
    /// Remembers a good signature until a time, in milliseconds since 1970.
    pub(crate) fn see(&self, parts: &[&[u8]], until: i64, now: i64) -> Seen {
        let print = print(parts);
        let index = usize::try_from(print % SHARDS as u128).unwrap_or(0);
        let Some(shard) = self.0.get(index) else {
            return Seen::Full;
        };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(shard.tidied) >= TIDY && shard.until.len() >= MOST / 2 {
            shard.until.retain(|_, until| *until > now);
            shard.tidied = now;
        }
        if shard.until.get(&print).is_some_and(|until| *until > now) {
            return Seen::Again;
        }
        if shard.until.len() >= MOST {
            return Seen::Full;
        }
        shard.until.insert(print, until);
        Seen::First
    }
}

/// Half of a SHA-256 of the parts and their lengths.
fn print(parts: &[&[u8]]) -> u128 {
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let all = hash.finish();
    let half = all.as_ref().iter().take(16);
    half.fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_taken_twice_while_it_is_good() {
        let replays = Replays::default();
        assert_eq!(replays.see(&[b"a", b"b"], 1000, 0), Seen::First);
        assert_eq!(replays.see(&[b"a", b"b"], 1000, 999), Seen::Again);
        assert_eq!(replays.see(&[b"ab", b""], 1000, 999), Seen::First);
        assert_eq!(replays.see(&[b"a", b"b"], 2000, 1000), Seen::First);
    }

    #[test]
    fn memory_is_bounded_and_frees_itself() {
        let replays = Replays::default();
        let mut full = 0_usize;
        for index in 0..(MOST * SHARDS + MOST) {
            let seen = replays.see(&[&index.to_be_bytes()], 10_000, 0);
            full += usize::from(seen == Seen::Full);
        }
        assert!(full > 0);
        assert_eq!(replays.see(&[b"later"], 30_000, 20_000), Seen::First);
    }
}
