//! A spec that was checked, or whose findings are known from the last time.

use std::path::PathBuf;

use gatec_compiler::load::Input;
use gatec_compiler::{Compiled, ServedFolder};
use gatec_syntax::{Diagnostic, Sources};

use crate::CommandError;
use crate::cache::{Cache, Key};
use crate::spec;

/// What is known of a spec once it was checked.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The findings.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The texts. Of findings that were kept, only the texts that these point into are read; the
    /// others are empty under their names.
    pub(crate) sources: Sources,
    /// Files and folders whose change changes the findings.
    pub(crate) watched: Vec<PathBuf>,
    /// The folders that files are served from.
    pub(crate) folders: Vec<ServedFolder>,
    /// What its limits guarantee.
    pub(crate) guarantees: Vec<String>,
}

impl Checked {
    /// Checks a spec; where nothing changed since it was last checked, gives what was found then.
    pub(crate) fn of(
        input: Input,
        profile: Option<&str>,
        cache: Option<&Cache>,
    ) -> Result<Self, CommandError> {
        let mut options = spec::options(profile);
        let kept = cache.and_then(|cache| Some((cache, Key::of(&input, profile)?)));
        let Some((cache, key)) = kept else {
            return spec::check(input, &options).map(Self::from);
        };
        if let Some(known) = cache.find(&key, &input) {
            return Ok(known);
        }
        let look = cache.begin(&mut options);
        let checked = Self::from(spec::check(input.clone(), &options)?);
        look.keep(&key, &input, &checked);
        Ok(checked)
    }
}

impl From<Compiled> for Checked {
    fn from(compiled: Compiled) -> Self {
        Self {
            guarantees: gatec_compiler::guarantees::guarantees(&compiled.spec),
            diagnostics: compiled.diagnostics,
            sources: compiled.sources,
            watched: compiled.watched,
            folders: compiled.folders,
        }
    }
}
