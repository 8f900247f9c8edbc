//! `gatec: ignore CODE` in a comment: a finding that its author knows of and means to leave.
//!
//! In a line of its own it speaks of the node or entry below, with all that is in it; behind something,
//! of that line; `ignore-file` of its whole text. Errors cannot be ignored, since no bundle is made with
//! them. One that silences nothing is a finding itself, so that none outlives its reason.

mod read;
pub mod rules;

use std::collections::HashSet;

use gatec_syntax::{Diagnostic, Severity, Span};

pub(crate) use read::read;

/// A code that a comment silences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The code.
    pub code: String,
    /// Where the code was written.
    pub at: Span,
    /// What it speaks of: findings that begin here.
    pub covers: Span,
}

/// What was read in the comments of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignores {
    /// The codes to silence.
    pub list: Vec<Ignore>,
    /// What is wrong with the comments themselves.
    pub found: Vec<Diagnostic>,
}

/// Takes out what comments silence, and adds what is wrong with those comments. Which silence nothing can
/// only be told where everything was looked at (`whole`).
pub(crate) fn apply(ignores: &Ignores, found: &mut Vec<Diagnostic>, whole: bool) {
    if ignores.list.is_empty() && ignores.found.is_empty() {
        return;
    }
    let mut used: HashSet<Span> = HashSet::new();
    found.retain(|one| {
        if one.severity == Severity::Error {
            return true;
        }
        let mut silencing = ignores
            .list
            .iter()
            .filter(|ignore| silences(ignore, one))
            .peekable();
        let keep = silencing.peek().is_none();
        used.extend(silencing.map(|ignore| ignore.at));
        keep
    });
    found.extend(ignores.found.iter().cloned());
    // After an error not everything is looked at, and what is silenced may come with its mend.
    let has_errors = found.iter().any(|one| one.severity == Severity::Error);
    if whole && !has_errors {
        let idle = ignores
            .list
            .iter()
            .filter(|ignore| !used.contains(&ignore.at));
        found.extend(idle.map(rules::unused_ignore::finding));
    }
}

fn silences(ignore: &Ignore, found: &Diagnostic) -> bool {
    ignore.code == found.code
        && ignore.covers.source == found.span.source
        && (ignore.covers.start..ignore.covers.end.max(ignore.covers.start + 1))
            .contains(&found.span.start)
}

#[cfg(test)]
mod tests;
