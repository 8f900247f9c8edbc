//! The store that the rest of the replica holds: one type, whichever of the kinds it is.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::Clock;
use crate::disk::Disk;
use crate::disk::file::InFile;
#[cfg(feature = "sqlite")]
use crate::disk::sqlite::InSqlite;
use crate::health::{Breaker, Health, Kind, State, Tally};
use crate::memory::{Memory, MemoryBounds};
#[cfg(feature = "redis")]
use crate::redis::{Redis, RedisSettings};
use crate::{Ask, Cursor, Debit, Done, Lost, Page, Space, Step, Verdict};

/// Where state is kept. A clone is the same store.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    tally: Tally,
    backend: Backend,
}

#[derive(Debug)]
enum Backend {
    Memory(Memory),
    Disk(Disk, Kind),
    #[cfg(feature = "redis")]
    Redis(Redis),
}

/// Why a store can never be used as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

impl Store {
    fn new(backend: Backend) -> Self {
        Self {
            inner: Arc::new(Inner {
                tally: Tally::default(),
                backend,
            }),
        }
    }

    /// A store in this process's memory.
    #[must_use]
    pub fn memory(bounds: MemoryBounds) -> Self {
        Self::new(Backend::Memory(Memory::new(bounds, Clock::start(0))))
    }

    /// A store in a file, and a log beside it, which no other process may have open.
    ///
    /// # Errors
    /// When the file cannot be made, read or had alone, or holds something else.
    pub fn file(path: &Path, bounds: MemoryBounds) -> Result<Self, Unusable> {
        let disk = InFile::open(path, bounds)
            .and_then(Disk::start)
            .map_err(Unusable)?;
        Ok(Self::new(Backend::Disk(disk, Kind::File)))
    }

    /// A store in an SQLite database, which no other process may have open.
    ///
    /// # Errors
    /// When the database cannot be made, read or had alone.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(path: &Path, bounds: MemoryBounds) -> Result<Self, Unusable> {
        let database = InSqlite::open(path, bounds);
        let disk = database.and_then(Disk::start).map_err(Unusable)?;
        Ok(Self::new(Backend::Disk(disk, Kind::Sqlite)))
    }

    /// A store in Redis. It connects in the background: whether the server is there, [`health`](Self::health)
    /// says.
    ///
    /// # Errors
    /// When the settings can never work.
    #[cfg(feature = "redis")]
    pub fn redis(settings: RedisSettings) -> Result<Self, Unusable> {
        let redis = Redis::open(settings).map_err(|error| Unusable(error.to_string()))?;
        Ok(Self::new(Backend::Redis(redis)))
    }

    /// Takes tokens from several buckets, all or none, in the order of the asks. In a cluster this holds for
    /// keys of one place: keys of other places are asked one place after the other.
    ///
    /// # Errors
    /// When the store cannot be asked or does not answer.
    pub async fn take(&self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost> {
        let result = match &self.inner.backend {
            Backend::Memory(memory) => Ok(memory.take(asks)),
            Backend::Disk(disk, _) => disk.take(asks).await,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.take(asks).await,
        };
        self.inner.tally.count(result)
    }

    /// The same, at once, where the store is this process's memory; `None` where it is not.
    #[must_use]
    pub fn take_now(&self, asks: &[Ask]) -> Option<Vec<Verdict>> {
        let verdicts = match &self.inner.backend {
            Backend::Memory(memory) => memory.take(asks),
            _ => return None,
        };
        self.inner.tally.count(Ok(verdicts)).ok()
    }

    /// Takes tokens that were already let through, whether there are enough or not; for each the number of
    /// tokens that were more than its bucket held.
    ///
    /// # Errors
    /// When the store cannot be asked or does not answer.
    pub async fn debit(&self, debits: &[Debit]) -> Result<Vec<u32>, Lost> {
        let result = match &self.inner.backend {
            Backend::Memory(memory) => Ok(memory.debit(debits)),
            Backend::Disk(disk, _) => disk.debit(debits).await,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.debit(debits).await,
        };
        self.inner.tally.count(result)
    }

    /// Looks at and changes one record, as one.
    ///
    /// # Errors
    /// When the store cannot be asked, does not answer, or is full.
    pub async fn step(&self, step: &Step) -> Result<Done, Lost> {
        let result = match &self.inner.backend {
            Backend::Memory(memory) => memory.step(step),
            Backend::Disk(disk, _) => disk.step(step).await,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.step(step).await,
        };
        self.inner.tally.count(result)
    }

    /// Some keys of a space, about `most`, from where a page before ended. What comes or goes meanwhile may
    /// be told or not.
    ///
    /// # Errors
    /// When the store cannot be asked or does not answer.
    pub async fn list(
        &self,
        space: &Space,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page, Lost> {
        match &self.inner.backend {
            Backend::Memory(memory) => Ok(memory.list(space, after, most)),
            Backend::Disk(disk, _) => disk.list(space, after, most).await,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.list(space, after, most).await,
        }
    }

    /// Takes everything of a space away; how many keys that were.
    ///
    /// # Errors
    /// When the store cannot be asked or does not answer: then some may be gone, and some not.
    pub async fn drop_space(&self, space: &Space) -> Result<u64, Lost> {
        match &self.inner.backend {
            Backend::Memory(memory) => Ok(memory.drop_space(space)),
            Backend::Disk(disk, _) => disk.drop_space(space).await,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.drop_space(space).await,
        }
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        let tally = &self.inner.tally;
        let blank = Health {
            kind: Kind::Memory,
            state: State::Up,
            answered: None,
            breaker: Breaker::Closed,
            epoch: None,
            losses: 0,
            calls: tally.calls(),
            failures: tally.failures(),
            evicted: 0,
            holds: None,
        };
        match &self.inner.backend {
            Backend::Memory(memory) => Health {
                answered: Some(SystemTime::now()),
                evicted: memory.evicted(),
                holds: Some(memory.holds()),
                ..blank
            },
            Backend::Disk(disk, kind) => {
                let told = disk.told();
                Health {
                    kind: *kind,
                    state: told.state(),
                    answered: told.answered,
                    evicted: told.evicted,
                    holds: Some(told.holds),
                    ..blank
                }
            }
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => Health {
                kind: redis.kind(),
                state: redis.state(),
                answered: redis.answered(),
                breaker: redis.breaker(),
                epoch: redis.epoch(),
                losses: redis.losses(),
                ..blank
            },
        }
    }

    /// When the store was last seen emptied or rewound: what it held before may be gone.
    #[must_use]
    pub fn loss_seen(&self) -> Option<SystemTime> {
        match &self.inner.backend {
            Backend::Memory(_) | Backend::Disk(..) => None,
            #[cfg(feature = "redis")]
            Backend::Redis(redis) => redis.loss_seen(),
        }
    }
}
