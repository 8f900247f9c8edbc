//! Finds the file for a path, as it lies on the disk right now. Blocks.

use std::io;
use std::time::SystemTime;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use gated_engine::files::negotiate::Encoding;

use super::Search;

/// Do not wait for the other end of a named pipe.
#[cfg(unix)]
const NONBLOCK: i32 = 0o4000;

/// An open file.
pub(super) struct Opened {
    pub(super) file: std::fs::File,
    pub(super) length: u64,
    pub(super) modified: Option<SystemTime>,
}

/// A file with the encoded forms that lie beside it.
pub(super) struct Candidates {
    /// Its path, for its content type.
    pub(super) name: String,
    pub(super) plain: Opened,
    /// Whether it is the page that stands for all others.
    pub(super) fallback: bool,
    pub(super) encoded: Vec<(Encoding, Opened)>,
}

/// What a path leads to.
pub(super) enum Found {
    File(Candidates),
    /// A folder with an index, named without the slash at its end.
    AddSlash,
    Missing,
}

/// What stands under a name.
enum Entry {
    File(Opened),
    Folder,
    Nothing,
}

/// Finds the file. What cannot be reached without leaving the folder is missing.
pub(super) fn find(search: &Search) -> io::Result<Found> {
    let root = super::open_root(&search.root)?;
    let path = &search.path;
    let entry = if path.path.is_empty() {
        Entry::Folder
    } else {
        entry(&root, &path.path)?
    };
    match entry {
        Entry::File(file) if !path.folder => {
            return with_encoded(&root, search, path.path.clone(), file).map(Found::File);
        }
        Entry::Folder => {
            if let Some(found) = index(&root, search)? {
                return Ok(found);
            }
        }
        Entry::File(_) | Entry::Nothing => {}
    }
    if let Some(name) = &search.fallback
        && let Entry::File(file) = self::entry(&root, name)?
    {
        let candidates = with_encoded(&root, search, name.clone(), file)?;
        return Ok(Found::File(Candidates {
            fallback: true,
            ..candidates
        }));
    }
    Ok(Found::Missing)
}

fn index(root: &Dir, search: &Search) -> io::Result<Option<Found>> {
    let path = &search.path;
    for index in &search.index {
        let name = match path.path.as_str() {
            "" => index.clone(),
            parent => format!("{parent}/{index}"),
        };
        if let Entry::File(file) = entry(root, &name)? {
            return if path.folder {
                with_encoded(root, search, name, file).map(|file| Some(Found::File(file)))
            } else {
                Ok(Some(Found::AddSlash))
            };
        }
    }
    Ok(None)
}

fn with_encoded(
    root: &Dir,
    search: &Search,
    name: String,
    plain: Opened,
) -> io::Result<Candidates> {
    let mut encoded = Vec::new();
    if search.precompressed {
        for encoding in Encoding::ALL {
            if let Entry::File(file) = entry(root, &format!("{name}{}", encoding.suffix()))? {
                encoded.push((encoding, file));
            }
        }
    }
    Ok(Candidates {
        name,
        plain,
        fallback: false,
        encoded,
    })
}

/// Opens what stands under a name. A way out of the folder, a missing right and a name that is too
/// long are all answered as if nothing stood there, so that nobody learns more from the difference.
fn entry(root: &Dir, name: &str) -> io::Result<Entry> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    options.custom_flags(NONBLOCK);
    let file = match root.open_with(name, &options) {
        Ok(file) => file.into_std(),
        Err(error) if is_names_fault(&error) => return Ok(Entry::Nothing),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    Ok(if metadata.is_dir() {
        Entry::Folder
    } else if metadata.is_file() {
        Entry::File(Opened {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            file,
        })
    } else {
        Entry::Nothing
    })
}

/// Whether a name leads nowhere. All else (no more descriptors, no memory, a failing disk) is no fault
/// of the name's.
fn is_names_fault(error: &io::Error) -> bool {
    /// What opening a socket says.
    const ENXIO: i32 = 6;
    use io::ErrorKind::{
        InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound, PermissionDenied,
    };
    matches!(
        error.kind(),
        InvalidFilename | InvalidInput | IsADirectory | NotADirectory | NotFound | PermissionDenied
    ) || matches!(error.raw_os_error(), Some(ENXIO | ELOOP))
}

/// The process or the system has no more file descriptors, which passes.
pub(super) fn is_exhausted(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    matches!(error.raw_os_error(), Some(ENFILE | EMFILE))
}

/// Links go in circles.
#[cfg(target_os = "linux")]
const ELOOP: i32 = 40;
#[cfg(not(target_os = "linux"))]
const ELOOP: i32 = 62;

#[cfg(test)]
mod tests {
    use gated_engine::files::path::FilePath;

    use super::{Found, Search, find};

    #[cfg(unix)]
    #[test]
    fn nothing_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        std::fs::create_dir_all(root.join("sub")).unwrap();
        std::fs::write(folder.path().join("secret"), "no").unwrap();
        std::fs::write(root.join("page.txt"), "yes").unwrap();
        std::fs::write(root.join("sub/index.html"), "index").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("up")).unwrap();
        std::os::unix::fs::symlink(folder.path(), root.join("away")).unwrap();
        std::os::unix::fs::symlink("page.txt", root.join("inside")).unwrap();
        std::os::unix::fs::symlink("circle", root.join("circle")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();
        let long = "x".repeat(300);
        let look = |path: &str, slash: bool| {
            let search = Search {
                root: root.clone(),
                path: FilePath {
                    path: path.into(),
                    folder: slash,
                },
                index: vec!["index.html".into()],
                fallback: None,
                precompressed: true,
            };
            match find(&search).unwrap() {
                Found::File(file) => format!("{} {}", file.name, file.plain.length),
                Found::AddSlash => "slash".to_owned(),
                Found::Missing => "missing".to_owned(),
            }
        };
        assert_eq!(look("page.txt", false), "page.txt 3");
        assert_eq!(look("inside", false), "inside 3");
        assert_eq!(look("page.txt", true), "missing");
        assert_eq!(look("sub", true), "sub/index.html 5");
        assert_eq!(look("sub", false), "slash");
        for path in [
            "up",
            "away/secret",
            "../secret",
            "/etc/passwd",
            "none",
            "circle",
            "socket",
            "page.txt/below",
            &long,
        ] {
            assert_eq!(look(path, false), "missing", "{path}");
        }
    }
}
