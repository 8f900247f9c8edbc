//! The mistakes of one text, capped.

use crate::diagnostic::Diagnostic;

use super::MAX_ERRORS;

/// Collects findings up to [`MAX_ERRORS`] and counts the rest.
#[derive(Debug, Default)]
pub(super) struct Errors {
    found: Vec<Diagnostic>,
    total: usize,
}

impl Errors {
    /// Adds a finding. The maker runs only while there is room, so that a text full of mistakes does
    /// not spend its time on wording them.
    pub(super) fn push(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.total += 1;
        if self.found.len() < MAX_ERRORS {
            self.found.push(make());
        }
    }

    /// Whether the latest finding starts at this byte.
    pub(super) fn just_found_at(&self, at: usize) -> bool {
        self.found
            .last()
            .is_some_and(|found| found.span.start as usize == at)
    }

    /// How many were found so far, those without room included.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The findings in the order of the text, each once.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found
            .sort_by_key(|found| (found.span.start, found.span.end, found.code));
        self.found.dedup();
        self.found
    }
}
