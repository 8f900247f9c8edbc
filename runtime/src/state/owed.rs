//! What was let in while the store was away. When that is back it is told what of it still counts: a bucket
//! remembers no longer than it takes to fill. And each replica tells how much it let in beyond its share, which
//! over all replicas comes to what was let in beyond the limit.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use gated_store::{Debit, Key, Rate, clock};

use super::counters::LimitCounters;
use super::settings::LimitSettings;
use crate::shared::lock;

/// Keys remembered at most.
const MOST: usize = 100_000;

/// What is owed of one key.
#[derive(Debug, Clone)]
pub(super) struct Debt {
    rate: Rate,
    share: Rate,
    pub(super) tokens: u32,
    /// The first of them.
    since: Instant,
    pub(super) counters: Arc<LimitCounters>,
}

impl Debt {
    /// What the store is told: of tokens given out over a longer time than a bucket takes to fill, those of
    /// the end.
    pub(super) fn debit(&self, key: &Key) -> Debit {
        let ago = clock::ticks_in(self.since.elapsed()).max(1);
        let counts = ago.min(self.rate.fill());
        let tokens = i128::from(self.tokens) * i128::from(counts) / i128::from(ago);
        Debit {
            key: key.clone(),
            rate: self.rate,
            tokens: u32::try_from(tokens).unwrap_or(u32::MAX),
            ago: counts,
        }
    }

    /// Tokens given out beyond what this replica's share of the limit came to meanwhile.
    pub(super) fn over(&self) -> u32 {
        let ago = clock::ticks_in(self.since.elapsed());
        let got = u32::try_from(ago / self.share.interval.max(1)).unwrap_or(u32::MAX);
        self.tokens.saturating_sub(got)
    }
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
                    share: limit.share,
                    tokens,
                    since: Instant::now(),
                    counters: Arc::clone(&limit.counters),
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
            known.since = known.since.min(debt.since);
        }
        self.any.store(!debts.is_empty(), Ordering::Release);
    }
}
