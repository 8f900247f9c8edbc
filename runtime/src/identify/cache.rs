//! What was proved lately, by each worker for itself: bounded in number and in bytes, and each only for a
//! while.
//!
//! An entry counts for a credential that is the same from its first byte to its last, and for what it was
//! checked with: a new file, new keys or a new bundle never finds what the old one proved. Where it is
//! looked for is only a matter of speed, so a hash of a credential's end is enough: a token ends with its
//! signature, which is another for each. Only what was proved is ever put in, so nobody who has no
//! credentials of their own can push others out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use gated_engine::principal::Principal;
use gated_identity::is_same;
use sha2::{Digest, Sha256};

/// Most that a worker remembers.
const MOST: usize = 10_000;

/// Most bytes of credentials that a worker remembers.
const MOST_BYTES: usize = 16 << 20;

/// How many bytes of a credential's end are hashed.
const END: usize = 48;

/// What a credential was checked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct With {
    /// Tells identities of one snapshot from those of another.
    pub(super) serial: u64,
    /// The identity.
    pub(super) identity: u32,
    /// Grows with the keys.
    pub(super) revision: u64,
}

#[derive(Default)]
struct Cache {
    hashing: RandomState,
    places: HashMap<u64, usize>,
    all: Vec<Entry>,
    bytes: usize,
}

struct Entry {
    hash: u64,
    with: With,
    credential: Box<[u8]>,
    principal: Arc<Principal>,
    /// Milliseconds since 1970.
    until: i64,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Stands for a credential that is not to be kept: a digest of its parts, whose order and lengths count.
pub(super) fn print(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Who was proved by a credential, if that still counts.
pub(super) fn find(with: With, credential: &[u8], now: i64) -> Option<Arc<Principal>> {
    CACHE.with_borrow(|cache| cache.find(with, credential, now))
}

/// Remembers who was proved by a credential.
pub(super) fn keep(with: With, credential: &[u8], principal: &Arc<Principal>, until: i64) {
    CACHE.with_borrow_mut(|cache| cache.keep(with, credential, principal, until));
}

impl Cache {
    fn hash(&self, with: With, credential: &[u8]) -> u64 {
        let from = credential.len().saturating_sub(END);
        let end = credential.get(from..).unwrap_or_default();
        self.hashing.hash_one((with, credential.len(), end))
    }

    fn find(&self, with: With, credential: &[u8], now: i64) -> Option<Arc<Principal>> {
        let place = self.places.get(&self.hash(with, credential))?;
        let entry = self.all.get(*place)?;
        let counts =
            entry.with == with && now < entry.until && is_same(&entry.credential, credential);
        counts.then(|| Arc::clone(&entry.principal))
    }

    /// Where it is full, others make room, whichever: what is asked for often is soon there again.
    fn keep(&mut self, with: With, credential: &[u8], principal: &Arc<Principal>, until: i64) {
        let hash = self.hash(with, credential);
        if let Some(place) = self.places.get(&hash) {
            self.remove(*place);
        }
        while self.all.len() >= MOST || self.bytes + credential.len() > MOST_BYTES {
            if self.all.is_empty() {
                return;
            }
            self.remove(fastrand::usize(..self.all.len()));
        }
        self.bytes += credential.len();
        self.places.insert(hash, self.all.len());
        self.all.push(Entry {
            hash,
            with,
            credential: credential.into(),
            principal: Arc::clone(principal),
            until,
        });
    }

    /// Takes an entry out; the last one takes its place.
    fn remove(&mut self, place: usize) {
        if place >= self.all.len() {
            return;
        }
        let gone = self.all.swap_remove(place);
        self.bytes -= gone.credential.len();
        self.places.remove(&gone.hash);
        if let Some(moved) = self.all.get(place) {
            self.places.insert(moved.hash, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH: With = With {
        serial: 0,
        identity: 0,
        revision: 0,
    };

    fn principal(id: usize) -> Arc<Principal> {
        Arc::new(Principal {
            identity: 0,
            id: id.to_string(),
            claims: Vec::new(),
        })
    }

    #[test]
    fn it_is_bounded_and_never_mixes_anybody_up() {
        let mut cache = Cache::default();
        let name = |index: usize| index.to_be_bytes();
        for index in 0..MOST * 2 {
            cache.keep(WITH, &name(index), &principal(index), 10);
        }
        assert_eq!((cache.all.len(), cache.places.len()), (MOST, MOST));
        let mut known = 0;
        for index in 0..MOST * 2 {
            if let Some(found) = cache.find(WITH, &name(index), 0) {
                assert_eq!(found.id, index.to_string());
                known += 1;
            }
        }
        assert_eq!(known, MOST);
        cache.keep(WITH, &name(7), &principal(7), 10);
        cache.keep(WITH, &name(7), &principal(8), 20);
        assert_eq!(cache.find(WITH, &name(7), 19).unwrap().id, "8");
        assert!(cache.find(WITH, &name(7), 20).is_none());
    }

    #[test]
    fn bytes_are_bounded_too() {
        let mut cache = Cache::default();
        for index in 0..MOST_BYTES / 8_000 + 100 {
            let mut long = vec![0; 8_000];
            long.extend(index.to_be_bytes());
            cache.keep(WITH, &long, &principal(index), 10);
        }
        let kept: usize = cache.all.iter().map(|entry| entry.credential.len()).sum();
        assert_eq!(cache.bytes, kept);
        assert!(kept <= MOST_BYTES && kept > MOST_BYTES - 10_000);
        cache.keep(WITH, &vec![1; MOST_BYTES + 1], &principal(0), 10);
        assert!(cache.all.is_empty() && cache.places.is_empty() && cache.bytes == 0);
    }

    /// Two credentials that end alike are looked for in one place, and are not the same.
    #[test]
    fn a_credential_counts_as_a_whole_and_for_what_it_was_checked_with() {
        let mut cache = Cache::default();
        let mut one = vec![b'a'; 300];
        cache.keep(WITH, &one, &principal(1), 10);
        assert!(cache.find(WITH, &one, 0).is_some());
        for other in [
            With { serial: 1, ..WITH },
            With {
                identity: 1,
                ..WITH
            },
            With {
                revision: 1,
                ..WITH
            },
        ] {
            assert!(cache.find(other, &one, 0).is_none());
        }
        for changed in [0, 150, 299] {
            one[changed] = b'b';
            assert!(cache.find(WITH, &one, 0).is_none());
            one[changed] = b'a';
        }
        assert!(cache.find(WITH, &one[1..], 0).is_none());
        assert_ne!(print(&[b"a", b"b"]), print(&[b"ab", b""]));
    }
}
