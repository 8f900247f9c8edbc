//! Tokens drawn ahead: a replica takes from the store as many as it is likely to need, and gives them out by
//! itself. They are paid for when they are drawn and worth nothing a second later, so that never more is let
//! in than the limit says, whatever becomes of the replica; what is not used in time is lost.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use gated_store::Key;

use crate::shared::lock;

/// How long drawn tokens are worth anything.
pub(super) const WORTH: Duration = Duration::from_secs(1);

/// For how long a draw is meant to last: less than it is worth, so that little is lost.
const MEANT: f64 = 0.9;

/// The shortest time over which use is measured.
const SHORTEST: f64 = 0.05;

/// Parts that are locked by themselves.
const PARTS: usize = 32;

/// Keys in a part at most; further ones are asked exactly.
const MOST: usize = 8_192;

/// What is drawn of one key.
#[derive(Debug)]
struct Lease {
    /// Tokens, and until when; the older first.
    drawn: [(u32, Instant); 2],
    /// Tokens given out since the use was measured last.
    used: u32,
    measured: Instant,
    /// Tokens used in a second, smoothed.
    pace: f64,
    /// Whether a call to draw more is under way.
    drawing: bool,
    /// What the store had left when it was asked last.
    left: u32,
    touched: Instant,
}

impl Lease {
    fn new(now: Instant) -> Self {
        Self {
            drawn: [(0, now); 2],
            used: 0,
            measured: now,
            pace: 0.0,
            drawing: false,
            left: 0,
            touched: now,
        }
    }

    fn has(&self, now: Instant) -> u32 {
        let live = |(tokens, until): &(u32, Instant)| if *until > now { *tokens } else { 0 };
        self.drawn.iter().map(live).fold(0, u32::saturating_add)
    }

    /// Gives out tokens, of which there are enough.
    fn give(&mut self, cost: u32, now: Instant) {
        let mut missing = cost;
        for (tokens, until) in &mut self.drawn {
            if *until > now {
                let given = missing.min(*tokens);
                *tokens -= given;
                missing -= given;
            }
        }
        self.used = self.used.saturating_add(cost);
        self.touched = now;
    }

    /// How much of a key is used, up to now.
    fn measure(&mut self, now: Instant) {
        let took = now.duration_since(self.measured).as_secs_f64();
        if took < SHORTEST {
            return;
        }
        let pace = f64::from(self.used) / took;
        self.pace = match self.pace > 0.0 {
            true => (self.pace + pace) / 2.0,
            false => pace,
        };
        self.used = 0;
        self.measured = now;
    }

    /// How many tokens to draw beside the one that is needed.
    fn wanted(&self, most: u32) -> u32 {
        // Floors and saturates: a pace is never negative.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates"
        )]
        let wanted = (self.pace * MEANT) as u32;
        wanted.min(most)
    }
}

/// What became of asking for tokens that were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// They were given. So many are left, here and in the store. `more`: it is time to draw so many.
    Yes { left: u32, more: Option<u32> },
    /// There are not enough; the store is to be asked for so many beside them.
    No { extra: u32 },
}

/// What is drawn of all keys.
pub(super) struct Leases {
    parts: Vec<Mutex<HashMap<Key, Lease>>>,
    hasher: RandomState,
}

impl Default for Leases {
    fn default() -> Self {
        Self {
            parts: (0..PARTS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl Leases {
    fn with<T>(&self, key: &Key, act: impl FnOnce(&mut HashMap<Key, Lease>) -> T) -> Option<T> {
        let hash = usize::try_from(self.hasher.hash_one(key) >> 32).unwrap_or(0);
        let part = self.parts.get(hash % PARTS)?;
        Some(act(&mut lock(part)))
    }

    /// Asks for tokens; at most `most` are to be drawn ahead.
    pub(super) fn ask(&self, key: &Key, cost: u32, most: u32, now: Instant) -> Given {
        let given = self.with(key, |leases| {
            if !leases.contains_key(key) && leases.len() >= MOST {
                leases.retain(|_, lease| now.duration_since(lease.touched) < 2 * WORTH);
            }
            if !leases.contains_key(key) && leases.len() >= MOST {
                return Given::No { extra: 0 };
            }
            let lease = leases.entry(key.clone()).or_insert_with(|| Lease::new(now));
            ask(lease, cost, most, now)
        });
        given.unwrap_or(Given::No { extra: 0 })
    }

    /// Takes back tokens that were given and not needed after all.
    pub(super) fn take_back(&self, key: &Key, cost: u32, now: Instant) {
        self.with(key, |leases| {
            if let Some(lease) = leases.get_mut(key) {
                // With those that end first: given back, tokens never live longer than they would have.
                if let Some((tokens, _)) = lease.drawn.iter_mut().find(|(_, until)| *until > now) {
                    *tokens = tokens.saturating_add(cost);
                }
                lease.used = lease.used.saturating_sub(cost);
            }
        });
    }

    /// Takes in tokens that were asked of the store at `asked`, and what it has left.
    pub(super) fn drawn(&self, key: &Key, tokens: u32, left: u32, asked: Instant) {
        self.with(key, |leases| {
            if let Some(lease) = leases.get_mut(key) {
                lease.drawing = false;
                lease.left = left;
                let [first, second] = lease.drawn;
                let now = Instant::now();
                // The older of two goes if there is a third: it is nearly worthless.
                let older = if second.1 > now && second.0 > 0 {
                    second
                } else {
                    first
                };
                lease.drawn = [older, (tokens, asked + WORTH)];
            }
        });
    }

    /// Remembers that a draw came to nothing.
    pub(super) fn not_drawn(&self, key: &Key) {
        self.with(key, |leases| {
            if let Some(lease) = leases.get_mut(key) {
                lease.drawing = false;
            }
        });
    }

    /// Counts use that the store was asked for exactly.
    pub(super) fn used(&self, key: &Key, cost: u32) {
        self.with(key, |leases| {
            if let Some(lease) = leases.get_mut(key) {
                lease.used = lease.used.saturating_add(cost);
            }
        });
    }
}

fn ask(lease: &mut Lease, cost: u32, most: u32, now: Instant) -> Given {
    let has = lease.has(now);
    if has >= cost {
        lease.give(cost, now);
        let left = has - cost;
        return Given::Yes {
            left: left.saturating_add(lease.left),
            more: more(lease, left, most, now),
        };
    }
    lease.touched = now;
    if lease.drawing {
        return Given::No { extra: 0 };
    }
    lease.measure(now);
    let extra = lease.wanted(most);
    lease.drawing = extra > 0;
    Given::No { extra }
}

/// How many to draw before there are none, so that nobody has to wait for it.
fn more(lease: &mut Lease, left: u32, most: u32, now: Instant) -> Option<u32> {
    let last_end = lease.drawn.iter().map(|(_, until)| *until).max()?;
    let soon = last_end.saturating_duration_since(now) < WORTH / 8;
    let low = f64::from(left) < lease.pace * MEANT / 8.0;
    if lease.drawing || !(soon || low) || lease.left == 0 {
        return None;
    }
    lease.measure(now);
    let wanted = lease.wanted(most);
    if wanted == 0 {
        return None;
    }
    lease.drawing = true;
    Some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use gated_store::Space;

    fn key() -> Key {
        Key::alone(&Space::new("limit", "a", None), Bytes::from_static(b"ann"))
    }

    #[test]
    fn what_is_drawn_is_given_out_and_ends() {
        let leases = Leases::default();
        let start = Instant::now();
        assert_eq!(leases.ask(&key(), 1, 100, start), Given::No { extra: 0 });
        leases.used(&key(), 1);
        let later = start + Duration::from_millis(100);
        // One in a tenth of a second: nine are likely to be needed in what is left of one.
        assert_eq!(leases.ask(&key(), 1, 100, later), Given::No { extra: 9 });
        leases.drawn(&key(), 9, 50, later);
        for left in (0..9).rev() {
            let given = leases.ask(&key(), 1, 100, later);
            assert!(
                matches!(given, Given::Yes { left: told, .. } if told == left + 50),
                "{given:?}"
            );
        }
        leases.not_drawn(&key());
        assert!(matches!(
            leases.ask(&key(), 1, 100, later),
            Given::No { .. }
        ));
        leases.drawn(&key(), 9, 50, later);
        assert!(matches!(
            leases.ask(&key(), 1, 100, later + WORTH),
            Given::No { .. }
        ));
    }

    #[test]
    fn only_one_draws_at_a_time() {
        let leases = Leases::default();
        let start = Instant::now();
        leases.ask(&key(), 1, 100, start);
        leases.used(&key(), 10);
        let later = start + Duration::from_millis(100);
        assert!(matches!(leases.ask(&key(), 1, 100, later), Given::No { extra } if extra > 0));
        assert_eq!(leases.ask(&key(), 1, 100, later), Given::No { extra: 0 });
    }
}
