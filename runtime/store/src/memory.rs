//! State in this process's memory: tables in shards, each under a lock that is held for a look and a write
//! and never across an await. What has expired is swept a few slots at a time by the calls that come anyway.

mod limits;
mod records;
#[cfg(test)]
mod tests;

use std::collections::BinaryHeap;
use std::collections::hash_map::RandomState;

use crate::clock::Clock;
use crate::health::Holds;
use crate::key::KeyBytes;
use crate::record::{After, Record};
use crate::{Ask, Cursor, Debit, Done, Key, Lost, Page, Space, Step, Verdict};
use limits::Limits;
use records::Records;
#[cfg(feature = "sqlite")]
pub(crate) use records::weight;

/// How much a store in this process may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryBounds {
    /// Counts of limits. Beyond it, one that would soon be full anyway is forgotten.
    pub limits: usize,
    /// Records. Beyond it, a new one is [`Lost::Full`].
    pub records: usize,
    /// Bytes of all records together, with what it takes to keep them. Beyond it, what would make it more
    /// is [`Lost::Full`].
    pub bytes: usize,
}

impl Default for MemoryBounds {
    /// A million counts, a million records, 256 MiB.
    fn default() -> Self {
        Self {
            limits: 1 << 20,
            records: 1 << 20,
            bytes: 256 << 20,
        }
    }
}

/// The tables.
#[derive(Debug)]
pub(crate) struct Memory {
    clock: Clock,
    limits: Limits,
    records: Records,
}

impl Memory {
    pub(crate) fn new(bounds: MemoryBounds, clock: Clock) -> Self {
        let hasher = RandomState::new();
        Self {
            clock,
            limits: Limits::new(bounds.limits, hasher.clone()),
            records: Records::new(bounds.records, bounds.bytes, hasher),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(crate) fn take(&self, asks: &[Ask]) -> Vec<Verdict> {
        self.limits.take(asks, self.now(), &mut |_, _| {})
    }

    pub(crate) fn debit(&self, debits: &[Debit]) -> Vec<u32> {
        self.limits.debit(debits, self.now(), &mut |_, _| {})
    }

    pub(crate) fn step(&self, step: &Step) -> Result<Done, Lost> {
        self.records.step(step, self.now(), &mut |_, _| {})
    }

    /// Some keys of a space, in the order of their bytes.
    pub(crate) fn list(&self, space: &Space, after: Option<&Cursor>, most: usize) -> Page {
        let prefix = space.prefix();
        let after = after.map(Cursor::to_bytes).unwrap_or_default();
        let mut first = Smallest::new(most);
        let mut look = |key: &[u8]| {
            if key.starts_with(&prefix) && key > after.as_slice() {
                first.offer(key);
            }
        };
        self.limits.each(self.now(), &mut |key, _| look(key));
        self.records.each(self.now(), &mut |key, _| look(key));
        first.page()
    }

    pub(crate) fn drop_space(&self, space: &Space) -> u64 {
        self.drop_prefix(&space.prefix())
    }

    pub(crate) fn holds(&self) -> Holds {
        Holds {
            limits: self.limits.len(),
            records: self.records.len(),
            bytes: self.records.bytes(),
        }
    }

    pub(crate) fn evicted(&self) -> u64 {
        self.limits.evicted()
    }
}

/// What the store in a file needs beside: to be told of each change, and to change without a question.
impl Memory {
    pub(crate) fn take_told(&self, asks: &[Ask], tell: &mut dyn FnMut(&[u8], i64)) -> Vec<Verdict> {
        self.limits.take(asks, self.now(), tell)
    }

    pub(crate) fn debit_told(
        &self,
        debits: &[Debit],
        tell: &mut dyn FnMut(&[u8], i64),
    ) -> Vec<u32> {
        self.limits.debit(debits, self.now(), tell)
    }

    pub(crate) fn step_told(
        &self,
        step: &Step,
        tell: &mut dyn FnMut(&[u8], &After),
    ) -> Result<Done, Lost> {
        self.records.step(step, self.now(), tell)
    }

    pub(crate) fn put_limit(&self, key: &[u8], full_at: i64) {
        self.limits.put(key, full_at, self.now());
    }

    pub(crate) fn put_record(&self, key: &[u8], record: Option<Record>) {
        self.records.put(key, record);
    }

    pub(crate) fn drop_prefix(&self, prefix: &[u8]) -> u64 {
        self.limits.drop_prefix(prefix) + self.records.drop_prefix(prefix)
    }

    pub(crate) fn each_limit(&self, look: &mut dyn FnMut(&[u8], i64)) {
        self.limits.each(self.now(), look);
    }

    pub(crate) fn each_record(&self, look: &mut dyn FnMut(&[u8], &Record)) {
        self.records.each(self.now(), look);
    }
}

/// The smallest few of many keys.
struct Smallest {
    most: usize,
    heap: BinaryHeap<Box<[u8]>>,
    more: bool,
}

impl Smallest {
    fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            heap: BinaryHeap::new(),
            more: false,
        }
    }

    fn offer(&mut self, key: &[u8]) {
        if self.heap.len() == self.most {
            self.more = true;
            if self.heap.peek().is_some_and(|largest| &**largest <= key) {
                return;
            }
            self.heap.pop();
        }
        self.heap.push(key.into());
    }

    fn page(self) -> Page {
        let keys = self.heap.into_sorted_vec();
        let last = keys.last().filter(|_| self.more);
        Page {
            next: last.map(|key| Cursor::of_bytes(key)),
            keys: keys.iter().filter_map(|key| Key::from_bytes(key)).collect(),
        }
    }
}

/// How many shards hold `most` things: a power of two, one for every thousand.
fn shards(most: usize) -> usize {
    (most / 1024).clamp(1, 128).next_power_of_two()
}

/// A key's bytes and its hash.
struct Hashed {
    bytes: KeyBytes,
    hash: u64,
}

impl Hashed {
    fn new(key: &Key, hasher: &RandomState) -> Self {
        let bytes = key.to_bytes();
        let hash = hash(&bytes, hasher);
        Self { bytes, hash }
    }

    /// Which of `shards` (a power of two) it lies in, by bits that a table does not look at first.
    fn shard(&self, shards: usize) -> usize {
        shard_of(self.hash, shards)
    }
}

fn hash(bytes: &[u8], hasher: &RandomState) -> u64 {
    use std::hash::BuildHasher;
    hasher.hash_one(bytes)
}

fn shard_of(hash: u64, shards: usize) -> usize {
    usize::try_from(hash >> 40).unwrap_or(0) & (shards - 1)
}
