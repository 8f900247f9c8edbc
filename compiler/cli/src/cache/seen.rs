//! How a file or folder looked, and whether it still looks the same.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::digest;

/// What of a path counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Whether a folder is there.
    Presence,
    /// What a file holds; the names in a folder.
    Names,
    /// All that lies in a folder and below, with sizes and times.
    Below,
}

/// How a path looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    path: String,
    /// The path with all links followed; a link that leads elsewhere is a change.
    real: Option<String>,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum State {
    Missing,
    Present { folder: bool },
    File { stamp: Stamp, digest: String },
    Names { digest: String },
    Below { digest: String },
}

/// What changes whenever a file does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    /// Number of the file, and when anything about it changed.
    identity: (u64, i64, i64),
}

/// Where in time the last change lies of all that was looked at.
#[derive(Debug, Default)]
pub(super) struct Newest(Option<SystemTime>);

impl Newest {
    fn take(&mut self, metadata: &Metadata) -> Option<()> {
        self.0 = self.0.max(Some(metadata.modified().ok()?));
        Some(())
    }

    /// Whether all of it lies before a moment.
    pub(super) fn is_before(&self, moment: SystemTime) -> bool {
        self.0.is_none_or(|newest| newest < moment)
    }
}

/// The most entries of folders that are looked at.
const MOST: usize = 200_000;

/// How deep folders may lie inside each other.
const DEEPEST: usize = 64;

impl Seen {
    /// How a path looks; `None` where that cannot be said for certain.
    pub(super) fn look(path: &Path, depth: Depth, newest: &mut Newest) -> Option<Self> {
        let name = path.to_str()?.to_owned();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Some(Self {
                    path: name,
                    real: None,
                    state: State::Missing,
                });
            }
            Err(_) => return None,
        };
        let state = match depth {
            Depth::Presence => State::Present {
                folder: metadata.is_dir(),
            },
            _ if metadata.is_file() => {
                newest.take(&metadata)?;
                State::File {
                    stamp: stamp(&metadata)?,
                    digest: contents(path)?,
                }
            }
            _ if !metadata.is_dir() => return None,
            Depth::Names => {
                newest.take(&metadata)?;
                State::Names {
                    digest: names(path)?,
                }
            }
            Depth::Below => State::Below {
                digest: below(path, newest)?,
            },
        };
        Some(Self {
            path: name,
            real: Some(real(path)?),
            state,
        })
    }

    /// Whether the path still looks the same.
    pub(super) fn is_same(&self) -> bool {
        let path = Path::new(&self.path);
        let depth = match &self.state {
            State::Missing => {
                return fs::metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
            }
            State::File { stamp, .. } if self.is_untouched(path, stamp) => return true,
            State::File { .. } | State::Names { .. } => Depth::Names,
            State::Present { .. } => Depth::Presence,
            State::Below { .. } => Depth::Below,
        };
        let now = Self::look(path, depth, &mut Newest::default());
        now.is_some_and(|now| self.real == now.real && self.state.is_like(&now.state))
    }

    fn is_untouched(&self, path: &Path, stamp: &Stamp) -> bool {
        let now = fs::metadata(path)
            .ok()
            .filter(Metadata::is_file)
            .and_then(|metadata| self::stamp(&metadata));
        now.as_ref() == Some(stamp) && real(path) == self.real
    }

    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(&self.path)
    }
}

impl State {
    /// Whether both mean the same: a file that was written anew with what it held is the same.
    fn is_like(&self, other: &State) -> bool {
        match (self, other) {
            (State::File { digest, .. }, State::File { digest: other, .. }) => digest == other,
            _ => self == other,
        }
    }
}

fn real(path: &Path) -> Option<String> {
    fs::canonicalize(path).ok()?.to_str().map(str::to_owned)
}

fn stamp(metadata: &Metadata) -> Option<Stamp> {
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Stamp {
        size: metadata.len(),
        modified: u64::try_from(modified.as_nanos()).ok()?,
        identity: identity(metadata),
    })
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

fn contents(path: &Path) -> Option<String> {
    let mut file = File::open(path).ok()?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = file.read(&mut buffer).ok()?;
        if count == 0 {
            return Some(format!("{:x}", digest.finalize()));
        }
        digest.update(buffer.get(..count)?);
    }
}

/// The names in a folder, and of what kind each is.
fn names(folder: &Path) -> Option<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        if lines.len() >= MOST {
            return None;
        }
        lines.push(line(&entry, entry.file_name().to_str()?)?);
    }
    lines.sort_unstable();
    Some(digest(lines))
}

/// A name and the kind of what it stands for; of a link also where it leads.
fn line(entry: &fs::DirEntry, name: &str) -> Option<String> {
    let kind = entry.file_type().ok()?;
    if !kind.is_symlink() {
        return Some(format!("{name}\0{}", word(kind)));
    }
    let path = entry.path();
    let target = match fs::metadata(&path) {
        Ok(metadata) => format!("{}\0{}", word(metadata.file_type()), real(&path)?),
        Err(_) => "broken".to_owned(),
    };
    Some(format!("{name}\0link\0{target}"))
}

fn word(kind: fs::FileType) -> &'static str {
    match (kind.is_dir(), kind.is_file()) {
        (true, _) => "folder",
        (_, true) => "file",
        _ => "other",
    }
}

/// All that lies in a folder and below, as far as a spec could serve it.
fn below(folder: &Path, newest: &mut Newest) -> Option<String> {
    let mut walk = Walk {
        lines: Vec::new(),
        open: HashSet::new(),
        newest,
    };
    walk.folder(folder, "", 0)?;
    let mut lines = walk.lines;
    lines.sort_unstable();
    Some(digest(lines))
}

struct Walk<'n> {
    lines: Vec<String>,
    /// Folders by their real paths, so that a link in a circle ends.
    open: HashSet<PathBuf>,
    newest: &'n mut Newest,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        // What is listed already under another name is the same there.
        if !self.open.insert(fs::canonicalize(folder).ok()?) {
            return Some(());
        }
        self.newest.take(&fs::metadata(folder).ok()?)?;
        for entry in fs::read_dir(folder).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name();
            let name = name.to_str()?;
            if name.starts_with('.') && name != ".well-known" {
                continue;
            }
            if self.lines.len() >= MOST {
                return None;
            }
            self.entry(&entry, &format!("{prefix}{name}"), depth)?;
        }
        Some(())
    }

    fn entry(&mut self, entry: &fs::DirEntry, name: &str, depth: usize) -> Option<()> {
        let mut line = line(entry, name)?;
        let path = entry.path();
        if let Ok(metadata) = fs::metadata(&path) {
            if metadata.is_dir() {
                self.folder(&path, &format!("{name}/"), depth + 1)?;
            } else {
                self.newest.take(&metadata)?;
                line.push_str(&format!("\0{:?}", stamp(&metadata)?));
            }
        }
        self.lines.push(line);
        Some(())
    }
}
