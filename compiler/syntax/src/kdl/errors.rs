//! The mistakes of one text, capped.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

use super::MAX_ERRORS;
use super::rules;

/// Collects findings up to [`MAX_ERRORS`] and counts the rest.
#[derive(Debug, Default)]
pub(super) struct Errors {
    found: Vec<Diagnostic>,
    total: usize,
    /// The line of the latest string that is not closed, in bytes.
    open_line: Range<usize>,
}

impl Errors {
    /// Adds a finding. The maker runs only while there is room, so that a text full of mistakes does
    /// not spend its time on wording them.
    pub(super) fn push(&mut self, make: impl FnOnce() -> Diagnostic) {
        self.total += 1;
        if self.found.len() < MAX_ERRORS {
            let finding = make();
            if !(self.open_line.contains(&(finding.span.start as usize)) && follows(&finding)) {
                self.found.push(finding);
            }
        }
    }

    /// Adds the finding of a string that its line ends before it does. One quote too few turns what is
    /// text and what is not around for the whole line, so nothing else is said of it. The maker is told
    /// whether something was said already; with `only_then` the finding is added only if so.
    pub(super) fn push_for_line(
        &mut self,
        line: Range<usize>,
        only_then: bool,
        make: impl FnOnce(bool) -> Diagnostic,
    ) {
        let before = self.found.len();
        if before < MAX_ERRORS {
            self.found
                .retain(|one| !(line.contains(&(one.span.start as usize)) && follows(one)));
        }
        let said = self.found.len() < before;
        if said || !only_then {
            self.push(|| make(said));
            self.open_line = line;
        }
    }

    /// Whether the latest finding starts at this byte.
    pub(super) fn just_found_at(&self, at: usize) -> bool {
        self.found
            .last()
            .is_some_and(|found| found.span.start as usize == at)
    }

    /// How many were found so far, those without room or of which nothing is said included.
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

/// Whether a quote that is missing elsewhere in the line can be all there is to a finding.
fn follows(finding: &Diagnostic) -> bool {
    let others = [
        &rules::RULE_UNTERMINATED_STRING,
        &rules::RULE_UNTERMINATED_COMMENT,
        &rules::RULE_DISALLOWED_CODE_POINT,
        &rules::RULE_TOO_DEEP,
        &rules::RULE_TEXT_TOO_LARGE,
    ];
    others.iter().all(|rule| rule.code != finding.code)
}
