//! What was proved lately, by each worker for itself: bounded in number, and each only for a while.
//!
//! It is found by a digest of the credential and of everything that it was checked with, so that a new
//! file, new keys or a new bundle never finds what the old one proved, and no credential is kept.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use gated_engine::principal::Principal;
use sha2::{Digest, Sha256};

/// Most that a worker remembers.
const MOST: usize = 10_000;

/// Names a credential and all that it was checked with.
pub(super) type Print = [u8; 32];

#[derive(Default)]
struct Cache {
    places: HashMap<Print, usize>,
    all: Vec<Entry>,
}

struct Entry {
    print: Print,
    principal: Arc<Principal>,
    /// Milliseconds since 1970.
    until: i64,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

/// Names a credential by its parts, whose order and lengths count.
pub(super) fn print(parts: &[&[u8]]) -> Print {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Who was proved by a credential, if that still counts.
pub(super) fn find(print: &Print, now: i64) -> Option<Arc<Principal>> {
    CACHE.with_borrow(|cache| cache.find(print, now))
}

/// Remembers who was proved by a credential.
pub(super) fn keep(print: Print, principal: &Arc<Principal>, until: i64) {
    CACHE.with_borrow_mut(|cache| cache.keep(print, principal, until));
}

impl Cache {
    fn find(&self, print: &Print, now: i64) -> Option<Arc<Principal>> {
        let entry = self.all.get(*self.places.get(print)?)?;
        (now < entry.until).then(|| Arc::clone(&entry.principal))
    }

    /// Where it is full, some other makes room, whichever: what is asked for often is soon there again.
    fn keep(&mut self, print: Print, principal: &Arc<Principal>, until: i64) {
        let entry = Entry {
            print,
            principal: Arc::clone(principal),
            until,
        };
        let place = match self.places.get(&print) {
            Some(place) => *place,
            None if self.all.len() < MOST => self.all.len(),
            None => fastrand::usize(..MOST),
        };
        match self.all.get_mut(place) {
            Some(old) => {
                self.places.remove(&old.print);
                *old = entry;
            }
            None => self.all.push(entry),
        }
        self.places.insert(print, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let name = |index: usize| print(&[&index.to_be_bytes()]);
        for index in 0..MOST * 2 {
            cache.keep(name(index), &principal(index), 10);
        }
        assert_eq!((cache.all.len(), cache.places.len()), (MOST, MOST));
        for index in 0..MOST * 2 {
            if let Some(found) = cache.find(&name(index), 0) {
                assert_eq!(found.id, index.to_string());
            }
        }
        cache.keep(name(7), &principal(7), 10);
        cache.keep(name(7), &principal(8), 20);
        assert_eq!(cache.find(&name(7), 19).unwrap().id, "8");
        assert!(cache.find(&name(7), 20).is_none());
        assert_ne!(print(&[b"a", b"b"]), print(&[b"ab", b""]));
    }
}
