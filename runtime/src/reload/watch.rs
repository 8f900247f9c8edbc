//! Notices that files changed: by the system's word, and by looking every now and then, since words
//! get lost (network disks, too many watches).
//!
//! Folders are watched rather than files: an editor that writes aside and renames, and a Kubernetes
//! ConfigMap that swaps the symlink `..data`, put a new file under an old name, and a watch on the
//! file would stay with the old one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::Trigger;

/// Files of a watched folder that are looked at when nothing was told.
const MOST_LOOKED_AT: usize = 10_000;

/// What a look at a file tells: whether it is there, and what changes whenever it does.
type Look = Option<Traits>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Traits {
    length: u64,
    modified: Option<SystemTime>,
    /// Number of the file, and when anything about it changed.
    identity: (u64, i64, i64),
}

/// Watches whatever the last reading depended on.
pub(crate) struct Watch {
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<(PathBuf, bool)>,
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, Look>,
}

impl Watch {
    /// Tells `triggers` of changes. Where the system offers no watching, only looking is left.
    pub(crate) fn new(triggers: Sender<Trigger>) -> Self {
        let tell = move |event: notify::Result<notify::Event>| {
            let changes = match &event {
                Ok(event) => !matches!(event.kind, EventKind::Access(_)),
                Err(_) => true,
            };
            if changes {
                let _ = triggers.send(Trigger::Disk);
            }
        };
        let watcher = notify::recommended_watcher(tell)
            .inspect_err(|error| tracing::warn!(%error, "files cannot be watched; they are looked at every 30 s"))
            .ok();
        Self {
            watcher,
            folders: BTreeSet::new(),
            paths: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Watches these from now on. To be called with what was read as soon as it was read.
    pub(crate) fn follow(&mut self, paths: &[PathBuf]) {
        if paths != self.paths {
            self.paths = paths.to_vec();
            self.watch_folders();
            // What is new here was not looked at before it was read; so the next look differs, and at
            // worst the same is read once more.
        }
    }

    /// Remembers how things look before they are read, so that a change while they are read is seen.
    pub(crate) fn begin(&mut self) {
        self.seen = look(&self.paths);
    }

    /// Whether things look different from when they were last read.
    pub(crate) fn changed_on_disk(&mut self) -> bool {
        look(&self.paths) != self.seen
    }

    fn watch_folders(&mut self) {
        let wanted: BTreeSet<(PathBuf, bool)> = self
            .paths
            .iter()
            .flat_map(|path| folders_of(path))
            .collect();
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        for (gone, _) in self.folders.difference(&wanted) {
            let _ = watcher.unwatch(gone);
        }
        for (folder, deep) in wanted.difference(&self.folders) {
            let mode = if *deep {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            if let Err(error) = watcher.watch(folder, mode) {
                tracing::debug!(folder = %folder.display(), %error, "a folder cannot be watched");
            }
        }
        self.folders = wanted;
    }
}

/// The folders to watch for a path: where its name stands, where the file behind a symlink stands,
/// and, if it is a folder, all that is in it.
fn folders_of(path: &Path) -> Vec<(PathBuf, bool)> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        Some(parent) => Some(parent.to_owned()),
        None => None,
    };
    let mut folders: Vec<_> = parent(path).into_iter().collect();
    if let Ok(real) = path.canonicalize() {
        folders.extend(parent(&real));
    }
    let mut folders: Vec<_> = folders.into_iter().map(|folder| (folder, false)).collect();
    if path.is_dir() {
        folders.retain(|(folder, _)| !folder.starts_with(path));
        folders.push((path.to_owned(), true));
    }
    folders
}

/// How everything looks now.
fn look(paths: &[PathBuf]) -> BTreeMap<PathBuf, Look> {
    let mut seen = BTreeMap::new();
    let mut open: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = open.pop() {
        if seen.len() >= MOST_LOOKED_AT || seen.contains_key(&path) {
            continue;
        }
        let metadata = std::fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir)
            && let Ok(entries) = std::fs::read_dir(&path)
        {
            open.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
        }
        seen.insert(path, metadata.as_ref().map(traits));
    }
    seen
}

fn traits(metadata: &std::fs::Metadata) -> Traits {
    Traits {
        length: metadata.len(),
        modified: metadata.modified().ok(),
        identity: identity(metadata),
    }
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::Watch;

    #[cfg(unix)]
    #[test]
    fn a_swapped_symlink_and_an_atomic_replace_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["v1", "v2"] {
            std::fs::create_dir(at(version)).unwrap();
            std::fs::write(at(version).join("gate.kdl"), "same").unwrap();
        }
        std::os::unix::fs::symlink("v1", at("..data")).unwrap();
        std::os::unix::fs::symlink("..data/gate.kdl", at("gate.kdl")).unwrap();
        let (send, receive) = mpsc::channel();
        let mut watch = Watch::new(send);
        watch.follow(&[at("gate.kdl")]);
        watch.begin();
        assert!(!watch.changed_on_disk());

        std::os::unix::fs::symlink("v2", at("..tmp")).unwrap();
        std::fs::rename(at("..tmp"), at("..data")).unwrap();
        receive.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(watch.changed_on_disk());

        watch.begin();
        std::fs::write(at("new"), "same").unwrap();
        std::fs::rename(at("new"), at("v2/gate.kdl")).unwrap();
        assert!(watch.changed_on_disk());
    }
}
