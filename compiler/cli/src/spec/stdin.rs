//! A spec on standard input: what it is called, how it is written, where its relative paths begin.

use std::path::{Path, PathBuf};

use gatec_compiler::load::Format;

use super::Form;

/// How a spec on standard input is written.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Written {
    /// The form of a spec on standard input; left out, it is told from --stdin-filename or from its first line.
    #[arg(long, value_enum, value_name = "FORM")]
    stdin_format: Option<Form>,
    /// The file that a spec on standard input stands for. Findings name it, its ending tells the form, and relative paths begin
    /// at its folder.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
}

impl Written {
    /// The form of a text from standard input.
    pub(super) fn form(&self, text: &str) -> Form {
        let by_name = || Form::of(self.stdin_filename.as_deref()?);
        self.stdin_format
            .or_else(by_name)
            .unwrap_or_else(|| match Format::guess(text) {
                Format::Kdl => Form::Kdl,
                Format::Yaml => Form::Yaml,
            })
    }

    /// A spec's name in messages.
    pub(crate) fn shown(&self, file: &Path) -> String {
        match &self.stdin_filename {
            Some(name) if super::is_stdin(file) => name.display().to_string(),
            _ => super::shown(file),
        }
    }

    /// What the text is called in findings.
    pub(super) fn name(&self) -> String {
        match &self.stdin_filename {
            Some(name) => name.display().to_string(),
            None => "<stdin>".to_owned(),
        }
    }

    /// The folder that relative paths begin at.
    pub(super) fn base(&self) -> PathBuf {
        let folder = self.stdin_filename.as_deref().and_then(Path::parent);
        match folder {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        }
    }
}
