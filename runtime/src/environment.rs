//! Where decisions get time, chance, counters and secrets on a live replica.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use gated_engine::Environment;

/// Longest secret file that is read, in bytes.
const LONGEST_SECRET: u64 = 1 << 20;

/// Counters that are kept. Names come from specs, so only many changes bring more than this; then the
/// one that was used longest ago begins anew.
const MOST_COUNTERS: usize = 10_000;

/// Counters of templates. They live as long as the replica, across every swap.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    known: RwLock<HashMap<String, Count>>,
    /// Grows with each use of any counter.
    clock: AtomicU64,
}

#[derive(Debug, Default)]
struct Count {
    value: AtomicU64,
    /// When it was used last, by the clock of all counters.
    used: AtomicU64,
}

impl Count {
    fn next(&self, now: u64) -> u64 {
        self.used.store(now, Ordering::Relaxed);
        self.value.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Counters {
    /// Adds one and returns the new value.
    fn next(&self, name: &str) -> u64 {
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get(name) {
            return count.next(now);
        }
        drop(known);
        let mut counters = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST_COUNTERS && !counters.contains_key(name) {
            let oldest = counters
                .iter()
                .min_by_key(|(_, count)| count.used.load(Ordering::Relaxed))
                .map(|(name, _)| name.clone());
            oldest.and_then(|name| counters.remove(&name));
        }
        counters.entry(name.to_owned()).or_default().next(now)
    }
}

/// The real world, as one request sees it.
pub(crate) struct World<'a> {
    /// The replica's counters.
    pub(crate) counters: &'a Counters,
    /// The snapshot's secrets.
    pub(crate) secrets: &'a HashMap<String, String>,
}

impl Environment for World<'_> {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self) -> u64 {
        fastrand::u64(..)
    }

    fn count(&self, counter: &str) -> u64 {
        self.counters.next(counter)
    }

    fn secret(&self, name: &str) -> Option<String> {
        self.secrets.get(name).cloned()
    }
}

/// Finds a secret: the file of that name in the folder of secrets, else the environment variable
/// `GATED_SECRET_` with the name in upper case, everything but letters and digits as `_`.
pub(crate) fn resolve_secret(name: &str, folder: Option<&Path>) -> Option<String> {
    folder
        .and_then(|folder| read_secret(folder, name))
        .or_else(|| std::env::var(variable(name)).ok())
}

/// The variable that holds a secret.
pub(crate) fn variable(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("GATED_SECRET_{name}")
}

/// Reads a secret's file, without the line end that editors and `echo` leave. A name never leads out
/// of the folder.
fn read_secret(folder: &Path, name: &str) -> Option<String> {
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
        return None;
    }
    let path = folder.join(name);
    if std::fs::metadata(&path).ok()?.len() > LONGEST_SECRET {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    Some(
        text.strip_suffix('\n')
            .map_or(text.as_str(), |text| text.trim_end_matches('\r'))
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{Counters, resolve_secret, variable};

    #[test]
    fn counters_count_from_one() {
        let counters = Counters::default();
        assert_eq!(
            [counters.next("a"), counters.next("a"), counters.next("b")],
            [1, 2, 1]
        );
        for index in 0..super::MOST_COUNTERS {
            counters.next("a");
            counters.next(&index.to_string());
        }
        assert!(counters.next("a") > 10_000);
        assert_eq!(counters.next("b"), 1, "it was used longest ago");
    }

    #[test]
    fn secrets_come_from_files_and_never_from_outside_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("secrets");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("api-key"), "s3cret\r\n").unwrap();
        std::fs::write(folder.path().join("other"), "no").unwrap();
        assert_eq!(
            resolve_secret("api-key", Some(&inner)).as_deref(),
            Some("s3cret")
        );
        assert_eq!(resolve_secret("../other", Some(&inner)), None);
        assert_eq!(resolve_secret("api-key", None), None);
        assert_eq!(variable("db.pass-word"), "GATED_SECRET_DB_PASS_WORD");
    }
}
