//! The template language: text with `{{ source | filter }}` in it, compiled to segments.
//!
//! A template is compiled once, with everything that can be wrong with it found here, so that none
//! can fail when a request is served. What is wrong is told by its place in the text; [`place`] turns
//! that into a span of the file.
//!
//! To write a literal `{{`, put it in quotes inside an expression: `{{ "{{" }}`.

mod constant;
mod cursor;
mod expression;
mod filter;
mod json_path;
mod names;
pub mod place;
mod position;
mod probe;
pub mod rules;
mod scope;
mod source;
pub mod words;

pub use expression::compile;
pub use place::locate;
pub use position::Place;
pub use rules::RULES;
pub use scope::{Scope, Site};

use std::ops::Range;

use gatec_syntax::Severity;

/// The longest template, in bytes.
pub const MAX_TEXT: usize = 4 << 20;

/// How many expressions a template may have.
pub const MAX_EXPRESSIONS: usize = 10_000;

/// How many filters an expression may have.
pub const MAX_FILTERS: usize = 16;

/// Something wrong in a template, at a range of bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The code.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where in the text.
    pub range: Range<usize>,
    /// The whole expression it stands in, braces included.
    pub expression: Range<usize>,
    /// The sentence.
    pub message: String,
    /// A few words beside the place.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What to write in the place of `range`, where that is certain.
    pub replacement: Option<String>,
}

impl Finding {
    fn error(code: &'static str, range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            expression: range.clone(),
            range,
            message: message.into(),
            label: String::new(),
            help: None,
            replacement: None,
        }
    }

    fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn replacement(mut self, text: impl Into<String>) -> Self {
        self.replacement = Some(text.into());
        self
    }
}

/// Whether a text has any expression in it.
pub fn is_template(text: &str) -> bool {
    text.contains("{{")
}

#[cfg(test)]
mod tests;
