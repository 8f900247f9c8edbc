//! Waits for a change of files: by the system's word, and by looking every now and then, since words
//! get lost (network disks, too many watches).
//!
//! Folders are watched rather than files: an editor that writes aside and renames puts a new file
//! under an old name, and a watch on the file would stay with the old one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant, SystemTime};

use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// How often to look without having been told.
const LOOK: Duration = Duration::from_secs(2);

/// A change is over when nothing happens for this long.
const QUIET: Duration = Duration::from_millis(100);

/// Where something happens all the time, a look is taken after this long.
const RESTLESS: Duration = Duration::from_secs(1);

/// The clock that files are stamped by may be behind by this much.
const BEHIND: Duration = Duration::from_millis(20);

/// Entries of folders that are looked at; of those beyond, only the folders tell.
const MOST: usize = 10_000;

/// What changes whenever a file or folder does; `None`: it is not there.
type Look = Option<(u64, Option<SystemTime>, (u64, i64, i64))>;

/// The files and folders of the last check.
pub(crate) struct Watch {
    watcher: Option<RecommendedWatcher>,
    told: Receiver<()>,
    /// Watched folders; `true`: with all below.
    folders: BTreeMap<PathBuf, bool>,
    paths: BTreeSet<PathBuf>,
    /// Folders of which everything below counts.
    deep: BTreeSet<PathBuf>,
    /// How things looked before they were read.
    earlier: BTreeMap<PathBuf, Look>,
    begun: SystemTime,
}

impl Watch {
    pub(crate) fn new() -> Self {
        let (tell, told) = mpsc::channel();
        let on_event = move |event: notify::Result<notify::Event>| {
            if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
                let _ = tell.send(());
            }
        };
        Self {
            // Where the system offers no watching, only looking is left.
            watcher: notify::recommended_watcher(on_event).ok(),
            told,
            folders: BTreeMap::new(),
            paths: BTreeSet::new(),
            deep: BTreeSet::new(),
            earlier: BTreeMap::new(),
            begun: SystemTime::now(),
        }
    }

    /// To be called before files are read. What was followed is followed no more.
    pub(crate) fn begin(&mut self) {
        self.begun = SystemTime::now();
        self.earlier = self.look();
        self.paths.clear();
        self.deep.clear();
    }

    /// Follows a file, or the names in a folder.
    pub(crate) fn follow(&mut self, path: &Path) {
        self.paths.insert(path.to_owned());
        let earlier = self.earlier.entry(path.to_owned());
        earlier.or_insert_with(|| look(path));
    }

    /// Follows a folder, and all below it or only whether it is there.
    pub(crate) fn follow_folder(&mut self, folder: &Path, below: bool) {
        self.follow(folder);
        if below {
            self.deep.insert(folder.to_owned());
        }
    }

    /// How much is followed, for people.
    pub(crate) fn told(&self) -> String {
        match self.paths.len() {
            1 => "1 file".to_owned(),
            count => format!("{count} files and folders"),
        }
    }

    /// Waits until something looks different from when it was read, and gives one such path.
    pub(crate) fn wait(&mut self) -> PathBuf {
        self.watch_folders();
        let before = self.look();
        if let Some(path) = self.changed_meanwhile(&before) {
            // Whoever writes may not have ended.
            std::thread::sleep(QUIET);
            return path;
        }
        loop {
            self.pause();
            let now = self.look();
            let mut paths = before.keys().chain(now.keys());
            if let Some(path) = paths.find(|path| before.get(*path) != now.get(*path)) {
                return path.clone();
            }
        }
    }

    /// What was changed after reading began may have been read as it was before, or as it is now.
    fn changed_meanwhile(&self, looks: &BTreeMap<PathBuf, Look>) -> Option<PathBuf> {
        let from = self.begun.checked_sub(BEHIND)?;
        let now = SystemTime::now();
        let is_new = |look: &Look| {
            let modified = look.and_then(|(_, modified, _)| modified);
            modified.is_some_and(|modified| from <= modified && modified <= now)
        };
        let is_other = |path: &Path, look: &Look| {
            let earlier = self.earlier.get(path);
            is_new(look) || earlier.is_some_and(|earlier| earlier != look)
        };
        let mut looks = looks.iter();
        looks
            .find(|(path, look)| is_other(path, look))
            .map(|(path, _)| path.clone())
    }

    /// Waits for the system's word and then for quiet; at most until the next look is due.
    fn pause(&self) {
        if self.watcher.is_none() {
            return std::thread::sleep(LOOK);
        }
        if self.told.recv_timeout(LOOK).is_err() {
            return;
        }
        let since = Instant::now();
        while since.elapsed() < RESTLESS && self.told.recv_timeout(QUIET).is_ok() {}
    }

    fn look(&self) -> BTreeMap<PathBuf, Look> {
        let mut looks = BTreeMap::new();
        for path in &self.paths {
            looks.insert(path.clone(), look(path));
        }
        let mut open: Vec<PathBuf> = self.deep.iter().cloned().collect();
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                if looks.len() >= MOST {
                    return looks;
                }
                let path = entry.path();
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    open.push(path.clone());
                }
                looks.insert(path.clone(), look(&path));
            }
        }
        looks
    }

    /// Watches the folders that things lie in, and the folders among them.
    fn watch_folders(&mut self) {
        let mut wanted: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for path in &self.paths {
            let parent = path.parent().filter(|path| !path.as_os_str().is_empty());
            let parent = parent.unwrap_or(Path::new("."));
            wanted.entry(parent.to_owned()).or_insert(false);
            if path.is_dir() {
                let deep = self.deep.contains(path);
                *wanted.entry(path.clone()).or_insert(deep) |= deep;
            }
        }
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        // A folder may have come back under its old name: every watch is set anew.
        for folder in std::mem::take(&mut self.folders).keys() {
            let _ = watcher.unwatch(folder);
        }
        for (folder, deep) in wanted {
            let mode = match deep {
                true => RecursiveMode::Recursive,
                false => RecursiveMode::NonRecursive,
            };
            if watcher.watch(&folder, mode).is_ok() {
                self.folders.insert(folder, deep);
            }
        }
    }
}

fn look(path: &Path) -> Look {
    let metadata = fs::metadata(path).ok()?;
    Some((
        metadata.len(),
        metadata.modified().ok(),
        identity(&metadata),
    ))
}

/// Number of the file, and when anything about it changed.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}
