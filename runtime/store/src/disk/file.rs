//! State in a file: all of it in memory, every change appended to a log beside the file, and the file
//! written anew when the log has grown past it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::Backend;
use super::log::{self, Entry, HEADER};
use crate::clock::Clock;
use crate::health::Holds;
use crate::memory::{Memory, MemoryBounds};
use crate::record::After;
use crate::{Ask, Cursor, Debit, Done, Lost, Page, Space, Step, Verdict};

/// A log shorter than this is never put away.
const SHORT: u64 = 1 << 20;

/// The store in a file.
pub(crate) struct InFile {
    memory: Memory,
    path: PathBuf,
    log: File,
    /// Bytes of whole entries in the log.
    logged: u64,
    /// Bytes of the file.
    kept: u64,
    /// What is to be appended.
    pending: Vec<u8>,
    /// What was to be appended could not be: the whole is to be written.
    behind: bool,
    /// Something was appended that the disk may not hold yet.
    unsynced: bool,
}

impl InFile {
    /// Opens a file, or makes it.
    pub(crate) fn open(path: &Path, bounds: MemoryBounds) -> Result<Self, String> {
        let said = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut log = open_log(path)?;
        let kept = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => HEADER.to_vec(),
            Err(error) => return Err(said(error)),
        };
        let mut bytes = Vec::new();
        log.read_to_end(&mut bytes).map_err(said)?;
        let (entries, whole) = log::read_all(headless(&kept, path)?);
        if whole + HEADER.len() < kept.len() {
            return Err(format!(
                "{} is damaged from byte {} on; move it away to start without it",
                path.display(),
                whole + HEADER.len()
            ));
        }
        // A log that was cut off before its first line was whole is a new one.
        let logged = if bytes.len() < HEADER.len() {
            Vec::new()
        } else {
            headless(&bytes, path)?.to_vec()
        };
        let (later, whole) = log::read_all(&logged);
        let memory = load(bounds, entries.iter().chain(&later));
        let mut store = Self {
            memory,
            path: path.to_owned(),
            log,
            logged: size(HEADER.len() + whole),
            kept: size(kept.len()),
            pending: Vec::new(),
            behind: false,
            unsynced: false,
        };
        store.cut_log(bytes.len() < HEADER.len()).map_err(said)?;
        if !path.exists() {
            store.rewrite().map_err(said)?;
        }
        Ok(store)
    }

    /// Cuts the log at its last whole entry.
    fn cut_log(&mut self, new: bool) -> std::io::Result<()> {
        if new {
            self.log.set_len(0)?;
            self.log.rewind()?;
            self.log.write_all(HEADER)?;
            self.logged = size(HEADER.len());
        }
        self.log.set_len(self.logged)?;
        self.log.seek(SeekFrom::End(0))?;
        Ok(())
    }

    /// Writes the file anew, whole or not at all, and empties the log. Should the log not be emptied any
    /// more, it says the same as the file.
    fn rewrite(&mut self) -> std::io::Result<()> {
        let mut out = HEADER.to_vec();
        log::tick(self.memory.now(), &mut out);
        self.memory
            .each_limit(&mut |key, full_at| log::limit(key, full_at, &mut out));
        self.memory
            .each_record(&mut |key, record| log::record(key, record, &mut out));
        let new = beside(&self.path, "new");
        let mut file = File::create(&new)?;
        file.write_all(&out)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        self.kept = size(out.len());
        self.pending.clear();
        self.logged = size(HEADER.len());
        self.behind = true;
        self.cut_log(false)?;
        self.behind = false;
        Ok(())
    }

    fn append(&mut self) -> std::io::Result<()> {
        if self.behind {
            return self.rewrite();
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut entries = Vec::with_capacity(self.pending.len() + 32);
        log::tick(self.memory.now(), &mut entries);
        entries.append(&mut self.pending);
        if let Err(error) = self.log.write_all(&entries) {
            self.behind = true;
            // Half an entry would hide what comes after it.
            drop(self.cut_log(false));
            return Err(error);
        }
        self.unsynced = true;
        self.logged += size(entries.len());
        if self.logged > SHORT.max(2 * self.kept) {
            return self.rewrite();
        }
        Ok(())
    }

    fn said(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.path.display())
    }
}

impl Backend for InFile {
    fn begin(&mut self) -> Result<(), String> {
        Ok(())
    }

    fn commit(&mut self) -> Result<(), String> {
        self.append().map_err(|error| self.said(&error))
    }

    fn take(&mut self, asks: &[Ask]) -> Result<Vec<Verdict>, Lost> {
        let out = &mut self.pending;
        Ok(self
            .memory
            .take_told(asks, &mut |key, full_at| log::limit(key, full_at, out)))
    }

    fn debit(&mut self, debits: &[Debit]) -> Result<Vec<u32>, Lost> {
        let out = &mut self.pending;
        Ok(self
            .memory
            .debit_told(debits, &mut |key, full_at| log::limit(key, full_at, out)))
    }

    fn step(&mut self, step: &Step) -> Result<Done, Lost> {
        let out = &mut self.pending;
        self.memory.step_told(step, &mut |key, after| match after {
            After::Same => {}
            After::Gone => log::gone(key, out),
            After::Kept(record) => log::record(key, record, out),
        })
    }

    fn list(&mut self, space: &Space, after: Option<&Cursor>, most: usize) -> Result<Page, Lost> {
        Ok(self.memory.list(space, after, most))
    }

    fn drop_space(&mut self, space: &Space) -> Result<u64, Lost> {
        log::dropped(&space.prefix(), &mut self.pending);
        Ok(self.memory.drop_space(space))
    }

    fn tidy(&mut self) -> Result<(), String> {
        if self.behind {
            self.rewrite().map_err(|error| self.said(&error))?;
        }
        if std::mem::take(&mut self.unsynced) {
            self.log.sync_data().map_err(|error| self.said(&error))?;
        }
        Ok(())
    }

    fn holds(&self) -> (Holds, u64) {
        (self.memory.holds(), self.memory.evicted())
    }
}

/// Opens the log beside a file, for this process alone.
fn open_log(path: &Path) -> Result<File, String> {
    let log = beside(path, "log");
    let said = |error: std::io::Error| format!("{}: {error}", log.display());
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&log);
    let file = file.map_err(said)?;
    if file.try_lock().is_err() {
        return Err(format!("{}: another process has it open", path.display()));
    }
    Ok(file)
}

fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    name.into()
}

fn headless<'a>(bytes: &'a [u8], path: &Path) -> Result<&'a [u8], String> {
    let odd = || {
        format!(
            "{} was not written by this program: it is left as it is",
            path.display()
        )
    };
    bytes.strip_prefix(HEADER).ok_or_else(odd)
}

fn load<'a>(bounds: MemoryBounds, entries: impl Iterator<Item = &'a Entry<'a>> + Clone) -> Memory {
    let ticks = entries.clone().filter_map(|entry| match entry {
        Entry::Tick(at) => Some(*at),
        _ => None,
    });
    let memory = Memory::new(bounds, Clock::start(ticks.max().unwrap_or(0)));
    for entry in entries {
        match entry {
            Entry::Tick(_) => {}
            Entry::Limit(key, full_at) => memory.put_limit(key, *full_at),
            Entry::Record(key, record) => memory.put_record(key, Some(record.clone())),
            Entry::Gone(key) => memory.put_record(key, None),
            Entry::Dropped(prefix) => {
                memory.drop_prefix(prefix);
            }
        }
    }
    memory
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
