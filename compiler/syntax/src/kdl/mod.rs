//! KDL v2: text to events, events to a tree, and a tree or a text back to well laid out text.
//!
//! The reader is our own, in four steps that each know only the one before: [`lexer`] cuts the text
//! into tokens, [`parser`] turns tokens into [`Event`]s with exact spans, [`build`] stacks the events
//! into a [`Tree`], and [`format()`] lays the same events out again. Every step is a loop, not a
//! recursion, and looks at each byte a bounded number of times, so no input can make it slow, deep
//! or panic.
//!
//! The standard is the KDL 2.0 specification (<https://kdl.dev/spec>).

mod blocks;
mod build;
mod chars;
mod dedent;
mod entries;
mod errors;
mod event;
mod format;
mod lexer;
mod number;
mod parser;
pub mod rules;
mod string;
mod tree;
mod write;

pub use event::{Argument, Event, Property};
pub use format::format;
pub use parser::{Limits, Sink, events};
pub use rules::RULES;
pub use tree::{Annotation, Children, KdlNode, Scalar, Tree, parse, parse_within};
pub use write::{write, write_node};

/// The largest text that is read, in bytes; callers should refuse to load a larger file at all.
pub const MAX_TEXT: usize = 64 * 1024 * 1024;

/// How many blocks may be open at once.
pub const MAX_DEPTH: usize = 128;

/// How many mistakes one text may report; those after it are dropped, because a reader mends the
/// first ones first and the machine must not fill its memory with the rest.
pub const MAX_ERRORS: usize = 100;
