//! The two languages, and how to tell which one a text is in.

use std::path::Path;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// KDL, version 2.
    Kdl,
    /// YAML 1.2.
    Yaml,
}

impl Format {
    /// The language a file's name tells: `.kdl`, `.yaml` or `.yml`; `.json` too is YAML, which has all
    /// of JSON.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "kdl" => Some(Self::Kdl),
            "yaml" | "yml" | "json" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The language a text looks like: YAML, if its first line that says something is a key with a
    /// colon, or begins with what only YAML and JSON have; KDL otherwise.
    pub fn guess(text: &str) -> Self {
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        match first {
            Some(line) if line.starts_with("---") || line.starts_with(['%', '{', '[']) => {
                Self::Yaml
            }
            Some(line) if is_key(line) => Self::Yaml,
            _ => Self::Kdl,
        }
    }
}

/// `key:` or `key: value`, the key perhaps in quotes.
fn is_key(line: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '"' | '\'');
    match line.find(|c| !plain(c)) {
        Some(end) if end > 0 => {
            let rest = line.get(end..).unwrap_or("").trim_start();
            rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_its_language() {
        for yaml in [
            "# x\n\ngateway:\n  name: a",
            "---\nroutes: {}",
            "\"gateway\": {}",
            "%YAML 1.2",
            "{\n  \"routes\": {}\n}",
        ] {
            assert_eq!(Format::guess(yaml), Format::Yaml, "{yaml}");
        }
        for kdl in [
            "",
            "// a: b\ngateway \"x: y\"",
            "gateway {",
            "/* x */",
            "listener \"web\" bind=\":80\"",
        ] {
            assert_eq!(Format::guess(kdl), Format::Kdl, "{kdl}");
        }
        assert_eq!(Format::of_path(Path::new("a/b.YML")), Some(Format::Yaml));
        assert_eq!(Format::of_path(Path::new("a.json")), Some(Format::Yaml));
        assert_eq!(Format::of_path(Path::new("b")), None);
    }
}
