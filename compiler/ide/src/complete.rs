//! What can be written at a cursor: keys from the schema, values from the schema and the workspace,
//! and the words of templates.

mod keys;
mod snippet;
mod templates;
mod values;

use std::path::Path;

use gatec_compiler::load::Format;
use gatec_compiler::shape::Grammar;

use crate::cursor::{Quote, Slot, cursor};
use crate::{Bytes, Lines};

pub(crate) use snippet::escaped;
pub use snippet::{head, plain};

/// What an item is, for its icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A node or key that holds others.
    Node,
    /// A property.
    Property,
    /// One of a few values.
    Choice,
    /// A name declared in the workspace.
    Name,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A source of a template.
    Source,
    /// A filter of a template.
    Filter,
    /// A word of Cedar.
    Keyword,
    /// A type of Cedar.
    Type,
    /// A value as an example.
    Value,
}

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is shown, and matched against what is typed.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// A few words beside the label.
    pub detail: String,
    /// What it is for; Markdown.
    pub documentation: String,
    /// What is put in, as a snippet: `$1`, `${2:word}`, `$0` are stops.
    pub snippet: String,
    /// The bytes it takes the place of.
    pub replace: Bytes,
    /// What comes first.
    pub rank: u8,
    /// Whether more can be asked for at once: a value of a key just put in.
    pub more: bool,
}

/// What the workspace has besides the text.
pub trait Surroundings {
    /// The names declared in a map of the root, such as `upstreams`.
    fn names(&self, section: &str) -> Vec<String>;
    /// The names that the paths of a route capture.
    fn parameters(&self, route: &str) -> Vec<String>;
    /// The entries of a folder relative to the text's own, folders with a `/` at the end.
    fn files(&self, folder: &Path) -> Vec<String>;
}

/// What can be written at an offset, the likeliest first.
pub fn complete(
    lines: &Lines,
    format: Format,
    offset: usize,
    around: &dyn Surroundings,
) -> Vec<Item> {
    let Some(cursor) = cursor(lines, format, offset) else {
        return Vec::new();
    };
    let asked = Asked {
        grammar: Grammar::get(),
        format,
        around,
        replace: cursor.word,
        next: lines
            .text()
            .get(offset..)
            .and_then(|rest| rest.chars().next()),
        offset,
        layout: Layout::of(lines, format, offset),
    };
    let mut items = asked.items(&cursor.slot);
    items.sort_by(|one, two| (one.rank, &one.label).cmp(&(two.rank, &two.label)));
    items.dedup_by(|one, two| one.label == two.label && one.kind == two.kind);
    items
}

/// What every kind of completion needs to know.
struct Asked<'a> {
    grammar: &'static Grammar,
    format: Format,
    around: &'a dyn Surroundings,
    replace: Bytes,
    /// What stands behind the cursor.
    next: Option<char>,
    offset: usize,
    layout: Layout,
}

/// What the line of a cursor asks of what is put in over several lines.
#[derive(Debug, Clone, Copy, Default)]
struct Layout {
    /// How much deeper than its line a key stands: behind the dash of a list.
    behind: usize,
    /// Whether everything has to stay in the line: within `{…}` in YAML.
    flow: bool,
}

impl Layout {
    fn of(lines: &Lines, format: Format, offset: usize) -> Self {
        let line = lines.line(lines.line_of(offset));
        let before = lines.text().get(line.start..offset).unwrap_or("");
        if format == Format::Kdl {
            return Self::default();
        }
        let words = before.trim_start();
        let dashes = words.len() - words.trim_start_matches(['-', ' ']).len();
        let count = |mark: char| before.matches(mark).count();
        Self {
            behind: if words.starts_with("- ") { dashes } else { 0 },
            flow: count('{') > count('}') || count('[') > count(']'),
        }
    }
}

impl Asked<'_> {
    fn items(&self, slot: &Slot) -> Vec<Item> {
        match slot {
            Slot::Key {
                object,
                given,
                path,
            } => self.keys(*object, given, path),
            Slot::Name { path } => self.new_names(path),
            Slot::Entry {
                object,
                fields,
                given,
                path,
                before,
                quote,
            } => {
                let mut items: Vec<Item> = fields
                    .iter()
                    .flat_map(|field| {
                        let mut path = path.clone();
                        path.push(field.key.clone());
                        self.values(field.kind, Some(field), &path, before, *quote)
                    })
                    .collect();
                if *quote == Quote::Bare {
                    items.extend(self.properties(*object, given));
                    if path.last().is_some_and(|key| key == "as") {
                        items.extend(self.given_claims(given));
                    }
                }
                items
            }
            Slot::Value {
                kind,
                field,
                path,
                before,
                quote,
            } => self.values(*kind, *field, path, before, *quote),
            Slot::Annotation => self.annotations(),
        }
    }

    fn item(&self, label: impl Into<String>, kind: Kind) -> Item {
        let label = label.into();
        Item {
            snippet: snippet::escaped(&label),
            label,
            kind,
            detail: String::new(),
            documentation: String::new(),
            replace: self.replace.clone(),
            rank: 5,
            more: false,
        }
    }

    fn annotations(&self) -> Vec<Item> {
        let known = [
            (
                "env",
                "a variable of the environment, at compile time: `NAME` or `NAME:-default`",
            ),
            ("file", "the text of a file, at compile time"),
            (
                "secret",
                "a secret that the replica looks up; it never goes into the bundle",
            ),
        ];
        let item = |(word, what): (&str, &str)| Item {
            documentation: what.to_owned(),
            ..self.item(word, Kind::Choice)
        };
        known.into_iter().map(item).collect()
    }
}
