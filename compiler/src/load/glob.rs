//! Globs: `routes/*.kdl`, `**/*.yaml`.
//!
//! Folders are walked in the order of their names, so that the same files give the same document on
//! every machine. What begins with a dot is passed over unless the glob says so.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// The most entries of folders that are looked at.
const MAX_ENTRIES: usize = 100_000;

/// How deep `**` goes.
const MAX_DEPTH: usize = 32;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The files that fit, relative to the folder walked, in order.
    pub(super) files: Vec<PathBuf>,
    /// The folders that were looked at.
    pub(super) folders: Vec<PathBuf>,
    /// The walk ended early.
    pub(super) too_many: bool,
}

/// Whether a path is a glob.
pub(super) fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// The leading part of a glob that is a plain path, and the rest.
pub(super) fn split(text: &str) -> (&str, &str) {
    let mark = text.find(['*', '?', '[', '{']).unwrap_or(text.len());
    let end = text
        .get(..mark)
        .and_then(|plain| plain.rfind('/'))
        .map_or(0, |slash| slash + 1);
    text.split_at(end)
}

/// The files in `base` that fit a glob.
///
/// # Errors
/// Says what is wrong with the glob.
pub(super) fn walk(base: &Path, pattern: &str, root: Option<&Path>) -> Result<Walked, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let matcher = glob
        .map_err(|error| error.kind().to_string().to_lowercase())?
        .compile_matcher();
    let depth = match pattern.contains("**") {
        true => MAX_DEPTH,
        false => pattern.split('/').count(),
    };
    let hidden = pattern.split('/').any(|part| part.starts_with('.'));
    let mut walk = Walk {
        base,
        matcher,
        hidden,
        root,
        left: MAX_ENTRIES,
        visited: HashSet::new(),
        walked: Walked::default(),
    };
    walk.folder(Path::new(""), depth);
    Ok(walk.walked)
}

struct Walk<'a> {
    base: &'a Path,
    matcher: GlobMatcher,
    hidden: bool,
    /// Folders outside of it are not walked.
    root: Option<&'a Path>,
    left: usize,
    /// Folders by their real path, so that a link to a folder above is not walked for ever.
    visited: HashSet<PathBuf>,
    walked: Walked,
}

impl Walk<'_> {
    fn folder(&mut self, relative: &Path, depth: usize) {
        let path = self.base.join(relative);
        if depth == 0 || !self.enter(&path) {
            return;
        }
        self.walked.folders.push(path.clone());
        for name in self.names(&path) {
            let below = relative.join(&name);
            match std::fs::metadata(path.join(&name)) {
                Ok(metadata) if metadata.is_dir() => self.folder(&below, depth - 1),
                Ok(_) if self.matcher.is_match(&below) => self.walked.files.push(below),
                _ => {}
            }
        }
    }

    fn enter(&mut self, path: &Path) -> bool {
        let Ok(real) = std::fs::canonicalize(path) else {
            return false;
        };
        self.root.is_none_or(|root| real.starts_with(root)) && self.visited.insert(real)
    }

    fn names(&mut self, path: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .take(self.left + 1);
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        if names.len() > self.left {
            self.walked.too_many = true;
            names.truncate(self.left);
        }
        self.left -= names.len();
        names.retain(|name| self.hidden || !name.starts_with('.'));
        names.sort_unstable();
        names
    }
}
