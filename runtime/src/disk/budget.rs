//! How much of files is in memory, and how much of the disk is read at once, over the whole process.
//!
//! A piece of a file counts from its reading until the network has taken it. While little waits, pieces
//! are large; once much does (many clients that take next to nothing of what they asked for), they are
//! small. Nobody waits for memory, so those who take their bytes are served whatever the others do.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Bytes of the first piece of an answer, of which nobody knows how fast it is taken.
const FIRST: usize = 32 * 1024;

/// Bytes of the pieces after that.
const LARGE: usize = 64 * 1024;

/// Bytes of a piece while much is in memory.
const SMALL: usize = 4 * 1024;

/// Bytes in memory from which on pieces are small.
const MUCH: usize = 16 << 20;

/// Visits to the disk at once; more wait for their turn, without a thread of their own.
const MOST_VISITS: usize = 32;

static WAITING: AtomicUsize = AtomicUsize::new(0);

static VISITS: Semaphore = Semaphore::const_new(MOST_VISITS);

/// The right to visit the disk.
pub(super) async fn visit() -> Option<SemaphorePermit<'static>> {
    // The semaphore is never closed, so there always is a permit.
    VISITS.acquire().await.ok()
}

/// Room for a piece of a file; counted until dropped.
pub(super) struct Room(Box<[u8]>);

impl Room {
    /// Room for what is read next of an answer of which that many bytes are left.
    pub(super) fn next(first: bool, left: u64) -> Self {
        let piece = if WAITING.load(Ordering::Relaxed) >= MUCH {
            SMALL
        } else if first {
            FIRST
        } else {
            LARGE
        };
        Self::of(usize::try_from(left).map_or(piece, |left| left.min(piece)))
    }

    fn of(bytes: usize) -> Self {
        WAITING.fetch_add(bytes, Ordering::Relaxed);
        Self(vec![0; bytes].into())
    }

    /// Number of bytes.
    pub(super) fn length(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        WAITING.fetch_sub(self.0.len(), Ordering::Relaxed);
    }
}

impl AsRef<[u8]> for Room {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Room> for Bytes {
    fn from(room: Room) -> Self {
        Bytes::from_owner(room)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{FIRST, LARGE, MUCH, Room, SMALL};

    /// The only test of this process that reads pieces.
    #[test]
    fn pieces_are_small_while_much_is_in_memory() {
        let piece = |first| Room::next(first, u64::MAX).length();
        assert_eq!((piece(true), piece(false)), (FIRST, LARGE));
        assert_eq!(Room::next(false, 3).length(), 3);
        let waiting = Bytes::from(Room::of(MUCH));
        let part = waiting.slice(..1);
        assert_eq!((piece(true), piece(false)), (SMALL, SMALL));
        drop(waiting);
        // As long as a part of it waits, all of it is in memory.
        assert_eq!(piece(true), SMALL);
        drop(part);
        assert_eq!(piece(true), FIRST);
    }
}
