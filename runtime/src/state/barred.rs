//! Who is refused until when, as the store said: a bucket fills no faster than its rate, so until then the
//! answer is known and the store is spared. A flood of refused requests costs no call.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use gated_store::Key;

use crate::shared::lock;

/// Keys remembered at most; further ones are asked each time.
const MOST: usize = 65_536;

/// After this the store is asked again, however long is still to wait: limits change, and stores are emptied.
const LONGEST: Duration = Duration::from_secs(1);

/// A refusal.
struct Refused {
    /// What was asked for.
    cost: u32,
    /// When there will be enough.
    enough_at: Instant,
    /// Until when it is remembered.
    until: Instant,
}

/// Refusals that still stand.
#[derive(Default)]
pub(super) struct Barred {
    refused: Mutex<HashMap<Key, Refused>>,
}

impl Barred {
    /// How long a key still has to wait for so many tokens.
    pub(super) fn wait(&self, key: &Key, cost: u32, now: Instant) -> Option<Duration> {
        let mut refused = lock(&self.refused);
        let known = refused.get(key)?;
        if known.until <= now {
            refused.remove(key);
            return None;
        }
        (cost >= known.cost).then(|| known.enough_at.saturating_duration_since(now))
    }

    /// Remembers a refusal that was asked for at `asked`.
    pub(super) fn bar(&self, key: Key, cost: u32, wait: Duration, asked: Instant) {
        let mut refused = lock(&self.refused);
        if refused.len() >= MOST {
            let now = Instant::now();
            refused.retain(|_, known| known.until > now);
        }
        if refused.len() < MOST {
            let known = Refused {
                cost,
                enough_at: asked + wait,
                until: asked + wait.min(LONGEST),
            };
            refused.insert(key, known);
        }
    }
}
