//! The folders that a spec serves files from.

use std::path::{Path, PathBuf};

use gatec_schema::Spec;

/// A folder that a route serves files from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServedFolder {
    /// Where it is.
    pub path: PathBuf,
    /// Whether a replica reads it at each request, so that here it only has to be there. All that
    /// lies in any other goes into the bundle.
    pub live: bool,
}

/// The folders of every route.
pub(crate) fn folders(spec: &Spec, root: &Path) -> Vec<ServedFolder> {
    let files = spec
        .routes
        .values()
        .filter_map(|route| route.files.as_ref());
    files
        .map(|files| ServedFolder {
            path: root.join(files.root.as_str()),
            live: files.live,
        })
        .collect()
}
