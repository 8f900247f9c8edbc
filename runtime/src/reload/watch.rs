//! Notices that files changed: by the system's word, and by looking every now and then, since words
//! get lost (network disks, too many watches).
//!
//! Folders are watched rather than files: an editor that writes aside and renames, and a Kubernetes
//! ConfigMap that swaps the symlink `..data`, put a new file under an old name, and a watch on the
//! file would stay with the old one.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use super::Trigger;
use super::folders::folders;

/// Files that are looked at; of those beyond, only the system's word tells.
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
    /// Watched folders, by their real paths; `true`: with all that is in them.
    folders: BTreeMap<PathBuf, bool>,
    /// Watched whatever is read.
    always: Option<PathBuf>,
    paths: Vec<PathBuf>,
    seen: Seen,
}

/// How everything looked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    looks: BTreeMap<PathBuf, Look>,
    /// There was more than is looked at.
    partial: bool,
}

impl Watch {
    /// Tells `triggers` of changes, also of those in `always`. Where the system offers no watching,
    /// only looking is left.
    pub(crate) fn new(triggers: Sender<Trigger>, always: Option<PathBuf>) -> Self {
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
            folders: BTreeMap::new(),
            always,
            paths: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// Watches these from now on. To be called with what was read as soon as it was read.
    pub(crate) fn follow(&mut self, paths: &[PathBuf]) {
        self.paths = paths.to_vec();
        self.paths.extend(self.always.clone());
        self.watch_folders();
        // What is new here was not looked at before it was read; so the next look differs, and at
        // worst the same is read once more.
    }

    /// Remembers how things look before they are read, so that a change while they are read is seen.
    pub(crate) fn begin(&mut self) {
        self.seen = look(&self.paths);
    }

    /// Whether things look different from when they were last read. `told`: the system told of a
    /// change, which counts where not everything can be looked at.
    pub(crate) fn changed_on_disk(&mut self, told: bool) -> bool {
        if told {
            // A folder may have come back under its old name, or a link leads elsewhere.
            self.watch_folders();
        }
        let now = look(&self.paths);
        (told && now.partial) || now != self.seen
    }

    /// Watches what is to be watched. Watches that stand are set again: the system drops those of
    /// folders that went, and dropping one by its name may drop another on the same folder.
    fn watch_folders(&mut self) {
        let wanted = folders(&self.paths);
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        for (gone, _) in self
            .folders
            .iter()
            .filter(|(folder, deep)| wanted.get(*folder) != Some(*deep))
        {
            let _ = watcher.unwatch(gone);
        }
        self.folders.clear();
        for (folder, deep) in wanted {
            let mode = if deep {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            match watcher.watch(&folder, mode) {
                Ok(()) => {
                    self.folders.insert(folder, deep);
                }
                Err(error) => {
                    tracing::debug!(folder = %folder.display(), %error, "a folder cannot be watched");
                }
            }
        }
    }
}

/// How everything looks now: first what was named, then what is in the folders among it.
fn look(paths: &[PathBuf]) -> Seen {
    let mut seen = Seen::default();
    let mut open: VecDeque<PathBuf> = paths.iter().cloned().collect();
    while let Some(path) = open.pop_front() {
        if seen.looks.contains_key(&path) {
            continue;
        }
        if seen.looks.len() >= MOST_LOOKED_AT {
            seen.partial = true;
            break;
        }
        let metadata = std::fs::metadata(&path).ok();
        if metadata.as_ref().is_some_and(std::fs::Metadata::is_dir)
            && let Ok(entries) = std::fs::read_dir(&path)
        {
            let room = MOST_LOOKED_AT.saturating_add(1).saturating_sub(open.len());
            let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
            open.extend(entries.take(room));
        }
        seen.looks.insert(path, metadata.as_ref().map(traits));
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
        let mut watch = Watch::new(send, None);
        watch.follow(&[at("gate.kdl")]);
        watch.begin();
        assert!(!watch.changed_on_disk(true));

        std::os::unix::fs::symlink("v2", at("..tmp")).unwrap();
        std::fs::rename(at("..tmp"), at("..data")).unwrap();
        receive.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(watch.changed_on_disk(true));

        watch.begin();
        std::fs::write(at("new"), "same").unwrap();
        std::fs::rename(at("new"), at("v2/gate.kdl")).unwrap();
        assert!(watch.changed_on_disk(true));
    }

    /// Waits until a change is told and seen.
    fn noticed(watch: &mut Watch, told: &mpsc::Receiver<super::Trigger>) {
        loop {
            told.recv_timeout(Duration::from_secs(10)).unwrap();
            if watch.changed_on_disk(true) {
                return;
            }
        }
    }

    #[test]
    fn a_file_that_went_and_came_back_leaves_the_others_watched() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("gate.kdl");
        let parts = folder.path().join("conf.d");
        std::fs::create_dir(&parts).unwrap();
        std::fs::write(&root, "one").unwrap();
        std::fs::write(parts.join("a.kdl"), "one").unwrap();
        let (send, receive) = mpsc::channel();
        let mut watch = Watch::new(send, None);
        let all = [
            root.clone(),
            folder.path().join("./conf.d"),
            parts.join("a.kdl"),
        ];
        let read = |watch: &mut Watch, paths: &[std::path::PathBuf]| {
            watch.begin();
            watch.follow(paths);
            watch.begin();
        };
        read(&mut watch, &all);
        std::fs::remove_file(&root).unwrap();
        noticed(&mut watch, &receive);
        read(&mut watch, &all[..1]);
        std::fs::write(&root, "two").unwrap();
        noticed(&mut watch, &receive);
        read(&mut watch, &all);
        std::fs::write(parts.join("a.kdl"), "two").unwrap();
        noticed(&mut watch, &receive);
        read(&mut watch, &all);
        // A folder of the same name is another folder.
        std::fs::remove_dir_all(&parts).unwrap();
        noticed(&mut watch, &receive);
        read(&mut watch, &all);
        std::fs::create_dir(&parts).unwrap();
        noticed(&mut watch, &receive);
        read(&mut watch, &all);
        std::fs::write(parts.join("a.kdl"), "three").unwrap();
        noticed(&mut watch, &receive);
    }

    #[test]
    fn beyond_what_is_looked_at_the_word_of_the_system_counts() {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..=super::MOST_LOOKED_AT {
            std::fs::write(folder.path().join(index.to_string()), "").unwrap();
        }
        let (send, _receive) = mpsc::channel();
        let mut watch = Watch::new(send, None);
        watch.follow(&[folder.path().to_owned()]);
        watch.begin();
        assert!(!watch.changed_on_disk(false));
        assert!(watch.changed_on_disk(true));
    }
}
