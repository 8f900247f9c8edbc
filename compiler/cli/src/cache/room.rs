//! Keeps the cache small: the oldest entries go.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What files are called that are not written to their end.
pub(super) const UNFINISHED: &str = ".unfinished-";

/// How much there may be.
pub(super) struct Bounds {
    pub(super) entries: usize,
    pub(super) bytes: u64,
}

pub(super) const USUAL: Bounds = Bounds {
    entries: 256,
    bytes: 64 << 20,
};

/// After this long nobody writes to an unfinished file any more.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Takes away the oldest entries until the rest is within the bounds, and what was left unfinished.
/// What another process takes away at the same time is gone either way. Nothing is touched that is
/// no entry.
pub(super) fn make_room(folder: &Path, bounds: &Bounds) {
    let now = SystemTime::now();
    let mut entries: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let Some((modified, size)) = entry
            .metadata()
            .ok()
            .filter(fs::Metadata::is_file)
            .and_then(|metadata| Some((metadata.modified().ok()?, metadata.len())))
        else {
            continue;
        };
        let name = name.to_string_lossy();
        if name.starts_with(UNFINISHED) {
            if now
                .duration_since(modified)
                .is_ok_and(|age| age > ABANDONED)
            {
                let _ = fs::remove_file(&path);
            }
        } else if is_entry(&name) {
            entries.push((modified, size, path));
        }
    }
    entries.sort_unstable();
    let mut count = entries.len();
    let mut bytes: u64 = entries.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in entries {
        if count <= bounds.entries && bytes <= bounds.bytes {
            return;
        }
        let _ = fs::remove_file(path);
        count -= 1;
        bytes = bytes.saturating_sub(size);
    }
}

/// Whether a name is a digest.
fn is_entry(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_and_what_is_no_entry_stays() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let put = |name: &str, size: usize, age: u64| {
            let path = folder.path().join(name);
            fs::write(&path, vec![b'x'; size]).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        };
        let name = |digit: &str| digit.repeat(64);
        for (digit, age) in [("a", 40), ("b", 30), ("c", 20), ("d", 10)] {
            put(&name(digit), 100, age);
        }
        put("notes.txt", 100, 90_000);
        put(&format!("{UNFINISHED}old"), 1, 90_000);
        put(&format!("{UNFINISHED}new"), 1, 1);
        let names = || {
            let entries = fs::read_dir(folder.path()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<String> =
                names.map(|name| name.chars().take(12).collect()).collect();
            names.sort();
            names
        };
        let bounds = |entries, bytes| Bounds { entries, bytes };
        make_room(folder.path(), &bounds(3, 1_000));
        let short = |digit: &str| digit.repeat(12);
        assert_eq!(
            names(),
            [
                ".unfinished-",
                &short("b"),
                &short("c"),
                &short("d"),
                "notes.txt"
            ]
        );
        make_room(folder.path(), &bounds(3, 250));
        assert_eq!(
            names(),
            [".unfinished-", &short("c"), &short("d"), "notes.txt"]
        );
    }
}
