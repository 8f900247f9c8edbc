//! The words that templates know, for editors and reference pages.

use super::filter::FILTERS;
use super::names::{FAKES, SOURCES};

/// A word that an expression can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceWord {
    /// The word.
    pub name: &'static str,
    /// Whether a `.NAME` can follow.
    pub members: bool,
    /// What it stands for; Markdown.
    pub what: &'static str,
}

/// What can stand after `|`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterWord {
    /// The word.
    pub name: &'static str,
    /// How it is written, with its arguments.
    pub form: &'static str,
    /// What it makes of the value; Markdown.
    pub what: &'static str,
}

/// Every word that an expression can begin with.
pub fn sources() -> impl Iterator<Item = SourceWord> {
    SOURCES.iter().map(|known| SourceWord {
        name: known.name,
        members: known.members,
        what: known.what,
    })
}

/// Every filter.
pub fn filters() -> impl Iterator<Item = FilterWord> {
    FILTERS.iter().map(|known| FilterWord {
        name: known.name,
        form: known.form,
        what: known.what,
    })
}

/// The kinds of made-up data: what can stand after `fake.`.
pub fn fakes() -> impl Iterator<Item = &'static str> {
    FAKES.iter().map(|(name, _)| *name)
}
