//! What was let in while the store was away. It is told to the store when that is back, so that its counts
//! are right again, and the store tells how much of it was more than the limit: the over-admission as it
//! really was.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use gated_store::{Key, Rate};

use super::settings::LimitSettings;
use crate::shared::lock;

/// Keys remembered at most.
const MOST: usize = 100_000;

/// What is owed of one key.
#[derive(Debug, Clone)]
pub(super) struct Debt {
    pub(super) rate: Rate,
    pub(super) tokens: u32,
    pub(super) counters: std::sync::Arc<super::LimitCounters>,
}

/// What is owed of all keys.
#[derive(Default)]
pub(super) struct Owed {
    debts: Mutex<HashMap<Key, Debt>>,
    any: AtomicBool,
}

impl Owed {
    /// Remembers tokens that were given out.
    pub(super) fn add(&self, key: Key, limit: &LimitSettings, tokens: u32) {
        let mut debts = lock(&self.debts);
        if let Some(debt) = debts.get_mut(&key) {
            debt.tokens = debt.tokens.saturating_add(tokens);
            return;
        }
        if debts.len() < MOST {
            debts.insert(
                key,
                Debt {
                    rate: limit.rate,
                    tokens,
                    counters: std::sync::Arc::clone(&limit.counters),
                },
            );
            self.any.store(true, Ordering::Release);
        }
    }

    /// Whether anything is owed.
    pub(super) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Takes all that is owed; the caller pays it or puts it back.
    pub(super) fn drain(&self) -> Vec<(Key, Debt)> {
        let mut debts = lock(&self.debts);
        self.any.store(false, Ordering::Release);
        debts.drain().collect()
    }

    /// Puts back what could not be paid.
    pub(super) fn put_back(&self, unpaid: impl IntoIterator<Item = (Key, Debt)>) {
        let mut debts = lock(&self.debts);
        for (key, debt) in unpaid {
            let known = debts.entry(key).or_insert_with(|| Debt {
                tokens: 0,
                ..debt.clone()
            });
            known.tokens = known.tokens.saturating_add(debt.tokens);
        }
        self.any.store(!debts.is_empty(), Ordering::Release);
    }
}
