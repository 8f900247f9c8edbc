//! One text as a tree, with the schema beside each part.

use std::path::PathBuf;
use std::sync::Arc;

use gatec_compiler::load::{self, Format, Input};
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Field, Type, TypeId};
use gatec_syntax::{Document, Entry, Node, Span, Value};

use crate::{Bytes, Lines};

/// A text with what was read in it, its includes not followed.
#[derive(Debug)]
pub struct View {
    /// The text.
    pub text: Arc<str>,
    /// Its lines.
    pub lines: Lines,
    /// Its language.
    pub format: Format,
    /// What could be read in it.
    pub document: Document,
}

impl View {
    /// Reads a text.
    pub fn new(text: Arc<str>, format: Format) -> Self {
        let input = Input::Text {
            name: String::new(),
            text: text.to_string(),
            format,
            base: PathBuf::new(),
        };
        let (_, document, _) = load::document(input);
        Self {
            lines: Lines::new(Arc::clone(&text)),
            text,
            format,
            document,
        }
    }

    /// A text that is no spec.
    pub fn of_other(text: Arc<str>) -> Self {
        Self {
            lines: Lines::new(Arc::clone(&text)),
            text,
            format: Format::Kdl,
            document: Document::default(),
        }
    }

    /// The words of a range.
    pub fn slice(&self, range: &Bytes) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    /// Calls `look` for every part, those that hold others before them, in the order written.
    pub fn walk<'v>(&'v self, look: &mut dyn FnMut(&Place<'v>)) {
        let grammar = Grammar::get();
        for entry in &self.document.root.entries {
            let below = grammar.below(grammar.root(), &entry.key);
            let mut place = Place {
                path: Vec::new(),
                key: None,
                node: &entry.node,
                kind: grammar.root(),
                field: None,
            };
            place.enter(entry, below, look);
        }
    }

    /// Every part that an offset stands in, outermost first.
    pub fn at(&self, offset: usize) -> Vec<Place<'_>> {
        let mut found = Vec::new();
        self.walk(&mut |place| {
            if place
                .whole()
                .is_some_and(|range| crate::touches(&range, offset))
            {
                found.push(place.clone());
            }
        });
        found
    }
}

/// One step on the way to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step<'v> {
    /// The entry of an object.
    Key(&'v str),
    /// The item of a list.
    Item(usize),
}

/// A part of a spec with what the schema says of it.
#[derive(Debug, Clone)]
pub struct Place<'v> {
    /// The way to it from the root.
    pub path: Vec<Step<'v>>,
    /// Its key with where that was written; none for an item of a list.
    pub key: Option<(&'v str, Span)>,
    /// The value.
    pub node: &'v Node,
    /// What the schema says the value is.
    pub kind: TypeId,
    /// The key's description; of an item, that of its list; none for a name that the user chose.
    pub field: Option<&'static Field>,
}

impl<'v> Place<'v> {
    /// The bytes of the key.
    pub fn key_range(&self) -> Option<Bytes> {
        self.key.map(|(_, span)| span.range())
    }

    /// The bytes of key and value together.
    pub fn whole(&self) -> Option<Bytes> {
        let value = self.node.span;
        let span = match self.key {
            Some((_, key)) if !key.is_empty() => key.to(value),
            _ => value,
        };
        (!span.is_empty()).then(|| span.range())
    }

    /// The keys of the path; `None` for an item.
    pub fn keys(&self) -> impl Iterator<Item = Option<&'v str>> + '_ {
        self.path.iter().map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Item(_) => None,
        })
    }

    /// The key at a depth, counted from 0 at the root.
    pub fn key_at(&self, depth: usize) -> Option<&'v str> {
        match self.path.get(depth) {
            Some(Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    fn enter(
        &mut self,
        entry: &'v Entry,
        below: Option<(TypeId, Option<&'static Field>)>,
        look: &mut dyn FnMut(&Place<'v>),
    ) {
        let Some((kind, field)) = below else { return };
        let mut path = self.path.clone();
        path.push(Step::Key(&entry.key));
        let mut place = Place {
            path,
            key: Some((&entry.key, entry.key_span)),
            node: &entry.node,
            kind,
            field,
        };
        look(&place);
        place.inside(look);
    }

    /// Goes down only where the grammar does, so the depth is bounded by it.
    fn inside(&mut self, look: &mut dyn FnMut(&Place<'v>)) {
        let grammar = Grammar::get();
        match &self.node.value {
            Value::Object(object) => {
                for entry in &object.entries {
                    let below = grammar.below(self.kind, &entry.key);
                    self.enter(entry, below, look);
                }
            }
            Value::Array(items) => {
                let Type::List(list) = grammar.kind(self.kind) else {
                    return;
                };
                for (number, item) in items.iter().enumerate() {
                    let mut path = self.path.clone();
                    path.push(Step::Item(number));
                    let mut place = Place {
                        path,
                        key: None,
                        node: item,
                        kind: list.item,
                        field: self.field,
                    };
                    look(&place);
                    place.inside(look);
                }
            }
            _ => {}
        }
    }
}
