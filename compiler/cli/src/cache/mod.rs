//! Findings that are kept, so that an unchanged spec need not be checked again.
//!
//! An entry holds what a check depended on (this very program, its options, the digests of all files
//! that were read, the names in folders that were looked through, the variables that were asked for)
//! and what it found. It is used only where all of that is the same; whatever is in doubt is checked
//! anew, and not kept. No text of a file and no value of a variable is stored, only digests.

mod entry;
mod findings;
mod keep;
mod key;
mod room;
mod seen;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use gatec_compiler::load::{Input, Options};
use sha2::{Digest, Sha256};

use crate::checked::Checked;
use entry::Entry;
pub(crate) use keep::Look;
pub(crate) use key::Key;

/// The variable that names the folder of the cache.
const FOLDER: &str = "GATEC_CACHE_DIR";

/// The largest entry, in bytes.
const LARGEST: u64 = 8 << 20;

/// How long ago everything a check looked at must have been written for its findings to be kept: some
/// disks tell the time of a change by two seconds only, and a second change within them goes unseen.
const SETTLED: Duration = Duration::from_secs(2);

/// A folder with an entry for each spec and set of options.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: PathBuf,
    settled: Duration,
}

impl Cache {
    /// The user's cache; `None` where there is no place for one.
    pub(crate) fn usual() -> Option<Self> {
        Some(Self {
            folder: folder(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))?,
            settled: SETTLED,
        })
    }

    /// What was found the last time, if nothing changed since.
    pub(crate) fn find(&self, key: &Key, input: &Input) -> Option<Checked> {
        let entry = Entry::decode(&read(&self.file(key))?)?;
        let environment = |name: &str| std::env::var(name).ok();
        match entry.holds(SystemTime::now(), &environment) {
            true => entry.checked(input),
            false => None,
        }
    }

    /// Begins to note what a check with these options looks at.
    pub(crate) fn begin(&self, options: &mut Options) -> Look {
        Look::begin(self.clone(), options)
    }

    fn file(&self, key: &Key) -> PathBuf {
        self.folder.join(key.name())
    }

    /// Writes an entry. Two processes may do so at once: either's is whole.
    fn write(&self, key: &Key, entry: &Entry) -> io::Result<()> {
        let bytes = entry.encode()?;
        if bytes.len() as u64 > LARGEST {
            return Ok(());
        }
        make(&self.folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(room::UNFINISHED)
            .tempfile_in(&self.folder)?;
        file.write_all(&bytes)?;
        file.persist(self.file(key)).map_err(|error| error.error)?;
        room::make_room(&self.folder, &room::USUAL);
        Ok(())
    }
}

/// Makes the folder, for its owner only.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(file).ok()?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LARGEST).then_some(bytes)
}

/// Where the cache lies: where the user says, else where the system keeps such things.
pub(crate) fn folder(variable: &dyn Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    if let Some(folder) = variable(FOLDER) {
        return Some(PathBuf::from(folder));
    }
    let absolute = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let usual = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Caches"))
    } else {
        absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))
    };
    usual.map(|folder| folder.join("gatec"))
}

/// The SHA-256 of several parts, each with its length, in hexadecimal.
fn digest<Part: AsRef<[u8]>>(parts: impl IntoIterator<Item = Part>) -> String {
    let digest = parts.into_iter().fold(Sha256::new(), |digest, part| {
        let part = part.as_ref();
        digest
            .chain_update((part.len() as u64).to_be_bytes())
            .chain_update(part)
    });
    format!("{:x}", digest.finalize())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_cache_lies_where_the_user_or_the_system_says() {
        let folder = |set: &[(&str, &str)]| {
            super::folder(&|name| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        let home = ("HOME", "/home/ann");
        let data = ("XDG_CACHE_HOME", "/fast");
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!(folder(&[home]), path("/home/ann/.cache/gatec"));
        assert_eq!(folder(&[home, data]), path("/fast/gatec"));
        assert_eq!(folder(&[home, data, (FOLDER, "here")]), path("here"));
        assert_eq!(
            folder(&[home, ("XDG_CACHE_HOME", "relative")]),
            path("/home/ann/.cache/gatec")
        );
        assert_eq!(folder(&[]), None);
    }

    #[test]
    fn parts_of_a_digest_are_kept_apart() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_eq!(digest(["ab", "c"]).len(), 64);
    }
}
