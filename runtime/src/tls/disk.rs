//! The files on the replica's disk that a bundle names: read, and remembered by what was in them, so
//! that a change is noticed.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Largest file read, in bytes: the authorities of a whole system have less.
const LARGEST: u64 = 8 << 20;

/// What was in a file; `None`: it could not be read.
type Print = Option<[u8; 32]>;

/// The files, with what was in them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Disk {
    root: PathBuf,
    read: BTreeMap<PathBuf, Print>,
}

impl Disk {
    /// Nothing read yet; relative paths begin at `root`.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            read: BTreeMap::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub(crate) fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let full = self.root.join(path);
        let read = read(&full);
        self.read.insert(full, read.as_deref().ok().map(print));
        read.map_err(|why| format!("the file `{path}` cannot be read: {why}"))
    }

    /// Where a file that is not read here lies.
    pub(crate) fn locate(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Every file that was to be read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.read.keys()
    }

    /// Whether every file holds what it held.
    pub(crate) fn is_as_it_was(&self) -> bool {
        self.read
            .iter()
            .all(|(path, was)| read(path).as_deref().ok().map(print) == *was)
    }
}

fn print(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let why = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        _ => error.to_string(),
    };
    // Looked at before it is opened: opening a pipe would wait for somebody who writes.
    if !std::fs::metadata(path).map_err(why)?.is_file() {
        return Err("it is no plain file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(why)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(why)?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 8 MiB".to_owned());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::Disk;

    #[test]
    fn what_changes_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pem");
        let mut disk = Disk::new(folder.path());
        let missing = disk.read("a.pem").unwrap_err();
        assert_eq!(
            missing,
            "the file `a.pem` cannot be read: there is no such file"
        );
        assert!(disk.is_as_it_was());
        std::fs::write(&path, "one").unwrap();
        assert!(!disk.is_as_it_was());
        assert_eq!(disk.read("a.pem").unwrap(), b"one");
        assert!(disk.is_as_it_was());
        assert_eq!(disk.paths().collect::<Vec<_>>(), [&path]);
        assert!(disk.read(".").unwrap_err().contains("no plain file"));
    }
}
