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
        Ok(real) => walk(&Walk { real, budget }, folder, "", 0, &mut listing),
        Err(error) => listing.unreadable.push((".".to_owned(), error.to_string())),
    }
    listing
        .files
        .sort_by(|left, right| left.path.cmp(&right.path));
    listing
}

struct Walk {
    real: PathBuf,
    budget: Budget,
}

fn walk(walk_: &Walk, folder: &Path, prefix: &str, depth: usize, listing: &mut Listing) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            listing
                .unreadable
                .push((prefix.to_owned(), error.to_string()));
            return;
        }
    };
    for entry in entries.flatten() {
        if listing.over {
            return;
        }
        let Ok(name) = entry.file_name().into_string() else {
            let name = entry.file_name().to_string_lossy().into_owned();
            listing.unreadable.push((
                format!("{prefix}{name}"),
                "its name is not UTF-8".to_owned(),
            ));
            continue;
        };
        if name.starts_with('.') && name != ".well-known" {
            continue;
        }
        take(
            walk_,
            &entry.path(),
            &format!("{prefix}{name}"),
            depth,
            listing,
        );
    }
}

fn take(walk_: &Walk, full: &Path, path: &str, depth: usize, listing: &mut Listing) {
    let real = match full.canonicalize() {
        Ok(real) => real,
        Err(error) => {
            return listing
                .unreadable
                .push((path.to_owned(), error.to_string()));
        }
    };
    if !real.starts_with(&walk_.real) {
        return listing.outside.push(path.to_owned());
    }
    match real.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            // A link to a folder above itself would never end; the depth ends it.
            match depth < MAX_DEPTH {
                true => walk(walk_, full, &format!("{path}/"), depth + 1, listing),
                false => listing.over = true,
            }
        }
        Ok(metadata) if metadata.is_file() => {
            listing.bytes += metadata.len();
            listing.over =
                listing.bytes > walk_.budget.bytes || listing.files.len() >= walk_.budget.files;
            listing.files.push(Listed {
                path: path.to_owned(),
                full: full.to_owned(),
                size: metadata.len(),
            });
        }
        Ok(_) => {}
        Err(error) => listing
            .unreadable
            .push((path.to_owned(), error.to_string())),
    }
}
