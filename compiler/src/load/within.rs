//! Paths stay in the folder of the spec.

use std::path::{Component, Path, PathBuf};

use gatec_syntax::Span;

use super::Loader;
use super::rules::leaves_root;

/// A path written in a file of `folder` (relative to the root), relative to the root, with `.` and
/// `..` worked out. `Err` says by which way it leads out.
pub(super) fn within(folder: &Path, path: &str) -> Result<PathBuf, &'static str> {
    let mut parts: Vec<&std::ffi::OsStr> = Vec::new();
    for component in folder.components().chain(Path::new(path).components()) {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part),
            Component::ParentDir => {
                parts.pop().ok_or("`..` climbs out of it")?;
            }
            Component::RootDir | Component::Prefix(_) => return Err("it is absolute"),
        }
    }
    Ok(parts.into_iter().collect())
}

impl Loader<'_> {
    /// [`within`], with the finding reported.
    pub(super) fn within(&mut self, span: Span, path: &str) -> Option<PathBuf> {
        let folder = self.folder(span.source);
        match within(&folder, path) {
            Ok(path) => Some(path),
            Err(how) => {
                self.found.push(leaves_root::path(span, path, how));
                None
            }
        }
    }

    /// Whether a file that exists lies in the root folder when links are followed; `None` if it does
    /// not exist.
    pub(super) fn is_inside(&self, path: &Path) -> Option<bool> {
        let real = std::fs::canonicalize(path).ok()?;
        Some(
            self.real_root
                .as_ref()
                .is_some_and(|root| real.starts_with(root)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_worked_out_without_leaving_the_root() {
        let path = |folder: &str, path: &str| within(Path::new(folder), path);
        assert_eq!(path("", "./site"), Ok(PathBuf::from("site")));
        assert_eq!(
            path("routes", "../bodies/a.json"),
            Ok(PathBuf::from("bodies/a.json"))
        );
        assert_eq!(path("routes", "."), Ok(PathBuf::from("routes")));
        assert!(path("routes", "../../x").is_err());
        assert!(path("", "..").is_err());
        assert!(path("", "/etc/passwd").is_err());
    }
}
