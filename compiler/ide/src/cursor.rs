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

/// How the text is quoted that is being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quote {
    /// Not at all.
    Bare,
    /// `"…"`
    Double,
    /// `'…'`, which only YAML has.
    Single,
    /// `#"…"#`, which only KDL has.
    Raw,
}

impl Quote {
    /// The quote that a text as written begins with.
    fn of(written: &str, format: Format) -> Self {
        match (written.chars().next(), format) {
            (Some('"'), _) => Self::Double,
            (Some('\''), Format::Yaml) => Self::Single,
            (Some('#'), Format::Kdl) => Self::Raw,
            _ => Self::Bare,
        }
    }
}

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
        quote: Quote,
    },
    /// A value.
    Value {
        kind: TypeId,
        field: Option<&'static Field>,
        path: Vec<String>,
        /// Its text up to the cursor.
        before: String,
        quote: Quote,
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
    let quote = match slot {
        Slot::Entry { quote, .. } | Slot::Value { quote, .. } => quote,
        _ => Quote::Bare,
    };
    let word = word(before, after, offset, quote, format);
    Some(Cursor { slot, word })
}

/// The bytes of what is typed around the cursor.
fn word(before: &str, after: &str, offset: usize, quote: Quote, format: Format) -> Bytes {
    let ends = |c: char| match (quote, format) {
        (Quote::Double | Quote::Raw, _) => c == '"',
        (Quote::Single, _) => c == '\'',
        (Quote::Bare, Format::Kdl) => c.is_whitespace() || "{}()=;\"\\/".contains(c),
        (Quote::Bare, Format::Yaml) => c.is_whitespace() || "{}[],:\"'".contains(c),
    };
    let start = before.rfind(ends).map_or(0, |at| {
        let last = before.get(at..).and_then(|rest| rest.chars().next());
        at + last.map_or(1, char::len_utf8)
    });
    // A quote that is not closed takes in no more than the word itself.
    let open = quote == Quote::Double && is_open(&format!("{before}{after}"));
    let end = match open {
        true => after.find(|c: char| c.is_whitespace() || c == '"'),
        false => after.find(ends),
    };
    let end = end.unwrap_or(if quote == Quote::Bare { after.len() } else { 0 });
    offset - (before.len() - start)..offset + end
}

/// Whether a double quote is open at the end of a line, or of its beginning.
fn is_open(line: &str) -> bool {
    let mut open = false;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' if open => {
                characters.next();
            }
            '"' => open = !open,
            '/' if !open && characters.as_str().starts_with('/') => return false,
            _ => {}
        }
    }
    open
}

/// The part of a marked text before the mark, if it is there.
fn before_mark(text: &str) -> Option<String> {
    text.find(MARK)
        .and_then(|at| text.get(..at))
        .map(str::to_owned)
}
