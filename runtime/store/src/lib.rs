//! State that replicas share: limits, sessions, what mocks remember.
//!
//! There are two kinds of state and one operation on each, and both are atomic whatever the store:
//!
//! - a *limit's* count, from which requests [take](Ask) tokens: several limits at once, all or none;
//! - a *record*, a set of named fields that lives until it expires, which is changed by a [Step]: the first
//!   of its cases whose guards hold is done. So nothing is ever read, worked out, and written back.
//!
//! What a store does is defined by [`limit`] and [`record`], which touch nothing; the stores in memory, in a
//! file and in SQLite run them under a lock, and Redis runs scripts that are held to them by tests.

pub mod clock;
mod disk;
pub mod health;
pub mod key;
pub mod limit;
mod memory;
mod page;
pub mod record;
#[cfg(feature = "redis")]
pub mod redis;
mod store;

pub use health::Health;
pub use key::{Key, Space};
pub use limit::{Ask, Debit, Rate, Verdict};
pub use memory::MemoryBounds;
pub use page::{Cursor, Page};
pub use record::{Bounds, Case, Change, Done, Fields, Guard, Life, Reads, Step};
#[cfg(feature = "redis")]
pub use redis::RedisSettings;
pub use store::{Store, Unusable};

/// Why a store did not do what it was asked. Nothing is known of whether it was done, unless it says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The store is known to be away: it was not asked.
    #[error("the store is away")]
    Away,
    /// No answer came in time.
    #[error("the store did not answer in time")]
    Late,
    /// More calls wait for the store than may: it was not asked.
    #[error("too many calls wait for the store")]
    Busy,
    /// The store is at its bound and lets in no new record: nothing was done.
    #[error("the store is full")]
    Full,
    /// The store or the way to it failed.
    #[error("{0}")]
    Failed(String),
}
