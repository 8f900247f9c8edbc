//! The source map that `gatec build` leaves beside a bundle: where its routes are written.
//!
//! It is for people who read logs, and nothing is decided by it. So one that is missing, broken or of
//! another bundle never keeps a bundle from being served; the digest says which bundle it is of.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use gated_engine::bundle::SourceMap;
use serde::Deserialize;

/// Largest map that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// A file number that there is not: of a route whose place is not told.
const NO_FILE: u32 = u32::MAX;

/// Where the routes of a bundle are written.
#[derive(Debug)]
pub(crate) enum Map {
    /// As the compiler in this program tells it.
    Compiled(SourceMap),
    /// As a file tells it, which is read once the bundle serves: nothing waits for it.
    Beside(PathBuf),
}

#[derive(Deserialize)]
struct Place<'t> {
    #[serde(borrow)]
    file: Cow<'t, str>,
    line: u32,
    #[serde(default)]
    column: u32,
}

#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow)]
    digest: Cow<'t, str>,
    #[serde(borrow)]
    routes: HashMap<Cow<'t, str>, Place<'t>>,
}

impl File<'_> {
    /// For routes in the order of a program.
    fn of<'n>(mut self, routes: impl Iterator<Item = &'n str>) -> SourceMap {
        let mut map = SourceMap::default();
        let mut files: HashMap<String, u32> = HashMap::new();
        for name in routes {
            map.routes.push(match self.routes.remove(name) {
                Some(Place { file, line, column }) => {
                    let next = u32::try_from(map.files.len()).unwrap_or(NO_FILE);
                    let number = *files.entry(file.into_owned()).or_insert_with_key(|file| {
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

/// The map of a bundle, if there is one.
pub(super) fn beside(bundle: &Path) -> Option<Map> {
    let path = places(bundle).into_iter().find(|place| place.is_file())?;
    Some(Map::Beside(path))
}

/// Reads the map of the bundle with this digest and these routes; nothing if it is not right.
pub(super) fn read<'n>(
    path: &Path,
    digest: &str,
    routes: impl Iterator<Item = &'n str>,
) -> Option<SourceMap> {
    match parse(path, digest, routes) {
        Ok(map) => Some(map),
        Err(why) => {
            let shown = path.display();
            tracing::warn!("the source map `{shown}` is left out of account: {why}");
            None
        }
    }
}

fn parse<'n>(
    path: &Path,
    digest: &str,
    routes: impl Iterator<Item = &'n str>,
) -> Result<SourceMap, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 64 MiB".to_owned());
    }
    let file: File<'_> =
        serde_json::from_slice(&bytes).map_err(|error| format!("it cannot be read: {error}"))?;
    if file.digest.trim_start_matches("sha256:") != digest {
        return Err("it is of another bundle".to_owned());
    }
    Ok(file.of(routes))
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

    fn read_in(folder: &tempfile::TempDir, routes: &[&str]) -> Option<SourceMap> {
        let Some(Map::Beside(path)) = beside(&folder.path().join("x.gateb")) else {
            panic!("the map is not found")
        };
        read(&path, "abc", routes.iter().copied())
    }

    #[test]
    fn places_stand_by_the_names_of_routes() {
        let folder = folder(
            r#"{"digest": "abc", "routes": {
                "b": {"file": "b.kdl", "line": 7, "column": 1},
                "a": {"file": "a.kdl", "line": 3},
                "c": {"file": "b.kdl", "line": 9, "column": 1}}}"#,
        );
        let map = read_in(&folder, &["c", "none", "a", "b"]).unwrap();
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
            assert!(read_in(&folder(map), &["a"]).is_none(), "{map}");
        }
        assert!(beside(Path::new("nowhere/x.gateb")).is_none());
    }
}
