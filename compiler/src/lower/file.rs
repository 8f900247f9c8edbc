//! Finds the files that a spec names, within the folder it may read.

use std::path::{Component, Path, PathBuf};

/// Why a file or folder cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is an absolute path.
    Absolute,
    /// `..` leads out of the spec's folder.
    Parent,
    /// A symbolic link leads out of the spec's folder.
    Link,
    /// It does not exist.
    Missing,
    /// It exists, but is not what was expected (a file in the place of a folder, or the reverse).
    Kind,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

/// What is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// Finds what `path`, relative to `root`, names.
///
/// # Errors
/// Says why it cannot be used.
pub fn find(root: &Path, path: &str, kind: Kind) -> Result<PathBuf, Refused> {
    let relative = lexical(path)?;
    let full = root.join(relative);
    let real = full.canonicalize().map_err(|error| unreadable(&error))?;
    let root = canonical_root(root)?;
    if !real.starts_with(&root) {
        return Err(Refused::Link);
    }
    let metadata = real.metadata().map_err(|error| unreadable(&error))?;
    match kind {
        Kind::File if metadata.is_file() => Ok(full),
        Kind::Folder if metadata.is_dir() => Ok(full),
        _ => Err(Refused::Kind),
    }
}

fn canonical_root(root: &Path) -> Result<PathBuf, Refused> {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    root.canonicalize().map_err(|error| unreadable(&error))
}

fn unreadable(error: &std::io::Error) -> Refused {
    match error.kind() {
        std::io::ErrorKind::NotFound => Refused::Missing,
        _ => Refused::Unreadable(error.to_string()),
    }
}

/// The path without `.` and `..`.
///
/// # Errors
/// [`Refused::Absolute`] or [`Refused::Parent`].
pub fn lexical(path: &str) -> Result<PathBuf, Refused> {
    let mut parts: Vec<&std::ffi::OsStr> = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop().ok_or(Refused::Parent)?;
            }
            Component::RootDir | Component::Prefix(_) => return Err(Refused::Absolute),
        }
    }
    Ok(parts.iter().collect())
}
