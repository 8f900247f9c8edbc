//! State in SQLite: two tables, keys to numbers and keys to records. What a step means is not said in SQL:
//! the same functions run as in memory, within one transaction for all calls that wait.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Backend;
use crate::clock::Clock;
use crate::health::Holds;
use crate::limit::{self, Bucket};
use crate::memory::{MemoryBounds, weight};
use crate::record::{self, After, Record, apply};
use crate::{Ask, Cursor, Debit, Done, Key, Lost, Page, Rate, Space, Step, Verdict};

/// Rows that each tidying looks at for what has ended.
const SWEPT: i64 = 2_000;
/// Of how many counts that one is forgotten which is full soonest.
const SAMPLE: i64 = 8;

const SCHEMA: &str = "
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    BEGIN EXCLUSIVE;
    CREATE TABLE IF NOT EXISTS limits (key BLOB PRIMARY KEY, full_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 0), seen INTEGER NOT NULL);
    INSERT OR IGNORE INTO clock VALUES (0, 0);
    COMMIT;
";

/// The store in SQLite.
pub(crate) struct InSqlite {
    connection: Connection,
    clock: Clock,
    bounds: MemoryBounds,
    holds: Holds,
    /// What it held before the calls that are being done.
    before: Holds,
    evicted: u64,
    /// Where the next tidying begins, in both tables.
    hands: [Vec<u8>; 2],
}

type Sql<T> = rusqlite::Result<T>;

impl InSqlite {
    /// Opens a database, or makes it.
    pub(crate) fn open(path: &Path, bounds: MemoryBounds) -> Result<Self, String> {
        let said = |error: rusqlite::Error| match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy) => {
                format!("{}: another process has it open", path.display())
            }
            _ => format!("{}: {error}", path.display()),
        };
        let connection = Connection::open(path).map_err(said)?;
        connection
            .busy_timeout(Duration::from_millis(500))
            .map_err(said)?;
        connection.execute_batch(SCHEMA).map_err(said)?;
        connection.set_prepared_statement_cache_capacity(32);
        let seen = connection.query_row("SELECT seen FROM clock", [], |row| row.get(0));
        let mut store = Self {
            clock: Clock::start(seen.map_err(said)?),
            connection,
            bounds,
            holds: Holds::default(),
            before: Holds::default(),
            evicted: 0,
            hands: [Vec::new(), Vec::new()],
        };
        store.recount().map_err(said)?;
        Ok(store)
    }

    fn recount(&mut self) -> Sql<()> {
        let count = |row: &Row<'_>| row.get::<_, i64>(0);
        let limits = self
            .connection
            .query_row("SELECT count(*) FROM limits", [], count)?;
        self.holds = Holds {
            limits: usize::try_from(limits).unwrap_or(0),
            ..Holds::default()
        };
        let mut query = self
            .connection
            .prepare_cached("SELECT key, value FROM records")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(kept) = record::decode(blob(row, 1)?) {
                self.holds.records += 1;
                self.holds.bytes += weight(blob(row, 0)?, &kept);
            }
        }
        Ok(())
    }

    fn bucket(&self, key: &[u8], rate: Rate, now: i64) -> Sql<Bucket> {
        let mut query = self
            .connection
            .prepare_cached("SELECT full_at FROM limits WHERE key = ?")?;
        let kept = query.query_row([key], |row| row.get(0)).optional()?;
        Ok(Bucket::at(rate, kept, now))
    }

    fn keep(&mut self, key: &[u8], full_at: i64, now: i64) -> Sql<()> {
        let update = "UPDATE limits SET full_at = ?2 WHERE key = ?1";
        let changed = self
            .connection
            .prepare_cached(update)?
            .execute(params![key, full_at])?;
        if changed > 0 || full_at <= now {
            return Ok(());
        }
        if self.holds.limits >= self.bounds.limits.max(1) {
            self.forget_one()?;
        }
        let insert = "INSERT INTO limits VALUES (?, ?)";
        self.connection
            .prepare_cached(insert)?
            .execute(params![key, full_at])?;
        self.holds.limits += 1;
        Ok(())
    }

    /// Forgets, of a few that lie together, the one that would be full soonest.
    fn forget_one(&mut self) -> Sql<()> {
        let pick = "SELECT key FROM (SELECT key, full_at FROM limits WHERE key > ? LIMIT ?) ORDER BY full_at LIMIT 1";
        let first = |hand: &[u8]| {
            let mut query = self.connection.prepare_cached(pick)?;
            query
                .query_row(params![hand, SAMPLE], |row| row.get::<_, Vec<u8>>(0))
                .optional()
        };
        let found = match first(&self.hands[0])? {
            None => first(&[])?,
            found => found,
        };
        if let Some(key) = found {
            self.connection
                .prepare_cached("DELETE FROM limits WHERE key = ?")?
                .execute([&key])?;
            self.hands[0] = key;
            self.holds.limits = self.holds.limits.saturating_sub(1);
            self.evicted += 1;
        }
        Ok(())
    }

    fn record(&self, key: &[u8]) -> Sql<Option<Record>> {
        let mut query = self
            .connection
            .prepare_cached("SELECT value FROM records WHERE key = ?")?;
        let read = |row: &Row<'_>| Ok(record::decode(blob(row, 0)?));
        Ok(query.query_row([key], read).optional()?.flatten())
    }

    fn try_take(&mut self, asks: &[Ask]) -> Sql<Vec<Verdict>> {
        let now = self.clock.now();
        let keys: Vec<_> = asks.iter().map(|ask| ask.key.to_bytes()).collect();
        let look = |(ask, key): (&Ask, _)| self.bucket(key, ask.rate, now);
        let buckets: Sql<Vec<Bucket>> = asks
            .iter()
            .zip(keys.iter().map(|key| &key[..]))
            .map(look)
            .collect();
        let (verdicts, after) = limit::take(asks, &buckets?);
        for (key, bucket) in keys.iter().zip(after.into_iter().flatten()) {
            self.keep(key, bucket.full_at(), now)?;
        }
        Ok(verdicts)
    }

    fn try_debit(&mut self, debits: &[Debit]) -> Sql<Vec<u32>> {
        let now = self.clock.now();
        let one = |debit: &Debit| {
            let key = debit.key.to_bytes();
            let bucket = self.bucket(&key, debit.rate, now)?;
            let (after, beyond) = limit::debit(bucket, debit.tokens, debit.ago);
            self.keep(&key, after.full_at(), now)?;
            Ok(beyond)
        };
        debits.iter().map(one).collect()
    }

    fn try_step(&mut self, step: &Step) -> Sql<Result<Done, Lost>> {
        let key = step.key.to_bytes();
        let found = self.record(&key)?;
        let (done, after) = apply(found.as_ref(), step, self.clock.now());
        let mut holds = self.holds;
        if let (Some(found), true) = (&found, after != After::Same) {
            holds.records = holds.records.saturating_sub(1);
            holds.bytes = holds.bytes.saturating_sub(weight(&key, found));
        }
        match after {
            After::Same => {}
            After::Gone => {
                self.connection
                    .prepare_cached("DELETE FROM records WHERE key = ?")?
                    .execute([&key[..]])?;
            }
            After::Kept(record) => {
                holds.records += 1;
                holds.bytes += weight(&key, &record);
                if self.is_full(holds) {
                    return Ok(Err(Lost::Full));
                }
                let mut value = Vec::new();
                record::encode(&record, &mut value);
                let write = "INSERT OR REPLACE INTO records VALUES (?, ?)";
                self.connection
                    .prepare_cached(write)?
                    .execute(params![&key[..], value])?;
            }
        }
        self.holds = holds;
        Ok(Ok(done))
    }

    /// Whether this is more than there may be. What takes no more than before has room.
    fn is_full(&self, holds: Holds) -> bool {
        let beyond = |after, before, most| after > most && after > before;
        beyond(holds.records, self.holds.records, self.bounds.records)
            || beyond(holds.bytes, self.holds.bytes, self.bounds.bytes)
    }

    fn try_list(&self, space: &Space, after: Option<&Cursor>, most: usize) -> Sql<Page> {
        let prefix = space.prefix();
        let from = after
            .map(Cursor::to_bytes)
            .unwrap_or_default()
            .max(prefix.to_vec());
        let rows = i64::try_from(most.max(1)).unwrap_or(i64::MAX - 1) + 1;
        let select = "SELECT key, full_at, NULL FROM limits WHERE key > ?1 AND key < ?2
            UNION ALL SELECT key, NULL, value FROM records WHERE key > ?1 AND key < ?2
            ORDER BY 1 LIMIT ?3";
        let mut query = self.connection.prepare_cached(select)?;
        let now = self.clock.now();
        let read = |row: &Row<'_>| {
            let lives = match row.get::<_, Option<i64>>(1)? {
                Some(full_at) => full_at > now,
                None => record::decode(blob(row, 2)?).is_some_and(|record| !record.is_over(now)),
            };
            Ok((blob(row, 0)?.to_vec(), lives))
        };
        let found: Sql<Vec<_>> = query
            .query_map(params![from, end(&prefix), rows], read)?
            .collect();
        let mut found = found?;
        let more = found.len() > most.max(1);
        found.truncate(most.max(1));
        let last = found.last().filter(|_| more);
        Ok(Page {
            next: last.map(|(key, _)| Cursor::of_bytes(key)),
            keys: found
                .iter()
                .filter(|(_, lives)| *lives)
                .filter_map(|(key, _)| Key::from_bytes(key))
                .collect(),
        })
    }

    fn try_drop(&mut self, space: &Space) -> Sql<u64> {
        let prefix = space.prefix();
        let mut dropped = 0;
        for table in ["limits", "records"] {
            let delete = format!("DELETE FROM {table} WHERE key >= ? AND key < ?");
            dropped += self
                .connection
                .execute(&delete, params![&prefix[..], end(&prefix)])?;
        }
        self.recount()?;
        Ok(u64::try_from(dropped).unwrap_or(u64::MAX))
    }

    /// Looks at some rows of both tables, on from where it was, for what has ended.
    fn sweep(&mut self) -> Sql<()> {
        let now = self.clock.now();
        let limits = self.ended(
            "SELECT key, full_at FROM limits WHERE key > ? LIMIT ?",
            0,
            |row| Ok((row.get::<_, i64>(1)? <= now).then_some(0)),
        )?;
        for (key, _) in limits {
            self.connection
                .prepare_cached("DELETE FROM limits WHERE key = ?")?
                .execute([key])?;
            self.holds.limits = self.holds.limits.saturating_sub(1);
        }
        let records = self.ended(
            "SELECT key, value FROM records WHERE key > ? LIMIT ?",
            1,
            |row| {
                let record = record::decode(blob(row, 1)?);
                let record = record.filter(|record| record.is_over(now));
                Ok(match record {
                    Some(record) => Some(weight(blob(row, 0)?, &record)),
                    None => None,
                })
            },
        )?;
        for (key, bytes) in records {
            self.connection
                .prepare_cached("DELETE FROM records WHERE key = ?")?
                .execute([key])?;
            self.holds.records = self.holds.records.saturating_sub(1);
            self.holds.bytes = self.holds.bytes.saturating_sub(bytes);
        }
        self.connection
            .prepare_cached("UPDATE clock SET seen = ?")?
            .execute([now])?;
        Ok(())
    }

    fn ended(
        &mut self,
        select: &str,
        table: usize,
        ended: impl Fn(&Row<'_>) -> Sql<Option<usize>>,
    ) -> Sql<Vec<(Vec<u8>, usize)>> {
        let Some(hand) = self.hands.get_mut(table) else {
            return Ok(Vec::new());
        };
        let mut query = self.connection.prepare_cached(select)?;
        let mut rows = query.query(params![&*hand, SWEPT])?;
        let (mut found, mut last) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            last = blob(row, 0)?.to_vec();
            if let Some(bytes) = ended(row)? {
                found.push((last.clone(), bytes));
            }
        }
        // At the end it begins anew.
        *hand = last;
        Ok(found)
    }
}

impl Backend for InSqlite {
    fn begin(&mut self) -> Result<(), String> {
        self.before = self.holds;
        self.connection
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(|error| error.to_string())
    }

    fn commit(&mut self) -> Result<(), String> {
        let result = self.connection.execute_batch("COMMIT");
        result.map_err(|error| {
            self.holds = self.before;
            // What could not be written is not there: the next calls find what was there before.
            drop(self.connection.execute_batch("ROLLBACK"));
            error.to_string()
        })
    }

    fn take(&mut self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost> {
        self.try_take(asks).map_err(lost)
    }

    fn debit(&mut self, debits: &[Debit]) -> Result<Vec<u32>, Lost> {
        self.try_debit(debits).map_err(lost)
    }

    fn step(&mut self, step: &Step) -> Result<Done, Lost> {
        self.try_step(step).map_err(lost)?
    }

    fn list(&mut self, space: &Space, after: Option<&Cursor>, most: usize) -> Result<Page, Lost> {
        self.try_list(space, after, most).map_err(lost)
    }

    fn drop_space(&mut self, space: &Space) -> Result<u64, Lost> {
        self.try_drop(space).map_err(lost)
    }

    fn tidy(&mut self) -> Result<(), String> {
        self.begin()?;
        let swept = self.sweep().map_err(|error| error.to_string());
        self.commit()?;
        swept
    }

    fn holds(&self) -> (Holds, u64) {
        (self.holds, self.evicted)
    }
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> Sql<&'a [u8]> {
    Ok(row.get_ref(column)?.as_blob()?)
}

/// The first bytes behind all that begin so.
fn end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

fn lost(error: rusqlite::Error) -> Lost {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Lost::Full,
        _ => Lost::Failed(error.to_string()),
    }
}
