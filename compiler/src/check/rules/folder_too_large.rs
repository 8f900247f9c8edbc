//! U108: the folders are too large for a bundle.

use crate::lower::folder::{Budget, Listing};
use gatec_syntax::{Diagnostic, Rule, Severity, Span};

/// The rule of U108.
pub(crate) const RULE: Rule = Rule {
    code: "U108",
    name: "folder-too-large",
    severity: Severity::Error,
    summary: "the folders are too large for a bundle",
    explanation: r##"The files of `files` go into the bundle, which every replica loads. All folders together may have 256 MiB and 100,000 files. Larger ones are served from the replica's own disk:
`files "/var/www" live=#true`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./large"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "site" public=#true {
    match prefix="/"
    files "./large" live=#true
}
"##,
};

/// What all folders so far have together.
#[derive(Default)]
pub(in crate::check) struct Total {
    bytes: u64,
    files: usize,
    told: bool,
}

impl Total {
    /// Adds a folder; says so if it is the one that goes over the budget.
    pub(in crate::check) fn add(
        &mut self,
        span: Span,
        path: &str,
        listing: &Listing,
        budget: Budget,
    ) -> Option<Diagnostic> {
        self.bytes = self.bytes.saturating_add(listing.bytes);
        self.files += listing.files.len();
        let over = listing.over || self.bytes > budget.bytes || self.files > budget.files;
        if !over || self.told {
            return None;
        }
        self.told = true;
        let message = format!(
            "with the folder `{path}` the bundle's files have more than {} MiB or number more than {}",
            budget.bytes >> 20,
            budget.files
        );
        Some(
            Diagnostic::error(RULE.code, span, message)
                .label("too large for a bundle")
                .help("serve it from the replica's disk with `live=#true`"),
        )
    }
}
