//! How much memory all encoders of a replica may hold together. An answer for which there is no room is
//! sent as it is: a client that opens many streams and reads none of them costs no more than that.

use std::sync::atomic::{AtomicU64, Ordering};

use gated_engine::files::negotiate::Encoding;

/// What all encoders may hold, in KiB.
const MOST: u64 = 256 * 1024;

/// What encoders of answers hold, in KiB.
static HELD: Budget = Budget {
    held: AtomicU64::new(0),
};

struct Budget {
    held: AtomicU64,
}

/// Room for one encoder; given back when dropped.
pub(crate) struct Room {
    budget: &'static Budget,
    size: u64,
}

/// What one stream holds at most, in KiB.
fn size(encoding: Encoding) -> u64 {
    match encoding {
        Encoding::Gzip => 400,
        Encoding::Zstd => 1024,
        Encoding::Brotli => 2048,
    }
}

/// Room for an encoder; `None`: there is none left.
pub(crate) fn room(encoding: Encoding) -> Option<Room> {
    HELD.room(size(encoding))
}

impl Budget {
    fn room(&'static self, size: u64) -> Option<Room> {
        let grown = |held: u64| held.checked_add(size).filter(|held| *held <= MOST);
        self.held
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown)
            .ok()
            .map(|_| Room { budget: self, size })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_so_much_room_and_it_comes_back() {
        static OWN: Budget = Budget {
            held: AtomicU64::new(0),
        };
        let mut rooms: Vec<Room> = std::iter::from_fn(|| OWN.room(2048)).collect();
        assert_eq!(rooms.len(), 128);
        assert!(OWN.room(1).is_none());
        rooms.pop();
        assert!(OWN.room(2049).is_none());
        assert!(OWN.room(2048).is_some());
        drop(rooms);
        assert_eq!(OWN.held.load(Ordering::Relaxed), 0);
    }
}
