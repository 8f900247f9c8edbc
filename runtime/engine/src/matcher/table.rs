//! Hash tables that lie in a bundle, and the hash they are laid out by.
//!
//! The layout is part of the bundle's format, so the hash is our own and fixed: the text is taken
//! eight bytes at a time (little-endian), and each step multiplies to 128 bits and folds the halves
//! together (as wyhash does). It has no secret seed: keys are the spec's own, and a request can only
//! look them up.

use crate::program::{ArchivedHashTable, HashTable};

const STEP: u64 = 0xA076_1D64_78BD_642F;
const LAST: u64 = 0xE703_7ED1_A0B4_28DB;
const MIX: u64 = 0x8EBC_6AF0_9C88_C6E3;

/// The hash of a text.
pub(crate) fn hash(text: &str) -> u64 {
    let mut rest = text.as_bytes();
    let mut state = STEP ^ rest.len() as u64;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        state = fold(state ^ u64::from_le_bytes(*word), STEP);
        rest = after;
    }
    let mut last = 0;
    for &byte in rest.iter().rev() {
        last = (last << 8) | u64::from(byte);
    }
    fold(state ^ last, LAST)
}

/// The hash of a wildcard host, made from what follows its `*.`, so that a search can hash a part of the
/// request's host.
pub(crate) fn wildcard_hash(suffix: &str) -> u64 {
    !hash(suffix)
}

/// The hash of a text within some place (a scope, a node, a tier).
pub(crate) fn within(place: u32, hash: u64) -> u64 {
    fold(hash ^ u64::from(place).wrapping_mul(STEP), MIX)
}

fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ ((product >> 64) as u64)
}

impl HashTable {
    /// A table of entries, each given by its hash and its number.
    pub(crate) fn of(entries: &[(u64, u32)]) -> Self {
        let size = (entries.len() * 2).next_power_of_two();
        let mut slots = vec![0_u64; if entries.is_empty() { 0 } else { size }];
        for &(hash, number) in entries {
            let entry = u64::from(number) + 1;
            let mut place = hash as usize & (size - 1);
            while slots.get(place).is_some_and(|slot| *slot != 0) {
                place = (place + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(place) {
                *slot = (hash & !0xFFFF_FFFF) | entry;
            }
        }
        Self { slots }
    }
}

impl ArchivedHashTable {
    /// The entry with this hash for which `is` holds. Ends on any table, even a broken one.
    pub(crate) fn find<T>(&self, hash: u64, mut is: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let size = self.slots.len();
        for step in 0..size {
            let place = (hash as usize).wrapping_add(step) & (size - 1);
            let slot = self.slots.get(place)?.to_native();
            if slot == 0 {
                return None;
            }
            if slot >> 32 == hash >> 32
                && let Some(found) = is((slot as u32).wrapping_sub(1))
            {
                return Some(found);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layout is part of the format: these numbers may change only with its version.
    #[test]
    fn the_hash_is_fixed() {
        let hashes = ["", "/", "/orders", "/orders/7/items", "shop.example"].map(hash);
        insta::assert_snapshot!(format!("{hashes:016x?}"), @"[1ff5c2923a788d2c, 9c54fb295a98342b, cb352b231c4bdece, ad47a47311fa2bc9, 270c23ab72fc50df]");
        insta::assert_snapshot!(format!("{:016x}", within(7, hash("a"))), @"1710cfc03a6df0d0");
    }

    #[test]
    fn similar_texts_spread() {
        let mut seen = std::collections::HashSet::new();
        for number in 0..100_000_u32 {
            seen.insert(within(number % 7, hash(&format!("/r{number}"))) >> 32);
        }
        assert!(seen.len() > 99_980, "{} of 100000", seen.len());
    }

    #[test]
    fn what_is_put_in_is_found() {
        let keys: Vec<String> = (0..1000).map(|number| format!("key{number}")).collect();
        let hashes: Vec<_> = keys.iter().map(|key| hash(key)).zip(0..).collect();
        let table = rkyv::to_bytes::<rkyv::rancor::Error>(&HashTable::of(&hashes)).unwrap();
        let table = rkyv::access::<ArchivedHashTable, rkyv::rancor::Error>(&table).unwrap();
        let look = |text: &str| {
            table.find(hash(text), |entry| {
                (keys[entry as usize] == text).then_some(entry)
            })
        };
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(look(key), Some(index as u32));
        }
        assert_eq!(look("key1000"), None);
    }

    #[test]
    fn broken_tables_end() {
        let table = HashTable {
            slots: vec![u64::MAX; 7],
        };
        let bytes = rkyv::to_bytes::<rkyv::rancor::Error>(&table).unwrap();
        let table = rkyv::access::<ArchivedHashTable, rkyv::rancor::Error>(&bytes).unwrap();
        assert_eq!(table.find(hash("x"), |_| None::<u32>), None);
        let empty = rkyv::to_bytes::<rkyv::rancor::Error>(&HashTable::default()).unwrap();
        let empty = rkyv::access::<ArchivedHashTable, rkyv::rancor::Error>(&empty).unwrap();
        assert_eq!(empty.find(1, Some), None);
    }
}
