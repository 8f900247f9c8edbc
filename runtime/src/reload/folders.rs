//! Which folders to watch for a path: one for each name on the way whose meaning can change, which is
//! the last one and every symlink, wherever in the path it stands.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Symlinks followed on the way to one path; the system itself follows no more.
const MOST_LINKS: usize = 40;

/// The folders to watch, by their real paths, so that none is there twice; `true`: with all that is
/// in them.
pub(super) fn folders(paths: &[PathBuf]) -> BTreeMap<PathBuf, bool> {
    let mut folders = BTreeMap::new();
    for path in paths {
        add(path, &mut folders);
    }
    let covered: Vec<PathBuf> = folders
        .keys()
        .filter(|folder| {
            let above = folder.ancestors().skip(1);
            above
                .into_iter()
                .any(|above| folders.get(above) == Some(&true))
        })
        .cloned()
        .collect();
    for folder in covered {
        folders.remove(&folder);
    }
    folders
}

/// A step on the way to a path.
enum Step {
    /// To the root, or a drive's.
    Root(PathBuf),
    Up,
    Into(OsString),
}

fn steps(path: &Path) -> impl DoubleEndedIterator<Item = Step> {
    path.components().filter_map(|component| match component {
        Component::CurDir => None,
        Component::ParentDir => Some(Step::Up),
        Component::Normal(name) => Some(Step::Into(name.to_owned())),
        root => Some(Step::Root(PathBuf::from(root.as_os_str()))),
    })
}

fn add(path: &Path, folders: &mut BTreeMap<PathBuf, bool>) {
    let Ok(absolute) = std::path::absolute(path) else {
        return;
    };
    let mut open: VecDeque<Step> = steps(&absolute).collect();
    let mut at = PathBuf::new();
    let mut links = 0;
    while let Some(step) = open.pop_front() {
        let name = match step {
            Step::Root(root) => {
                at.push(root);
                continue;
            }
            Step::Up => {
                at.pop();
                continue;
            }
            Step::Into(name) => name,
        };
        let next = at.join(name);
        let target = std::fs::read_link(&next);
        if target.is_ok() || open.is_empty() || !next.is_dir() {
            folders.entry(at.clone()).or_insert(false);
        }
        match target {
            Ok(target) if links < MOST_LINKS => {
                links += 1;
                for step in steps(&target).rev() {
                    open.push_front(step);
                }
            }
            Ok(_) => return,
            Err(_) if open.is_empty() || next.is_dir() => at = next,
            Err(_) => return,
        }
    }
    if at.is_dir() {
        folders.insert(at, true);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::folders;

    #[test]
    fn every_name_that_can_change_its_meaning_is_watched() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(base.join("releases/2/conf.d/inner")).unwrap();
        std::fs::write(base.join("releases/2/gate.kdl"), "").unwrap();
        symlink("releases/2", base.join("current")).unwrap();
        symlink("loop", base.join("loop")).unwrap();
        let watched = |names: &[&str]| {
            let paths: Vec<_> = names.iter().map(|name| base.join(name)).collect();
            folders(&paths)
                .into_iter()
                .map(|(folder, deep)| {
                    let folder = folder.strip_prefix(&base).unwrap().to_owned();
                    format!("{}{}", folder.display(), if deep { "/**" } else { "" })
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(watched(&["current/gate.kdl"]), " releases/2");
        assert_eq!(
            watched(&["current/../../releases/2/gate.kdl"]),
            " releases/2"
        );
        assert_eq!(
            watched(&["releases/2/conf.d", "releases/2/conf.d/inner"]),
            "releases/2 releases/2/conf.d/**"
        );
        assert_eq!(watched(&["none/of/these"]), "");
        assert_eq!(watched(&["loop/x"]), "");
    }
}
