//! Why a subcommand could not do its work.

use std::io;
use std::path::Path;

use crate::terminal::Terminal;

/// Why a subcommand could not do its work, and what to try instead. (What is wrong in a spec is no
/// such error: it is a finding.)
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CommandError {
    /// What went wrong, lower case, one sentence.
    pub message: String,
    /// What to try, one sentence each.
    pub hints: Vec<String>,
}

impl CommandError {
    /// An error without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Adds what to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A file that could not be read, written or made.
    pub(crate) fn file(doing: &str, name: &Path, error: &io::Error) -> Self {
        Self::new(format!(
            "cannot {doing} `{}`: {}",
            name.display(),
            reason(error)
        ))
    }

    pub(crate) fn show(&self, terminal: &mut Terminal<'_>) {
        let error = terminal.errors_paint("1;31", "error");
        terminal.say(&format!("{error}: {}\n", self.message));
        for hint in &self.hints {
            let word = terminal.errors_paint("1;36", "hint");
            terminal.say(&format!("{word}: {hint}\n"));
        }
    }
}

/// The system's reason without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the device".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            text.to_lowercase()
        }
    }
}
