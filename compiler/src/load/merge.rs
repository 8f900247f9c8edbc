//! Several files become one object.
//!
//! What a file includes is taken in where its `include` stands: names and items of the included file
//! come before those written after it. Maps are united, lists follow each other, objects are merged
//! key by key; the same name or setting in two files is a finding, and the first stays.

use std::collections::HashMap;

use gatec_syntax::{Entry, Node, Object, Span, Value};

use super::include::Included;
use super::rules::duplicate_name;
use crate::shape::Findings;
use crate::shape::grammar::{Grammar, Type, TypeId};

/// Merges what a file includes into its own object.
pub(super) fn merge(
    grammar: &Grammar,
    own: Object,
    included: Vec<Included>,
    found: &mut Findings,
) -> Object {
    if included.is_empty() {
        return own;
    }
    let mut parts: Vec<Part> = vec![Part {
        at: None,
        object: own,
    }];
    parts.extend(included.into_iter().map(|part| Part {
        at: Some(part.at),
        object: part.object,
    }));
    Merger { grammar, found }.objects(grammar.root(), parts)
}

/// An object to merge; `at` is where an included one was named, `None` the file's own.
struct Part {
    at: Option<Span>,
    object: Object,
}

/// A value to merge, with the key it was written under.
struct Piece {
    at: Option<Span>,
    entry: Entry,
}

struct Merger<'a> {
    grammar: &'a Grammar,
    found: &'a mut Findings,
}

impl Merger<'_> {
    fn objects(&mut self, id: TypeId, parts: Vec<Part>) -> Object {
        let mut keys: HashMap<String, usize> = HashMap::new();
        let mut gathered: Vec<Vec<Piece>> = Vec::new();
        for Part { at, object } in parts {
            for entry in object.entries {
                let next = gathered.len();
                let index = *keys.entry(entry.key.clone()).or_insert(next);
                if index == next {
                    gathered.push(Vec::new());
                }
                if let Some(pieces) = gathered.get_mut(index) {
                    pieces.push(Piece { at, entry });
                }
            }
        }
        let entries = gathered
            .into_iter()
            .filter_map(|pieces| self.pieces(id, pieces))
            .collect();
        Object { entries }
    }

    /// All values of one key.
    fn pieces(&mut self, id: TypeId, mut pieces: Vec<Piece>) -> Option<Entry> {
        if pieces.len() < 2 {
            return pieces.pop().map(|piece| piece.entry);
        }
        let key = pieces.first().map(|piece| piece.entry.key.clone())?;
        let kind = self.grammar.below(id, &key).map(|(kind, _)| kind);
        let (first, rest) = (pieces.remove(0), pieces);
        let mut entry = first.entry;
        let first_span = entry.key_span;
        entry.node.value = match (
            kind.map(|kind| (kind, self.grammar.kind(kind))),
            entry.node.value,
        ) {
            (Some((kind, Type::Object(_))), Value::Object(object)) => {
                Value::Object(self.objects(kind, parts(first.at, object, rest)))
            }
            (Some((_, Type::Map(map))), Value::Object(object)) => {
                // Only profiles are themselves whole specs, in which two files may say different things.
                let inner = (key == "profiles").then_some(map.value);
                Value::Object(self.names(inner, parts(first.at, object, rest)))
            }
            (Some((_, Type::List(_))), Value::Array(items)) => {
                Value::Array(lists(first.at, items, rest))
            }
            (_, value) => {
                for piece in &rest {
                    self.found.push(duplicate_name::again(
                        &key,
                        piece.entry.key_span,
                        first_span,
                    ));
                }
                value
            }
        };
        Some(entry)
    }

    /// Named entries of several files, in the order their places have.
    fn names(&mut self, inner: Option<TypeId>, parts: Vec<Part>) -> Object {
        let lists = parts
            .into_iter()
            .map(|part| (part.at, part.object.entries))
            .collect();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        for entry in in_order(lists, |entry: &Entry| entry.key_span) {
            let next = entries.len();
            let index = *known.entry(entry.key.clone()).or_insert(next);
            match (entries.get_mut(index), inner, entry) {
                (None, _, entry) => entries.push(entry),
                (
                    Some(first),
                    Some(id),
                    Entry {
                        node:
                            Node {
                                value: Value::Object(second),
                                ..
                            },
                        ..
                    },
                ) if matches!(first.node.value, Value::Object(_)) => {
                    if let Value::Object(one) =
                        std::mem::replace(&mut first.node.value, Value::Null)
                    {
                        let parts = vec![
                            Part {
                                at: None,
                                object: one,
                            },
                            Part {
                                at: None,
                                object: second,
                            },
                        ];
                        first.node.value = Value::Object(self.objects(id, parts));
                    }
                }
                (Some(first), _, entry) => {
                    let finding = duplicate_name::again(&entry.key, entry.key_span, first.key_span);
                    self.found.push(finding);
                }
            }
        }
        Object { entries }
    }
}

/// The objects among the values of one key; what is none is left to the check of types.
fn parts(at: Option<Span>, first: Object, rest: Vec<Piece>) -> Vec<Part> {
    let mut parts = vec![Part { at, object: first }];
    parts.extend(
        rest.into_iter()
            .filter_map(|piece| match piece.entry.node.value {
                Value::Object(object) => Some(Part {
                    at: piece.at,
                    object,
                }),
                _ => None,
            }),
    );
    parts
}

fn lists(at: Option<Span>, first: Vec<Node>, rest: Vec<Piece>) -> Vec<Node> {
    let mut lists = vec![(at, first)];
    lists.extend(
        rest.into_iter()
            .filter_map(|piece| match piece.entry.node.value {
                Value::Array(items) => Some((piece.at, items)),
                _ => None,
            }),
    );
    in_order(lists, |node: &Node| node.span)
}

/// Puts included items before the file's own that are written after the include.
fn in_order<T>(lists: Vec<(Option<Span>, Vec<T>)>, span: impl Fn(&T) -> Span) -> Vec<T> {
    let mut own = Vec::new();
    let mut included = Vec::new();
    for (at, items) in lists {
        match at {
            None => own.extend(items),
            Some(at) => included.push((at, items)),
        }
    }
    included.sort_by_key(|(at, _)| at.start);
    let mut included = included.into_iter().peekable();
    let mut all = Vec::with_capacity(own.len());
    for item in own {
        let here = span(&item);
        while let Some((_, items)) =
            included.next_if(|(at, _)| at.source == here.source && at.start < here.start)
        {
            all.extend(items);
        }
        all.push(item);
    }
    all.extend(included.flat_map(|(_, items)| items));
    all
}
