//! Files are read whole, and never more than is sensible.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

use gatec_syntax::{Diagnostic, Span};

use super::Loader;
use super::rules::{too_much, unreadable};

/// The largest file that is read, in bytes.
pub const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The most bytes all files together may have.
pub const MAX_TOTAL: u64 = 64 * 1024 * 1024;

/// The most files one spec may include.
pub const MAX_FILES: usize = 1_000;

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The root file, which may also be a pipe.
    Root,
    /// A file named in a spec.
    Named,
}

/// Why a file was not read.
pub(super) enum Failure {
    /// It cannot be.
    Unreadable(String),
    /// It is too large.
    TooLarge(String),
}

impl Failure {
    pub(super) fn finding(&self, span: Span, name: &str) -> Diagnostic {
        match self {
            Failure::Unreadable(reason) => unreadable::file(span, name, reason),
            Failure::TooLarge(reason) => too_much::over(span, format!("`{name}` {reason}")),
        }
    }
}

impl Loader<'_> {
    /// Reads a file, or the editor's text in its place.
    pub(super) fn read(&mut self, path: &Path, kind: Kind) -> Result<Arc<str>, Failure> {
        if let Some(text) = self.options.texts.get(path) {
            let text = Arc::clone(text);
            self.count(text.len() as u64)?;
            return Ok(text);
        }
        let bytes = read_bytes(path, kind)?;
        self.count(bytes.len() as u64)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(error) => {
                let byte = error.utf8_error().valid_up_to();
                Err(Failure::Unreadable(format!(
                    "it is not UTF-8 text, from byte {byte} on"
                )))
            }
        }
    }

    fn count(&mut self, bytes: u64) -> Result<(), Failure> {
        self.bytes = self.bytes.saturating_add(bytes);
        match self.bytes > MAX_TOTAL {
            true => Err(Failure::TooLarge(format!(
                "makes more than {} MiB of files in all",
                MAX_TOTAL >> 20
            ))),
            false => Ok(()),
        }
    }
}

fn read_bytes(path: &Path, kind: Kind) -> Result<Vec<u8>, Failure> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(Failure::Unreadable("it is a folder".to_owned()));
    }
    // Reading a pipe or a device could wait for ever.
    if kind == Kind::Named && !metadata.is_file() {
        return Err(Failure::Unreadable("it is not a plain file".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    match bytes.len() as u64 > MAX_FILE {
        true => Err(Failure::TooLarge(format!(
            "is larger than {} MiB",
            MAX_FILE >> 20
        ))),
        false => Ok(bytes),
    }
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::Unreadable(match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "reading it is not allowed".to_owned(),
        _ => error.to_string().to_lowercase(),
    })
}
