//! The mark in a YAML tree.

use gatec_compiler::load::Format;
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Field, Type, TypeId};
use gatec_syntax::{Node, Object, SourceId, Value, yaml};

use super::{MARK, Quote, Slot, before_mark};

/// Finds what is typed at a cursor, with its line before it.
pub(super) fn slot(text: &str, offset: usize, before: &str) -> Option<Slot> {
    let (head, tail) = (text.get(..offset)?, text.get(offset..)?);
    let typed = before.trim_start().trim_start_matches("- ");
    let alone = typed
        .chars()
        .all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let line = tail.lines().next().unwrap_or("");
    let as_key = format!("{head}{MARK}: {tail}");
    // A value in quotes that are not closed would swallow the rest.
    let quote = open_quote(typed).filter(|quote| !line.contains(*quote));
    let as_value = match quote {
        Some(quote) => format!("{head}{MARK}{quote}{tail}"),
        None => format!("{head}{MARK}{tail}"),
    };
    let may_be_key = alone && line.trim().is_empty();
    let order = match may_be_key {
        true if before.trim_start().starts_with('-') => [&as_value, &as_key],
        true => [&as_key, &as_value],
        false => [&as_value, &as_value],
    };
    order.into_iter().find_map(|marked| find(marked))
}

fn open_quote(typed: &str) -> Option<char> {
    let mut open = None;
    let mut characters = typed.chars();
    while let Some(c) = characters.next() {
        match (open, c) {
            (Some('"'), '\\') => {
                characters.next();
            }
            (Some(quote), c) if c == quote => open = None,
            (None, '"' | '\'') => open = Some(c),
            _ => {}
        }
    }
    open
}

fn find(marked: &str) -> Option<Slot> {
    let (document, _) = yaml::parse(SourceId(0), marked);
    let search = Search {
        grammar: Grammar::get(),
        text: marked,
    };
    search.object(&document.root, search.grammar.root(), &mut Vec::new())
}

struct Search<'t> {
    grammar: &'static Grammar,
    text: &'t str,
}

impl Search<'_> {
    fn object(&self, object: &Object, kind: TypeId, path: &mut Vec<String>) -> Option<Slot> {
        for entry in &object.entries {
            if entry.key.contains(MARK) {
                return self.key(object, kind, path);
            }
            let Some((below, field)) = self.grammar.below(kind, &entry.key) else {
                continue;
            };
            path.push(entry.key.clone());
            if let Some(slot) = self.node(&entry.node, below, field, path) {
                return Some(slot);
            }
            path.pop();
        }
        None
    }

    fn key(&self, object: &Object, kind: TypeId, path: &[String]) -> Option<Slot> {
        let path = path.to_vec();
        match self.grammar.kind(kind) {
            Type::Object(_) => {
                let keys = object.entries.iter().map(|entry| &entry.key);
                let given = keys.filter(|key| !key.contains(MARK)).cloned().collect();
                Some(Slot::Key {
                    object: kind,
                    given,
                    path,
                })
            }
            Type::Map(_) => Some(Slot::Name { path }),
            _ => None,
        }
    }

    fn node(
        &self,
        node: &Node,
        kind: TypeId,
        field: Option<&'static Field>,
        path: &mut Vec<String>,
    ) -> Option<Slot> {
        match (&node.value, self.grammar.kind(kind)) {
            (Value::Object(object), _) => self.object(object, kind, path),
            (Value::Array(items), Type::List(list)) => items
                .iter()
                .find_map(|item| self.node(item, list.item, field, path)),
            (Value::String(text), expected) => {
                let before = before_mark(text)?;
                match expected {
                    Type::Scalar(_) => Some(self.value(node, kind, field, path, before)),
                    Type::List(list) if self.grammar.scalar(list.item).is_some() => {
                        Some(self.value(node, list.item, field, path, before))
                    }
                    // A word where an object is expected is its first key, half typed.
                    _ => self.key(&Object::default(), kind, path),
                }
            }
            (Value::Reference(reference), _) if reference.kind.contains(MARK) => {
                Some(Slot::Annotation)
            }
            _ => None,
        }
    }

    fn value(
        &self,
        node: &Node,
        kind: TypeId,
        field: Option<&'static Field>,
        path: &[String],
        before: String,
    ) -> Slot {
        let written = self.text.get(node.span.range()).unwrap_or("");
        Slot::Value {
            kind,
            field,
            path: path.to_vec(),
            before,
            quote: Quote::of(written, Format::Yaml),
        }
    }
}
