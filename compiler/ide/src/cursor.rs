//! What is being typed at a cursor.
//!
//! A text is hardly ever whole while it is typed. So a word that nobody writes is put in at the cursor,
//! the text is read as ever (reading never fails), and the word is looked for in the tree: where it
//! turns up is what is being typed there. The rest of the text may be as broken as it likes.

mod kdl;
mod yaml;

use gatec_compiler::load::Format;
use gatec_compiler::shape::grammar::{Field, TypeId};

use crate::{Bytes, Lines};

/// The word that is put in. It can be part of a name, a value, a path or an expression.
pub(crate) const MARK: &str = "gatecursorgate";

/// What is being typed.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// The name of a node or key in an object.
    Key {
        object: TypeId,
        /// The keys that are there already.
        given: Vec<String>,
        path: Vec<String>,
    },
    /// A name of the user's choice, in a map.
    Name { path: Vec<String> },
    /// A value, or a property, on the line of a KDL node.
    Entry {
        object: TypeId,
        /// What the value may fill: one field for each form that the arguments can have.
        fields: Vec<&'static Field>,
        given: Vec<String>,
        path: Vec<String>,
        before: String,
        quoted: bool,
    },
    /// A value.
    Value {
        kind: TypeId,
        field: Option<&'static Field>,
        path: Vec<String>,
        /// Its text up to the cursor.
        before: String,
        quoted: bool,
    },
    /// The word in `(env)"…"`.
    Annotation,
}

/// A cursor in a text.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    pub(crate) slot: Slot,
    /// The word or quoted text that is being typed, up to its end on this line.
    pub(crate) word: Bytes,
}

/// What is being typed at an offset; `None` where nothing can be said, as in a comment.
pub(crate) fn cursor(lines: &Lines, format: Format, offset: usize) -> Option<Cursor> {
    let text = lines.text();
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let line = lines.line(lines.line_of(offset));
    let before = text.get(line.start..offset)?;
    let after = text.get(offset..line.end.max(offset))?;
    let slot = match format {
        Format::Kdl => kdl::slot(text, offset, before, after),
        Format::Yaml => yaml::slot(text, offset, before),
    }?;
    let quoted = matches!(
        slot,
        Slot::Entry { quoted: true, .. } | Slot::Value { quoted: true, .. }
    );
    let word = word(before, after, offset, quoted, format);
    Some(Cursor { slot, word })
}

/// The bytes of what is typed around the cursor.
fn word(before: &str, after: &str, offset: usize, quoted: bool, format: Format) -> Bytes {
    let ends = |c: char| match (quoted, format) {
        (true, _) => c == '"' || c == '\'',
        (false, Format::Kdl) => c.is_whitespace() || "{}()=;\"\\/".contains(c),
        (false, Format::Yaml) => c.is_whitespace() || "{}[],:\"'".contains(c),
    };
    let start = before.rfind(ends).map_or(0, |at| {
        at + before
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    });
    let end = after.find(ends).unwrap_or(after.len());
    // A quote that is not closed on this line belongs to what is typed only up to the cursor.
    let end = match quoted && !after.contains(['"', '\'']) {
        true => 0,
        false => end,
    };
    offset - (before.len() - start)..offset + end
}

/// The part of a marked text before the mark, if it is there.
fn before_mark(text: &str) -> Option<String> {
    text.find(MARK)
        .and_then(|at| text.get(..at))
        .map(str::to_owned)
}
