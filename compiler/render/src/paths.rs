//! Names of files as programs want them: relative to a folder, with forward slashes; or as URIs.

use std::fmt::Write;
use std::path::{Component, Path};

/// A file's name relative to `folder` where it lies in it, with `/` between its parts on every
/// machine and without `.`; any other name keeps its way.
pub(crate) fn relative(name: &str, folder: &Path) -> String {
    let path = Path::new(name);
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let mut relative = String::with_capacity(name.len());
    for component in inside.components() {
        match component {
            Component::CurDir => continue,
            Component::RootDir => {
                relative.push('/');
                continue;
            }
            _ => {}
        }
        if !relative.is_empty() && !relative.ends_with('/') {
            relative.push('/');
        }
        relative.push_str(&component.as_os_str().to_string_lossy());
    }
    match relative.is_empty() {
        true => name.to_owned(),
        false => relative,
    }
}

/// A file's name, as [`relative`] gives it, as a URI reference (RFC 3986).
pub(crate) fn uri(name: &str) -> String {
    let mut uri = match name.starts_with('/') {
        true => "file://".to_owned(),
        false => String::with_capacity(name.len()),
    };
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_to_the_folder() {
        let relative = |name| relative(name, Path::new("/home/ann/shop"));
        assert_eq!(relative("gate.kdl"), "gate.kdl");
        assert_eq!(relative("./routes/./a.kdl"), "routes/a.kdl");
        assert_eq!(relative("/home/ann/shop/routes/a.kdl"), "routes/a.kdl");
        assert_eq!(relative("/home/ann/other/a.kdl"), "/home/ann/other/a.kdl");
        assert_eq!(relative("../other/a.kdl"), "../other/a.kdl");
        assert_eq!(relative("<stdin>"), "<stdin>");
        assert_eq!(relative("."), ".");
    }

    #[test]
    fn uris_hold_no_character_that_means_something_else() {
        assert_eq!(uri("routes/a b.kdl"), "routes/a%20b.kdl");
        assert_eq!(uri("a:b/ü%.kdl"), "a%3Ab/%C3%BC%25.kdl");
        assert_eq!(uri("/srv/gate.kdl"), "file:///srv/gate.kdl");
    }
}
