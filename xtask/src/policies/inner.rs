//! What is measured without a socket: decisions, and the loading of a bundle.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// Figures by their names, as the program prints them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inner(BTreeMap<String, f64>);

impl Inner {
    /// A figure; 0 where it was not measured.
    pub fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(0.0)
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Builds the program in the release profile and runs it.
///
/// # Errors
/// When it cannot be built, or fails: it holds its decisions against Cedar's.
pub fn run(say: &mut dyn FnMut(&str)) -> Result<Inner, String> {
    say("decisions and loading");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .args(["bench", "--quiet", "--profile", "release", "--package"])
        .args(["gatec-compiler", "--bench", "policies"])
        .current_dir(crate::root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo did not start: {error}"))?;
    let text = String::from_utf8_lossy(&done.stdout);
    match done.status.success() {
        true => {
            text.lines().for_each(&mut *say);
            Ok(parse(&text))
        }
        false => Err("`cargo bench --bench policies` failed".to_owned()),
    }
}

fn parse(text: &str) -> Inner {
    let lines = text.lines().filter_map(|line| {
        let (name, number) = line.trim().split_once(' ')?;
        Some((name.to_owned(), number.parse().ok()?))
    });
    Inner(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_other_lines_passed_over() {
        let inner = parse("random_ns 120\n\nnot a figure\nload_ms 0.5\n");
        assert_eq!((inner.get("random_ns"), inner.get("load_ms")), (120.0, 0.5));
        assert!(inner.get("other") == 0.0 && !inner.is_empty());
    }
}
