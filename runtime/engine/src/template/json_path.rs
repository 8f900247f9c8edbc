//! JSON paths (RFC 9535), compiled once when a bundle is loaded.

use std::collections::HashMap;

use serde_json_path::JsonPath;

/// The longest JSON path, in bytes.
const LENGTH: usize = 1024;

/// How deep brackets and parentheses may be nested: the parser goes down once for each.
const DEPTH: usize = 16;

/// How many different JSON paths a bundle's templates may hold.
const COUNT: usize = 65_536;

/// Compiles a JSON path. Length and nesting are bounded, so that no path can exhaust the stack.
///
/// # Errors
/// Says what is wrong with the path.
pub fn parse(path: &str) -> Result<JsonPath, String> {
    if path.len() > LENGTH {
        return Err(format!(
            "the JSON path is {} bytes long, at most {LENGTH} are taken",
            path.len()
        ));
    }
    if nesting(path) > DEPTH {
        return Err(format!(
            "the JSON path `{path}` nests deeper than {DEPTH} brackets"
        ));
    }
    JsonPath::parse(path).map_err(|error| format!("`{path}` is no JSON path: {error}"))
}

/// How many brackets, parentheses and negations are open at the same time, at most. Those in quotes
/// are counted too: more than there are is on the safe side.
fn nesting(path: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in path.bytes() {
        match byte {
            b'[' | b'(' | b'!' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The compiled paths of a bundle, by their text.
#[derive(Default)]
pub(crate) struct JsonPaths(HashMap<Box<str>, JsonPath>);

impl JsonPaths {
    /// Compiles a path and keeps it.
    pub(crate) fn add(&mut self, path: &str) -> Result<(), String> {
        if self.0.contains_key(path) {
            return Ok(());
        }
        if self.0.len() == COUNT {
            return Err(format!("there are more than {COUNT} JSON paths"));
        }
        self.0.insert(path.into(), parse(path)?);
        Ok(())
    }

    /// What a path selects first.
    pub(crate) fn first<'j>(
        &self,
        path: &str,
        json: &'j serde_json::Value,
    ) -> Option<&'j serde_json::Value> {
        self.0.get(path)?.query(json).first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_paths_are_refused_before_they_are_parsed() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(400), ")".repeat(400));
        assert!(parse(&deep).unwrap_err().contains("nests deeper"));
        assert!(parse(&format!("$.{}", "a".repeat(2000))).is_err());
        assert!(parse("$.a[?(@.b == ')') && !(@.c)]").is_ok());
        assert!(
            parse("$.a[")
                .unwrap_err()
                .starts_with("`$.a[` is no JSON path")
        );
    }
}
