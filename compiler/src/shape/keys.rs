//! Keys that no schema knows, and keys given twice.
//!
//! A tree keeps every entry as it was written. Here each object is looked at once: an unknown key is
//! reported and left out (or taken for the one that was surely meant), and of two entries with one
//! key the first stays.

use std::collections::HashMap;

use gatec_syntax::{Document, Entry, Node, Object, Value};

use super::findings::Findings;
use super::grammar::{Grammar, ObjectType, Type, TypeId};
use super::rules::{duplicate_key, unknown_key};

/// Leaves only known keys in a document, each once.
pub fn clean(grammar: &Grammar, document: &mut Document, found: &mut Findings) {
    Cleaner { grammar, found }.object(grammar.root(), &mut document.root, "");
}

struct Cleaner<'a> {
    grammar: &'a Grammar,
    found: &'a mut Findings,
}

impl Cleaner<'_> {
    /// Goes down only where the grammar does, so the depth is bounded by it.
    fn node(&mut self, id: TypeId, node: &mut Node, owner: &str) {
        match (&mut node.value, self.grammar.kind(id)) {
            (Value::Object(object), _) => self.object(id, object, owner),
            (Value::Array(items), Type::List(list)) => {
                items
                    .iter_mut()
                    .for_each(|item| self.node(list.item, item, owner));
            }
            _ => {}
        }
    }

    fn object(&mut self, id: TypeId, object: &mut Object, owner: &str) {
        match self.grammar.kind(id) {
            Type::Object(kind) => {
                self.known(kind, object, owner);
                for Entry { key, node, .. } in &mut object.entries {
                    if let Some(field) = kind.key(key) {
                        self.node(field.kind, node, key);
                    }
                }
                self.once(object);
            }
            Type::Map(map) => {
                for Entry { key, node, .. } in &mut object.entries {
                    self.node(map.value, node, key);
                }
                self.once(object);
            }
            _ => {}
        }
    }

    /// Unknown keys are reported and go.
    fn known(&mut self, kind: &ObjectType, object: &mut Object, owner: &str) {
        if object
            .entries
            .iter()
            .all(|entry| kind.position(&entry.key).is_some())
        {
            return;
        }
        let mut given: Vec<bool> = vec![false; kind.fields.len()];
        for position in object
            .entries
            .iter()
            .filter_map(|entry| kind.position(&entry.key))
        {
            given
                .iter_mut()
                .skip(position)
                .take(1)
                .for_each(|given| *given = true);
        }
        object.entries.retain_mut(|entry| {
            if kind.position(&entry.key).is_some() {
                return true;
            }
            if self.found.is_full() {
                self.found.count();
                return false;
            }
            let unknown = unknown_key::key(self.grammar, kind, owner, &entry.key, entry.key_span);
            let meant = unknown
                .meant
                .filter(|position| given.get(*position) == Some(&false));
            self.found.push(unknown.finding(meant.is_some()));
            let Some((position, field)) = meant.and_then(|at| Some((at, kind.fields.get(at)?)))
            else {
                return false;
            };
            given
                .iter_mut()
                .skip(position)
                .take(1)
                .for_each(|given| *given = true);
            entry.key.clone_from(&field.key);
            true
        });
    }

    /// Of entries with one key the first stays.
    fn once(&mut self, object: &mut Object) {
        let mut first = HashMap::with_capacity(object.entries.len());
        let mut again = vec![false; object.entries.len()];
        for (entry, again) in object.entries.iter().zip(&mut again) {
            let seen = *first.entry(entry.key.as_str()).or_insert(entry.key_span);
            if seen != entry.key_span {
                self.found
                    .push(duplicate_key::again(&entry.key, entry.key_span, seen));
                *again = true;
            }
        }
        if again.contains(&true) {
            let mut again = again.into_iter();
            object.entries.retain(|_| again.next() != Some(true));
        }
    }
}
