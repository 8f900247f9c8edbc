//! Records: each with its fields, bounded in number and in bytes. A record that is in is never pushed out by
//! a new one: the new one is refused.

use std::collections::hash_map::RandomState;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;

use super::{Hashed, hash, shard_of, shards};
use crate::record::{After, Record, apply};
use crate::{Done, Lost, Step};

/// Slots that each step looks at for what has expired.
const SWEPT: usize = 4;
/// Shards that a step which finds the store full looks through for what has expired.
const SEARCHED: usize = 16;
/// Bytes that it takes to keep a record, beside its names and values.
const RECORD: usize = 160;
/// Bytes that it takes to keep a field, beside its name and value.
const FIELD: usize = 96;

/// All records.
#[derive(Debug)]
pub(super) struct Records {
    hasher: RandomState,
    most: usize,
    most_bytes: usize,
    shards: Box<[Mutex<Shard>]>,
    /// The shard that is searched next when the store is full.
    hand: AtomicUsize,
    count: AtomicUsize,
    bytes: AtomicUsize,
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
    record: Record,
}

impl Kept {
    fn weight(&self) -> usize {
        weight(&self.key, &self.record)
    }
}

/// Bytes that a record takes, with what it takes to keep it.
pub(crate) fn weight(key: &[u8], record: &Record) -> usize {
    RECORD + key.len() + record.fields.len() * FIELD + record.bytes()
}

impl Records {
    pub(super) fn new(most: usize, most_bytes: usize, hasher: RandomState) -> Self {
        Self {
            hasher,
            most,
            most_bytes,
            shards: (0..shards(most)).map(|_| Mutex::default()).collect(),
            hand: AtomicUsize::new(0),
            count: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        }
    }

    pub(super) fn step(
        &self,
        step: &Step,
        now: i64,
        tell: &mut dyn FnMut(&[u8], &After),
    ) -> Result<Done, Lost> {
        let key = Hashed::new(&step.key, &self.hasher);
        match self.try_step(&key, step, now, tell) {
            Err(Lost::Full) if self.search(now) => self.try_step(&key, step, now, tell),
            result => result,
        }
    }

    fn try_step(
        &self,
        key: &Hashed,
        step: &Step,
        now: i64,
        tell: &mut dyn FnMut(&[u8], &After),
    ) -> Result<Done, Lost> {
        let mut shard = self.shard(key.hash).ok_or(Lost::Full)?;
        self.sweep(&mut shard, now);
        let found = shard.table.find(key.hash, |kept| *kept.key == *key.bytes);
        let (done, after) = apply(found.map(|kept| &kept.record), step, now);
        if let After::Kept(record) = &after {
            let room = (weight(&key.bytes, record), usize::from(found.is_none()));
            self.admit(room, found.map_or(0, Kept::weight))?;
        }
        if after != After::Same {
            tell(&key.bytes, &after);
        }
        self.write(&mut shard, key.hash, &key.bytes, after);
        Ok(done)
    }

    /// Counts what is to be kept, if there is room for it. What takes no more than before has room.
    fn admit(&self, (weight, new): (usize, usize), before: usize) -> Result<(), Lost> {
        let add = |most: usize, more: usize| {
            move |sum: usize| {
                sum.checked_add(more)
                    .filter(|sum| more == 0 || *sum <= most)
            }
        };
        let (order, fail) = (Ordering::Relaxed, |_| Lost::Full);
        self.count
            .fetch_update(order, order, add(self.most, new))
            .map_err(fail)?;
        let more = weight.saturating_sub(before);
        if let Err(full) = self
            .bytes
            .fetch_update(order, order, add(self.most_bytes, more))
        {
            self.count.fetch_sub(new, order);
            return Err(fail(full));
        }
        self.bytes.fetch_sub(before.saturating_sub(weight), order);
        Ok(())
    }

    /// Writes what [`admit`](Self::admit) counted, or takes out.
    fn write(&self, shard: &mut Shard, key_hash: u64, key: &[u8], after: After) {
        let same = |kept: &Kept| *kept.key == *key;
        match after {
            After::Same => {}
            After::Gone => {
                if let Ok(slot) = shard.table.find_entry(key_hash, same) {
                    self.uncount(&slot.remove().0);
                }
            }
            After::Kept(record) => {
                if let Some(kept) = shard.table.find_mut(key_hash, same) {
                    kept.record = record;
                    return;
                }
                let kept = Kept {
                    key: key.into(),
                    record,
                };
                let rehash = |kept: &Kept| hash(&kept.key, &self.hasher);
                shard.table.insert_unique(key_hash, kept, rehash);
            }
        }
    }

    fn uncount(&self, kept: &Kept) {
        self.count.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(kept.weight(), Ordering::Relaxed);
    }

    fn shard(&self, key_hash: u64) -> Option<MutexGuard<'_, Shard>> {
        let at = shard_of(key_hash, self.shards.len());
        self.shards.get(at).map(locked)
    }

    fn sweep(&self, shard: &mut Shard, now: i64) {
        for _ in 0..SWEPT {
            if shard.hand >= shard.table.num_buckets() {
                shard.hand = 0;
            }
            if let Ok(slot) = shard.table.get_bucket_entry(shard.hand)
                && slot.get().record.is_over(now)
            {
                self.uncount(&slot.remove().0);
            }
            shard.hand += 1;
        }
    }

    /// Looks through some shards for what has expired; whether there was any.
    fn search(&self, now: i64) -> bool {
        let mut found = false;
        for _ in 0..SEARCHED.min(self.shards.len()) {
            let at = self.hand.fetch_add(1, Ordering::Relaxed) % self.shards.len();
            let Some(shard) = self.shards.get(at) else {
                continue;
            };
            let over = |kept: &mut Kept| kept.record.is_over(now);
            for kept in locked(shard).table.extract_if(over) {
                self.uncount(&kept);
                found = true;
            }
        }
        found
    }

    /// Writes one record without a question, whatever the bounds: it was let in before.
    pub(super) fn put(&self, key: &[u8], record: Option<Record>) {
        let key_hash = hash(key, &self.hasher);
        let Some(mut shard) = self.shard(key_hash) else {
            return;
        };
        self.write(&mut shard, key_hash, key, After::Gone);
        if let Some(record) = record {
            self.count.fetch_add(1, Ordering::Relaxed);
            self.bytes
                .fetch_add(weight(key, &record), Ordering::Relaxed);
            self.write(&mut shard, key_hash, key, After::Kept(record));
        }
    }

    /// Looks at all that have not expired, a shard at a time.
    pub(super) fn each(&self, now: i64, look: &mut dyn FnMut(&[u8], &Record)) {
        for shard in &self.shards {
            let shard = locked(shard);
            for kept in shard.table.iter().filter(|kept| !kept.record.is_over(now)) {
                look(&kept.key, &kept.record);
            }
        }
    }

    pub(super) fn drop_prefix(&self, prefix: &[u8]) -> u64 {
        let mut dropped = 0;
        for shard in &self.shards {
            let within = |kept: &mut Kept| kept.key.starts_with(prefix);
            for kept in locked(shard).table.extract_if(within) {
                self.uncount(&kept);
                dropped += 1;
            }
        }
        dropped
    }

    pub(super) fn len(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// A panic elsewhere leaves a table whole: nothing here panics between two writes.
fn locked(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
