//! Which files are specs: the roots that everything else is included from.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use gatec_compiler::load::Format;

/// How many entries of folders are looked at for specs.
const MAX_ENTRIES: usize = 50_000;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 12;

/// How many folders above a lone file are looked at for its spec.
const MAX_ABOVE: usize = 4;

/// Folders that hold nothing of the user's own.
const PASSED_OVER: [&str; 4] = ["node_modules", "target", "vendor", "dist"];

/// Whether a file is a spec by its name: `gate.kdl`, `NAME.gate.yaml`.
pub(crate) fn is_root_name(path: &Path) -> bool {
    let known = path
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| matches!(ending, "kdl" | "yaml" | "yml"));
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or("");
    known && (stem == "gate" || stem.ends_with(".gate"))
}

/// What only a spec begins a line with; other programs read KDL and YAML too.
const TELLING: [&str; 5] = ["gateway", "listener", "route", "upstream", "error-page"];

/// Whether a text that no spec includes is to be looked at as a spec: if it is named as one or looks
/// like one.
pub(crate) fn may_be_root(path: &Path, text: &str) -> bool {
    let tells = |line: &str| -> bool {
        TELLING.iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| match Format::of_path(path) {
                    Some(Format::Kdl) => rest.starts_with([' ', '\t', '{']),
                    Some(Format::Yaml) => rest.starts_with(':') || rest.starts_with("s:"),
                    None => false,
                })
        })
    };
    is_root_name(path) || text.lines().any(tells)
}

/// The specs in folders.
pub(crate) fn in_folders(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut left = MAX_ENTRIES;
    let mut found = Vec::new();
    for folder in folders {
        walk(folder, 0, &mut left, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn walk(folder: &Path, depth: usize, left: &mut usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut below = Vec::new();
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Links to folders could lead in a circle.
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            if !name.starts_with('.') && !PASSED_OVER.contains(&name.as_ref()) {
                below.push(entry.path());
            }
        } else if is_root_name(&entry.path()) {
            found.push(entry.path());
        }
    }
    if depth < MAX_DEPTH {
        below.sort();
        for folder in below {
            walk(&folder, depth + 1, left, found);
        }
    }
}

/// The specs in the folders above a file, nearest first.
pub(crate) fn above(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in path.ancestors().skip(1).take(MAX_ABOVE) {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        let files = entries
            .flatten()
            .take(MAX_ENTRIES)
            .map(|entry| entry.path());
        let mut here: Vec<PathBuf> = files.filter(|file| is_root_name(file)).collect();
        here.sort();
        found.extend(here);
    }
    found
}

/// A path without `.` and `..`.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Every folder once.
pub(crate) fn distinct(paths: impl IntoIterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    paths
        .into_iter()
        .filter(|path| seen.insert(path.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_are_known_by_their_names() {
        for name in ["gate.kdl", "a/gate.yaml", "shop.gate.yml"] {
            assert!(is_root_name(Path::new(name)), "{name}");
        }
        for name in ["routes.kdl", "gate.json", "gatekeeper.kdl", "compose.yaml"] {
            assert!(!is_root_name(Path::new(name)), "{name}");
        }
        assert!(may_be_root(Path::new("x.yaml"), "# a\nroutes:\n  a: {}\n"));
        assert!(!may_be_root(Path::new("x.yaml"), "services:\n  a: {}\n"));
        assert!(may_be_root(Path::new("x.kdl"), "// a\nroute \"a\" {\n}\n"));
        assert!(!may_be_root(Path::new("x.kdl"), "layout {\n    pane\n}\n"));
        assert!(!may_be_root(Path::new("x.kdl"), "routes \"a\"\n"));
        assert!(may_be_root(Path::new("gate.kdl"), ""));
    }

    #[test]
    fn folders_are_searched() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            path
        };
        let (a, b) = (file("gate.kdl"), file("deep/er/x.gate.yaml"));
        file("node_modules/gate.kdl");
        file("routes.kdl");
        assert_eq!(
            in_folders(&[folder.path().to_owned()]),
            [b.clone(), a.clone()]
        );
        assert_eq!(above(&folder.path().join("deep/er/routes.kdl")), [b, a]);
    }
}
