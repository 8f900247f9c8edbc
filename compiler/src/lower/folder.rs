//! Lists the files of a folder that go into a bundle.
//!
//! Hidden files and folders (whose name begins with a dot) are left out, except `.well-known`, which
//! is made to be served (RFC 8615). A symbolic link is followed only where it stays within the folder.

use std::path::{Path, PathBuf};

/// The most that all folders of a spec may put into a bundle, and how deep they may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes.
    pub bytes: u64,
    /// Files.
    pub files: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            files: 100_000,
        }
    }
}

/// How deep folders may lie inside each other.
const MAX_DEPTH: usize = 64;

/// The files of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files, sorted by path.
    pub files: Vec<Listed>,
    /// All of them together, in bytes.
    pub bytes: u64,
    /// Links that lead out of the folder, relative to it.
    pub outside: Vec<String>,
    /// What could not be read, and why.
    pub unreadable: Vec<(String, String)>,
    /// Whether the budget was spent before the end was reached.
    pub over: bool,
    /// Entries looked at, folders and what is left out included.
    looked_at: usize,
}

/// A file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Relative to the folder, with `/` between parts.
    pub path: String,
    /// Where it lies.
    pub full: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// Lists a folder that exists.
pub fn list(folder: &Path, budget: Budget) -> Listing {
    let mut listing = Listing::default();
    match folder.canonicalize() {
        Ok(real) => {
            let top = Step {
                real: &real,
                depth: 0,
                above: None,
            };
            let walk = Walk {
                real: real.clone(),
                budget,
            };
            walk.folder(folder, "", &top, &mut listing);
        }
        Err(error) => listing.unreadable(".", error.to_string()),
    }
    listing
        .files
        .sort_by(|left, right| left.path.cmp(&right.path));
    listing
}

/// How many entries are looked at for each file that may be taken: links can make few folders look
/// like very many.
const ENTRIES_PER_FILE: usize = 4;

struct Walk {
    /// The folder with all links followed.
    real: PathBuf,
    budget: Budget,
}

/// A folder on the way down.
struct Step<'s> {
    real: &'s Path,
    depth: usize,
    above: Option<&'s Step<'s>>,
}

impl Step<'_> {
    /// Whether a folder is this one or one above it.
    fn is_within(&self, real: &Path) -> bool {
        self.real == real || self.above.is_some_and(|above| above.is_within(real))
    }
}

impl Listing {
    fn unreadable(&mut self, path: &str, why: impl Into<String>) {
        self.unreadable.push((path.to_owned(), why.into()));
    }
}

impl Walk {
    fn folder(&self, folder: &Path, prefix: &str, step: &Step<'_>, listing: &mut Listing) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return listing.unreadable(prefix, error.to_string()),
        };
        for entry in entries.flatten() {
            listing.looked_at += 1;
            let most = self.budget.files.saturating_mul(ENTRIES_PER_FILE);
            listing.over |= listing.looked_at > most;
            if listing.over {
                return;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let hidden = name.starts_with('.') && name != ".well-known";
            let sound = entry
                .file_name()
                .to_str()
                .is_some_and(|name| !name.contains('\\'));
            match (hidden, sound) {
                (true, _) => {}
                (false, true) => self.entry(&entry.path(), &path, step, listing),
                (false, false) => {
                    listing.unreadable(&path, "its name is not UTF-8, or holds a backslash");
                }
            }
        }
    }

    fn entry(&self, full: &Path, path: &str, step: &Step<'_>, listing: &mut Listing) {
        let found = full
            .canonicalize()
            .and_then(|real| Ok((real.metadata()?, real)));
        let (metadata, real) = match found {
            Ok(found) => found,
            Err(error) => return listing.unreadable(path, error.to_string()),
        };
        if !real.starts_with(&self.real) {
            listing.outside.push(path.to_owned());
        } else if metadata.is_file() {
            self.file(full, path, metadata.len(), listing);
        } else if metadata.is_dir() {
            let below = Step {
                real: &real,
                depth: step.depth + 1,
                above: Some(step),
            };
            match () {
                () if step.is_within(&real) => {
                    listing.unreadable(path, "a link that leads in a circle")
                }
                () if below.depth > MAX_DEPTH => listing.unreadable(path, "it lies too deep"),
                () => self.folder(full, &format!("{path}/"), &below, listing),
            }
        }
    }

    fn file(&self, full: &Path, path: &str, size: u64, listing: &mut Listing) {
        listing.bytes = listing.bytes.saturating_add(size);
        listing.over =
            listing.bytes > self.budget.bytes || listing.files.len() >= self.budget.files;
        listing.files.push(Listed {
            path: path.to_owned(),
            full: full.to_owned(),
            size,
        });
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn paths(listing: &Listing) -> Vec<&str> {
        listing
            .files
            .iter()
            .map(|file| file.path.as_str())
            .collect()
    }

    #[test]
    fn links_are_followed_within_the_folder_only() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("site");
        std::fs::create_dir_all(folder.join("..data")).unwrap();
        std::fs::create_dir_all(folder.join(".well-known")).unwrap();
        for path in ["..data/a.txt", ".well-known/b.txt", ".hidden", "../secret"] {
            std::fs::write(folder.join(path), "x").unwrap();
        }
        symlink("..data/a.txt", folder.join("a.txt")).unwrap();
        symlink("../secret", folder.join("out")).unwrap();
        symlink(".", folder.join("circle")).unwrap();
        let listing = list(&folder, Budget::default());
        assert_eq!(paths(&listing), [".well-known/b.txt", "a.txt"]);
        assert_eq!(listing.outside, ["out"]);
        assert_eq!(
            listing.unreadable,
            [(
                "circle".to_owned(),
                "a link that leads in a circle".to_owned()
            )]
        );
    }

    #[test]
    fn many_ways_to_few_folders_end() {
        let folder = tempfile::tempdir().unwrap();
        for level in 0..40 {
            let name = folder.path().join(format!("d{level}"));
            std::fs::create_dir(&name).unwrap();
            symlink(format!("../d{}", level + 1), name.join("one")).unwrap();
            symlink(format!("../d{}", level + 1), name.join("two")).unwrap();
        }
        std::fs::create_dir(folder.path().join("d40")).unwrap();
        let listing = list(
            folder.path(),
            Budget {
                bytes: 1 << 20,
                files: 1000,
            },
        );
        assert!(listing.over && listing.files.is_empty());
    }
}
