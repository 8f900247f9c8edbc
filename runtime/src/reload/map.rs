//! The source map that `gatec build` leaves beside a bundle: where its routes are written.
//!
//! It is for people who read logs, and nothing is decided by it. So one that is missing, broken or of
//! another bundle never keeps a bundle from being served; the digest says which bundle it is of.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use gated_engine::bundle::SourceMap;
use serde::Deserialize;

/// Largest map that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// A file number that there is not: of a route whose place is not told.
const NO_FILE: u32 = u32::MAX;

/// Where the routes of a bundle are written, by their names.
#[derive(Debug)]
pub(crate) enum Map {
    /// As the compiler in this program tells it.
    Compiled(SourceMap),
    /// As a file tells it.
    Beside(HashMap<String, Place>),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Place {
    file: String,
    line: u32,
    #[serde(default)]
    column: u32,
}

#[derive(Deserialize)]
struct File {
    digest: String,
    routes: HashMap<String, Place>,
}

impl Map {
    /// For routes in the order of a program.
    pub(crate) fn of<'n>(self, routes: impl Iterator<Item = &'n str>) -> SourceMap {
        let mut places = match self {
            Self::Compiled(map) => return map,
            Self::Beside(places) => places,
        };
        let mut map = SourceMap::default();
        let mut files: HashMap<String, u32> = HashMap::new();
        for name in routes {
            map.routes.push(match places.remove(name) {
                Some(Place { file, line, column }) => {
                    let next = u32::try_from(map.files.len()).unwrap_or(NO_FILE);
                    let number = *files.entry(file).or_insert_with_key(|file| {
                        map.files.push(file.clone());
                        next
                    });
                    (number, line, column)
                }
                None => (NO_FILE, 0, 0),
            });
        }
        map
    }
}

/// Where the map of a bundle may lie: beside it, or beside the file that a link of that name means.
pub(super) fn places(bundle: &Path) -> Vec<PathBuf> {
    let beside = |bundle: &Path| {
        let mut name = bundle.as_os_str().to_owned();
        name.push(".map");
        PathBuf::from(name)
    };
    let mut places = vec![beside(bundle)];
    if let Ok(real) = std::fs::canonicalize(bundle) {
        places.push(beside(&real));
    }
    places
}

/// Reads the map of the bundle with this digest; nothing if there is none, or none that is right.
pub(super) fn read(bundle: &Path, digest: impl FnOnce() -> String) -> Option<Map> {
    let path = places(bundle).into_iter().find(|place| place.is_file())?;
    let shown = path.display();
    let file = match parse(&path) {
        Ok(file) => file,
        Err(why) => {
            tracing::warn!("the source map `{shown}` is left out of account: {why}");
            return None;
        }
    };
    if file.digest.trim_start_matches("sha256:") != digest() {
        tracing::warn!("the source map `{shown}` is left out of account: it is of another bundle");
        return None;
    }
    Some(Map::Beside(file.routes))
}

fn parse(path: &Path) -> Result<File, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 64 MiB".to_owned());
    }
    serde_json::from_slice(&bytes).map_err(|error| format!("it cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(map: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.gateb"), "").unwrap();
        std::fs::write(folder.path().join("x.gateb.map"), map).unwrap();
        folder
    }

    fn read_in(folder: &tempfile::TempDir) -> Option<Map> {
        read(&folder.path().join("x.gateb"), || "abc".to_owned())
    }

    #[test]
    fn places_stand_by_the_names_of_routes() {
        let folder = folder(
            r#"{"digest": "abc", "routes": {
                "b": {"file": "b.kdl", "line": 7, "column": 1},
                "a": {"file": "a.kdl", "line": 3},
                "c": {"file": "b.kdl", "line": 9, "column": 1}}}"#,
        );
        let map = read_in(&folder)
            .unwrap()
            .of(["c", "none", "a", "b"].into_iter());
        assert_eq!(map.route(0), Some(("b.kdl", 9, 1)));
        assert_eq!(map.route(1), None);
        assert_eq!(map.route(2), Some(("a.kdl", 3, 0)));
        assert_eq!(map.route(3), Some(("b.kdl", 7, 1)));
        assert_eq!(map.files.len(), 2);
    }

    #[test]
    fn what_is_not_right_is_left_out() {
        for map in [
            "",
            "[]",
            "{",
            r#"{"digest": "abd", "routes": {}}"#,
            r#"{"digest": "abc", "routes": {"a": {"file": 1}}}"#,
        ] {
            assert!(read_in(&folder(map)).is_none(), "{map}");
        }
        assert!(read(Path::new("nowhere/x.gateb"), String::new).is_none());
    }
}
