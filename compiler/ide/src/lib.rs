//! What an editor asks about a spec: text in, plain data out.
//!
//! Everything here is a function of texts and of the schema, and speaks in bytes of a text. It knows no
//! protocol, no process and no open files, so that the language server, the command and a page in a
//! browser can share it. [`Lines`] alone knows how editors count.

pub mod action;
pub mod cedar;
pub mod complete;
mod cursor;
pub mod fold;
pub mod hover;
pub mod inlay;
pub mod layout;
pub mod lens;
pub mod lines;
pub mod names;
pub mod rename;
mod route;
pub mod select;
pub mod symbol;
mod template;
pub mod token;
pub mod view;

pub use lines::{Encoding, Lines, Position};
pub use names::{Key, Name, Role};
pub use view::{Place, View};

use std::ops::Range;

/// Bytes of a text, from 0; the end is exclusive.
pub type Bytes = Range<usize>;

/// Text to put in the place of some bytes; none of a list overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What to replace; nothing, to insert.
    pub at: Bytes,
    /// With what.
    pub text: String,
}

/// Whether an offset stands in a range or at its end, as a cursor does.
pub(crate) fn touches(range: &Bytes, offset: usize) -> bool {
    (range.start..=range.end).contains(&offset)
}
