//! From the path of a request to the path of a file below a folder.

use percent_encoding::percent_decode_str;

/// A path below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath {
    /// The names, decoded, with `/` between them and none at either end; empty: the folder itself.
    /// Holds no empty name, no `.` or `..`, no NUL and no backslash.
    pub path: String,
    /// Whether the request's path ended with a slash.
    pub folder: bool,
}

impl FilePath {
    /// Decodes a path in normal form, without its first `strip` segments. `None` where it can be no
    /// file's: an encoded slash, a backslash, a NUL, a name of dots, or what is no UTF-8.
    pub fn decode(path: &str, strip: usize) -> Option<Self> {
        let rest = stripped(path, strip);
        let folder = rest.ends_with('/');
        let names = rest
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(name)
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            path: names.join("/"),
            folder,
        })
    }

    /// Whether the last name has an extension: then it is an asset, and no page of a single-page
    /// application.
    pub fn has_extension(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.contains('.')
    }
}

fn name(segment: &str) -> Option<std::borrow::Cow<'_, str>> {
    let name = percent_decode_str(segment).decode_utf8().ok()?;
    let harmless = !name.contains(['/', '\\', '\0']) && !matches!(name.as_ref(), "." | "..");
    harmless.then_some(name)
}

/// A path without its first segments: begins with a slash, or is empty where nothing remains and the
/// path did not end with a slash.
pub fn stripped(path: &str, segments: usize) -> &str {
    let mut rest = path;
    for _ in 0..segments {
        let Some((_, after)) = rest.strip_prefix('/').and_then(|rest| rest.split_once('/')) else {
            return "";
        };
        rest = rest.get(rest.len() - after.len() - 1..).unwrap_or_default();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn segments_are_taken_off_the_front() {
        for (path, segments, rest) in [
            ("/a/b/c", 0, "/a/b/c"),
            ("/a/b/c", 1, "/b/c"),
            ("/a/b/c", 2, "/c"),
            ("/a/b/c", 3, ""),
            ("/a/b/c", 9, ""),
            ("/a/", 1, "/"),
            ("/a", 1, ""),
            ("/", 1, ""),
            ("*", 1, ""),
        ] {
            assert_eq!(stripped(path, segments), rest, "{path} without {segments}");
        }
    }

    #[test]
    fn paths_are_decoded_name_by_name() {
        let decode = |path| FilePath::decode(path, 0).map(|found| (found.path, found.folder));
        let file = |path: &str| Some((path.to_owned(), false));
        let folder = |path: &str| Some((path.to_owned(), true));
        for (path, expected) in [
            ("/", folder("")),
            ("", file("")),
            ("/a.html", file("a.html")),
            ("/caf%C3%A9/", folder("café")),
            ("/a%20b/c", file("a b/c")),
            ("/.well-known/x", file(".well-known/x")),
            ("/a%2Fb", None),
            ("/a%5Cb", None),
            ("/a\\b", None),
            ("/a%00", None),
            ("/..", None),
            ("/a/%2E%2E/b", None),
            ("/%FF", None),
        ] {
            assert_eq!(decode(path), expected, "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_leaves_the_folder(path in "(/|\\.|%2[eEfF]|%5c|%00|a|é){0,12}", strip in 0_usize..4) {
            if let Some(found) = FilePath::decode(&path, strip) {
                prop_assert!(found.path.split('/').all(|name| name != ".." && name != "."));
                prop_assert!(!found.path.starts_with('/') && !found.path.contains(['\\', '\0']));
            }
        }
    }
}
