//! Counts of limits: per key its bytes and one number, so that a million of them stay small.

use std::collections::hash_map::RandomState;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;
use smallvec::SmallVec;

use super::{Hashed, hash, shard_of, shards};
use crate::limit::{self, Bucket};
use crate::{Ask, Debit, Verdict};

/// Slots that each write looks at for what has expired.
const SWEPT: usize = 4;
/// Of how many that one is forgotten which is full soonest.
const SAMPLE: usize = 8;

/// All counts.
#[derive(Debug)]
pub(super) struct Limits {
    hasher: RandomState,
    /// How many a shard may hold.
    most: usize,
    shards: Box<[Mutex<Shard>]>,
    evicted: AtomicU64,
}

#[derive(Debug, Default)]
struct Shard {
    table: HashTable<Kept>,
    /// The slot that is swept next.
    hand: usize,
}

#[derive(Debug)]
struct Kept {
    key: Box<[u8]>,
    full_at: i64,
}

type Locked<'a> = SmallVec<[(usize, MutexGuard<'a, Shard>); 4]>;

impl Limits {
    pub(super) fn new(most: usize, hasher: RandomState) -> Self {
        let shards = shards(most);
        Self {
            hasher,
            most: (most / shards).max(1),
            shards: (0..shards).map(|_| Mutex::default()).collect(),
            evicted: AtomicU64::new(0),
        }
    }

    pub(super) fn take(
        &self,
        asks: &[Ask],
        now: i64,
        tell: &mut dyn FnMut(&[u8], i64),
    ) -> Vec<Verdict> {
        let hash = |ask: &Ask| Hashed::new(&ask.key, &self.hasher);
        let keys: SmallVec<[Hashed; 4]> = asks.iter().map(hash).collect();
        let mut locked = self.lock(&keys);
        let look = |(ask, key): (&Ask, &Hashed)| Bucket::at(ask.rate, self.kept(&locked, key), now);
        let buckets: SmallVec<[Bucket; 4]> = asks.iter().zip(&keys).map(look).collect();
        let (verdicts, after) = limit::take(asks, &buckets);
        for (key, bucket) in keys.iter().zip(after.into_iter().flatten()) {
            self.keep(&mut locked, key, bucket.full_at(), now);
            tell(&key.bytes, bucket.full_at());
        }
        verdicts
    }

    pub(super) fn debit(
        &self,
        debits: &[Debit],
        now: i64,
        tell: &mut dyn FnMut(&[u8], i64),
    ) -> Vec<u32> {
        let one = |debit: &Debit| {
            let keys = [Hashed::new(&debit.key, &self.hasher)];
            let mut locked = self.lock(&keys);
            let [key] = &keys;
            let bucket = Bucket::at(debit.rate, self.kept(&locked, key), now);
            let (after, beyond) = limit::debit(bucket, debit.tokens, debit.ago);
            self.keep(&mut locked, key, after.full_at(), now);
            tell(&key.bytes, after.full_at());
            beyond
        };
        debits.iter().map(one).collect()
    }

    /// Locks the shards of all keys, always in the same order, so that no two callers wait for each other.
    fn lock(&self, keys: &[Hashed]) -> Locked<'_> {
        let shard = |key: &Hashed| key.shard(self.shards.len());
        let mut wanted: SmallVec<[usize; 4]> = keys.iter().map(shard).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let lock = |at: usize| Some((at, locked(self.shards.get(at)?)));
        wanted.into_iter().filter_map(lock).collect()
    }

    fn kept(&self, locked: &Locked<'_>, key: &Hashed) -> Option<i64> {
        let at = key.shard(self.shards.len());
        let (_, shard) = locked.iter().find(|(shard, _)| *shard == at)?;
        shard.get(key.hash, &key.bytes)
    }

    fn keep(&self, locked: &mut Locked<'_>, key: &Hashed, full_at: i64, now: i64) {
        let at = key.shard(self.shards.len());
        if let Some((_, shard)) = locked.iter_mut().find(|(shard, _)| *shard == at) {
            self.write(shard, key.hash, &key.bytes, full_at, now);
        }
    }

    fn write(&self, shard: &mut Shard, key_hash: u64, key: &[u8], full_at: i64, now: i64) {
        shard.sweep(now);
        if let Some(kept) = shard.table.find_mut(key_hash, |kept| *kept.key == *key) {
            kept.full_at = full_at;
            return;
        }
        // A full bucket is what a key has that is not kept.
        if full_at <= now {
            return;
        }
        if shard.table.len() >= self.most {
            shard.forget_one();
            self.evicted.fetch_add(1, Ordering::Relaxed);
        }
        let kept = Kept {
            key: key.into(),
            full_at,
        };
        let rehash = |kept: &Kept| hash(&kept.key, &self.hasher);
        shard.table.insert_unique(key_hash, kept, rehash);
    }

    /// Writes one count without a question.
    pub(super) fn put(&self, key: &[u8], full_at: i64, now: i64) {
        let key_hash = hash(key, &self.hasher);
        if let Some(shard) = self.shards.get(shard_of(key_hash, self.shards.len())) {
            self.write(&mut locked(shard), key_hash, key, full_at, now);
        }
    }

    /// Looks at all that have not expired, a shard at a time.
    pub(super) fn each(&self, now: i64, look: &mut dyn FnMut(&[u8], i64)) {
        for shard in &self.shards {
            let shard = locked(shard);
            for kept in shard.table.iter().filter(|kept| kept.full_at > now) {
                look(&kept.key, kept.full_at);
            }
        }
    }

    pub(super) fn drop_prefix(&self, prefix: &[u8]) -> u64 {
        let mut dropped = 0;
        for shard in &self.shards {
            let mut shard = locked(shard);
            let before = shard.table.len();
            shard.table.retain(|kept| !kept.key.starts_with(prefix));
            dropped += before - shard.table.len();
        }
        u64::try_from(dropped).unwrap_or(u64::MAX)
    }

    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| locked(shard).table.len())
            .sum()
    }

    pub(super) fn evicted(&self) -> u64 {
        self.evicted.load(Ordering::Relaxed)
    }
}

/// A panic elsewhere leaves a table whole: nothing here panics between two writes.
fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shard {
    fn get(&self, key_hash: u64, key: &[u8]) -> Option<i64> {
        let kept = self.table.find(key_hash, |kept| *kept.key == *key)?;
        Some(kept.full_at)
    }

    fn sweep(&mut self, now: i64) {
        for _ in 0..SWEPT {
            if self.hand >= self.table.num_buckets() {
                self.hand = 0;
            }
            if let Ok(slot) = self.table.get_bucket_entry(self.hand)
                && slot.get().full_at <= now
            {
                slot.remove();
            }
            self.hand += 1;
        }
    }

    /// Forgets, of a few that lie somewhere, the one that would be full soonest: the least is given away.
    fn forget_one(&mut self) {
        let slots = self.table.num_buckets();
        let start = fastrand::usize(..slots.max(1));
        let around = (start..slots).chain(0..start);
        let found = around.filter_map(|slot| Some((self.table.get_bucket(slot)?.full_at, slot)));
        if let Some((_, slot)) = found.take(SAMPLE).min()
            && let Ok(entry) = self.table.get_bucket_entry(slot)
        {
            entry.remove();
        }
    }
}
