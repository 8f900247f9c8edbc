//! Pages that explain codes, for editors to open: written when a finding first links to one.

use std::collections::HashSet;
use std::path::PathBuf;

use gatec_compiler::rules;
use lsp_types::Url;

/// A folder of pages.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    folder: Option<PathBuf>,
    written: HashSet<&'static str>,
}

impl Pages {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            written: HashSet::new(),
        }
    }

    /// The page of a code; none where it cannot be written.
    pub(crate) fn page(&mut self, code: &'static str) -> Option<Url> {
        let folder = self.folder.as_ref()?;
        let file = folder.join(format!("{code}.md"));
        if !self.written.contains(code) {
            let text = gatec_ide::hover::rule(rules::find(code)?);
            let made = std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, format!("{text}\n")));
            if made.is_err() {
                // Not to be tried again for every finding.
                self.folder = None;
                return None;
            }
            self.written.insert(code);
        }
        Url::from_file_path(file).ok()
    }
}
