//! What an entry is found by: all that is known before a file is read.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use gatec_compiler::load::{Format, Input};

use super::digest;

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    /// The key of a spec under a profile; `None` where it cannot be told apart from others.
    pub(crate) fn of(input: &Input, profile: Option<&str>) -> Option<Self> {
        let folder = std::env::current_dir().ok()?.canonicalize().ok()?;
        let program = program()?;
        let profile = match profile {
            Some(name) => format!("under {name}"),
            None => String::new(),
        };
        let parts = [program.as_str(), folder.to_str()?, &profile];
        let spec = match input {
            Input::File(path) => [path.to_str()?, "", "", ""],
            Input::Text {
                name,
                text,
                format,
                base,
            } => [name.as_str(), text, base.to_str()?, form(*format)],
        };
        Some(Self(digest(parts.iter().chain(&spec))))
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }
}

fn form(format: Format) -> &'static str {
    match format {
        Format::Kdl => "kdl",
        Format::Yaml => "yaml",
    }
}

/// This very program: two builds of one version may find different things.
fn program() -> Option<String> {
    let file = std::env::current_exe().ok()?;
    let traits = |file: &Path| {
        let metadata = fs::metadata(file).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((metadata.len(), modified.as_nanos()))
    };
    let (size, modified) = traits(&file)?;
    Some(format!("{} {size} {modified}", env!("GATEC_VERSION")))
}
