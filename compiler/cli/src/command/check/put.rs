//! Mended texts become files: all of them, or none.
//!
//! The new texts are first written beside their files, which shows that this can be done, and every file is
//! looked at once more. Only then does each take its file's place; what goes wrong there is told with the
//! names of the files that are mended by then.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::atomic::{self, Staged};
use crate::{CommandError, Terminal};

/// A text that is mended.
pub(super) struct Change {
    /// As findings name it.
    pub(super) name: String,
    /// The file, all links followed; `None` for standard input.
    pub(super) file: Option<PathBuf>,
    pub(super) before: Arc<str>,
    pub(super) after: Arc<str>,
}

impl Change {
    pub(super) fn is_one(&self) -> bool {
        self.before != self.after
    }

    /// That the file still has the text that was mended.
    fn is_current(&self, file: &PathBuf) -> Result<(), CommandError> {
        let now = fs::read(file).map_err(|error| CommandError::file("read", file, &error))?;
        match now == self.before.as_bytes() {
            true => Ok(()),
            false => Err(CommandError::new(format!(
                "`{}` was changed by another while it was mended; it is left as it is",
                self.name
            ))),
        }
    }
}

/// Writes all files that are changed, or tells why none is; should one fail all the same, tells first which
/// are mended.
pub(super) fn all(changes: &[Change], terminal: &mut Terminal<'_>) -> Result<(), CommandError> {
    let several = changes.iter().filter(|change| change.is_one()).count() > 1;
    let ready = prepare(changes).map_err(|error| match several {
        true => error.hint("no file was mended: either all are or none"),
        false => error,
    })?;
    replace(ready, terminal)
}

/// A text beside the file whose place it takes.
struct Ready<'a> {
    name: &'a str,
    text: Staged,
}

fn prepare(changes: &[Change]) -> Result<Vec<Ready<'_>>, CommandError> {
    let changed: Vec<(&Change, &PathBuf)> = changes
        .iter()
        .filter(|change| change.is_one())
        .filter_map(|change| Some((change, change.file.as_ref()?)))
        .collect();
    let mut ready = Vec::with_capacity(changed.len());
    for (change, file) in &changed {
        ready.push(Ready {
            name: &change.name,
            text: atomic::stage(file, change.after.as_bytes())?,
        });
    }
    // Last, so that little time is left in which another could write.
    for (change, file) in &changed {
        change.is_current(file)?;
    }
    Ok(ready)
}

fn replace(ready: Vec<Ready<'_>>, terminal: &mut Terminal<'_>) -> Result<(), CommandError> {
    let mut mended: Vec<&str> = Vec::with_capacity(ready.len());
    for Ready { name, text } in ready {
        if let Err(error) = text.put() {
            for name in &mended {
                terminal.say(&format!("mended {name}\n"));
            }
            return Err(match mended.is_empty() {
                true => error,
                false => error.hint("the other files are as they were: check with `--fix` again"),
            });
        }
        mended.push(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(folder: &tempfile::TempDir, name: &str) -> Change {
        let file = folder.path().join(name);
        fs::write(&file, "old").unwrap();
        Change {
            name: name.to_owned(),
            file: Some(file),
            before: "old".into(),
            after: "new".into(),
        }
    }

    fn put(changes: &[Change]) -> (Result<(), CommandError>, String) {
        let mut said = Vec::new();
        let done = all(
            changes,
            &mut Terminal::plain(std::io::empty(), std::io::sink(), &mut said),
        );
        (done, String::from_utf8(said).unwrap())
    }

    fn texts(folder: &tempfile::TempDir) -> Vec<String> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
            .collect()
    }

    #[test]
    fn all_are_written_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let changes = ["a", "b"].map(|name| change(&folder, name));
        let (done, said) = put(&changes);
        assert!(done.is_ok() && said.is_empty(), "{said}");
        assert_eq!(texts(&folder), ["new", "new"]);
    }

    #[test]
    fn none_is_written_if_one_was_changed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let changes = ["a", "b"].map(|name| change(&folder, name));
        fs::write(folder.path().join("b"), "other").unwrap();
        let (done, said) = put(&changes);
        let error = done.unwrap_err();
        assert!(error.message.starts_with("`b` was changed"), "{error}");
        assert_eq!(error.hints, ["no file was mended: either all are or none"]);
        assert_eq!((said.as_str(), texts(&folder).len()), ("", 2));
        assert_eq!(texts(&folder), ["old", "other"]);
    }

    #[test]
    fn none_is_written_if_one_has_lost_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("x")).unwrap();
        let changes = ["a", "x/b"].map(|name| change(&folder, name));
        fs::remove_dir_all(folder.path().join("x")).unwrap();
        assert!(put(&changes).0.is_err());
        assert_eq!(texts(&folder), ["old"]);
    }

    #[test]
    fn what_is_mended_is_told_if_a_later_one_fails() {
        let folder = tempfile::tempdir().unwrap();
        let changes = ["a", "b", "c"].map(|name| change(&folder, name));
        let ready = prepare(&changes).unwrap();
        // No file takes the place of a folder.
        fs::remove_file(folder.path().join("b")).unwrap();
        fs::create_dir_all(folder.path().join("b/in")).unwrap();
        let mut said = Vec::new();
        let mut terminal = Terminal::plain(std::io::empty(), std::io::sink(), &mut said);
        let error = replace(ready, &mut terminal).unwrap_err();
        drop(terminal);
        assert!(error.message.contains("cannot write `"), "{error}");
        assert!(error.hints.concat().starts_with("the other files"));
        assert_eq!(said, b"mended a\n");
        assert_eq!(texts(&folder), ["new", "old"]);
    }
}
