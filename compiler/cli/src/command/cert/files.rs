//! A certificate and its key as two files side by side. What others made is never written over.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gated_certificate::Facts;

use crate::CommandError;
use crate::atomic;

/// The two files.
pub(super) struct Pair {
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// What is written into them, in PEM.
pub(super) struct Contents {
    pub(super) certificate: String,
    pub(super) key: String,
}

impl Pair {
    pub(super) fn new(folder: &Path, name: &str) -> Self {
        Self {
            certificate: folder.join(format!("{name}.pem")),
            key: folder.join(format!("{name}.key")),
        }
    }

    /// What is there; `None`: nothing.
    pub(super) fn read(&self) -> Result<Option<Contents>, CommandError> {
        match (read(&self.certificate)?, read(&self.key)?) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(Contents { certificate, key })),
            (Some(_), None) => Err(half(&self.certificate, &self.key)),
            (None, Some(_)) => Err(half(&self.key, &self.certificate)),
        }
    }

    /// Writes both; only the owner may read the key.
    pub(super) fn write(&self, contents: &Contents) -> Result<(), CommandError> {
        if let Some(folder) = self.key.parent() {
            fs::create_dir_all(folder)
                .map_err(|error| CommandError::file("make the folder", folder, &error))?;
        }
        atomic::write_private(&self.key, contents.key.as_bytes())?;
        atomic::write(&self.certificate, contents.certificate.as_bytes())
    }
}

/// Refuses what is there and was not made here.
pub(super) fn refuse_foreign(
    pair: &Pair,
    what: &str,
    is_ours: impl Fn(&Facts) -> bool,
) -> Result<Option<Contents>, CommandError> {
    let Some(contents) = pair.read()? else {
        return Ok(None);
    };
    let read =
        gated_certificate::Pair::from_pem(contents.certificate.as_bytes(), contents.key.as_bytes());
    match read {
        Ok(read) if is_ours(&read.facts) => Ok(Some(contents)),
        _ => Err(CommandError::new(format!(
            "`{}` is not {what} that this command made; nothing was written",
            pair.certificate.display()
        ))
        .hint("name another folder: `gatec cert dev --dir FOLDER`")),
    }
}

fn half(there: &Path, missing: &Path) -> CommandError {
    CommandError::new(format!(
        "`{}` is there and `{}` is not; nothing was written",
        there.display(),
        missing.display()
    ))
    .hint("name another folder: `gatec cert dev --dir FOLDER`")
}

fn read(path: &Path) -> Result<Option<String>, CommandError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::file("read", path, &error)),
    }
}
