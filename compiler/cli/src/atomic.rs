//! Writes a file whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::CommandError;

/// Puts `bytes` in the place of the file: written beside it, then renamed, so that a reader sees the
/// old file or the new one and never a part. Permissions of a file that was there are kept; a
/// symbolic link stays one, and what it points to is replaced.
pub(crate) fn write(name: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write_as(name, bytes, NewFile::Usual)
}

/// The first half of changing a file that is there: `bytes` lie beside it, and it is as it was. This fails
/// for all that can be known beforehand: a read-only file or folder, no space left, no plain file. A file that
/// cannot be written to is not to be replaced either, though its folder would let us.
pub(crate) fn stage(name: &Path, bytes: &[u8]) -> Result<Staged, CommandError> {
    refuse_read_only(name)?;
    let target = target(name)?;
    if !is_replaceable(&target) {
        return Err(CommandError::new(format!(
            "cannot write `{}`: it is no plain file",
            name.display()
        )));
    }
    let text = beside(&target, folder(&target, name)?, bytes, NewFile::Usual)
        .map_err(|error| CommandError::file("write", name, &error))?;
    Ok(Staged { text, target })
}

/// A text that lies beside the file whose place it is to take; dropped, it is gone.
pub(crate) struct Staged {
    text: TempPath,
    target: PathBuf,
}

impl Staged {
    /// The second half: the bytes take the place of the file.
    pub(crate) fn put(self) -> Result<(), CommandError> {
        let Self { text, target } = self;
        text.persist(&target)
            .map_err(|failed| CommandError::file("write", &target, &failed.error))
    }
}

fn refuse_read_only(name: &Path) -> Result<(), CommandError> {
    match fs::metadata(name).is_ok_and(|metadata| metadata.permissions().readonly()) {
        true => Err(CommandError::new(format!(
            "cannot write `{}`: it is read-only",
            name.display()
        ))),
        false => Ok(()),
    }
}

/// The same for what only its owner may read.
pub(crate) fn write_private(name: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    write_as(name, bytes, NewFile::Private)
}

/// Who may read a file that was not there before.
#[derive(Clone, Copy)]
enum NewFile {
    Usual,
    Private,
}

fn write_as(name: &Path, bytes: &[u8], new: NewFile) -> Result<(), CommandError> {
    let fail = |error: &std::io::Error| CommandError::file("write", name, error);
    let target = target(name)?;
    if !is_replaceable(&target) {
        // A device or a pipe, such as /dev/stdout, is written to, not replaced.
        return File::options()
            .write(true)
            .open(&target)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| fail(&error));
    }
    beside(&target, folder(&target, name)?, bytes, new)
        .and_then(|text| text.persist(&target).map_err(|failed| failed.error))
        .map_err(|error| fail(&error))
}

/// What is written when `name` is: all links followed.
fn target(name: &Path) -> Result<PathBuf, CommandError> {
    let target = fs::canonicalize(name).unwrap_or_else(|_| name.to_owned());
    match target.is_dir() {
        false => Ok(target),
        true => Err(CommandError::new(format!(
            "cannot write `{}`: it is a folder",
            name.display()
        ))),
    }
}

/// The folder that a file is in.
fn folder<'a>(target: &'a Path, name: &Path) -> Result<&'a Path, CommandError> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(CommandError::new(format!(
            "cannot write `{}`: there is no folder `{}`",
            name.display(),
            folder.display()
        ))),
    }
}

/// Like [`write`], but what is there already is only replaced if that was asked for.
pub(crate) fn write_new(name: &Path, bytes: &[u8], force: bool) -> Result<(), CommandError> {
    if !force && name.is_file() {
        return Err(
            CommandError::new(format!("`{}` is there already", name.display()))
                .hint("`--force` replaces it"),
        );
    }
    write(name, bytes)
}

fn is_replaceable(target: &Path) -> bool {
    fs::metadata(target).map_or(true, |metadata| metadata.is_file())
}

/// Writes a file beside another, with its permissions.
fn beside(target: &Path, folder: &Path, bytes: &[u8], new: NewFile) -> std::io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gatec-");
    #[cfg(unix)]
    builder.permissions(new.permissions());
    #[cfg(not(unix))]
    let _ = new;
    let mut file = builder.tempfile_in(folder)?;
    if let Ok(metadata) = fs::metadata(target) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

#[cfg(unix)]
impl NewFile {
    /// What is asked for; the process's mask takes away from it.
    fn permissions(self) -> fs::Permissions {
        use std::os::unix::fs::PermissionsExt;
        fs::Permissions::from_mode(match self {
            Self::Usual => 0o666,
            Self::Private => 0o600,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn permissions_and_links_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("a", &link).unwrap();
        write(&link, b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            write(folder.path(), b"x")
                .unwrap_err()
                .message
                .ends_with("it is a folder")
        );
        let nowhere = write(&folder.path().join("no/where"), b"x").unwrap_err();
        assert!(nowhere.message.contains("there is no folder"), "{nowhere}");
        let file = folder.path().join("a");
        write_new(&file, b"1", false).unwrap();
        assert!(write_new(&file, b"2", false).is_err());
        write_new(&file, b"3", true).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"3");
    }
}
