//! Finds where a part of the spec was written.
//!
//! Checks work on typed values, which know nothing of texts. They name the part they mean by its
//! path, and [`Places`] finds the span in the document.

use std::collections::HashMap;

use gatec_syntax::{Document, Entry, Node, Object, Span, Value};

/// Looks up spans by path. Large objects at the top are indexed, so that a look-up does not walk
/// over ten thousand routes.
pub struct Places<'d> {
    document: &'d Document,
    index: HashMap<&'d str, HashMap<&'d str, usize>>,
}

/// Where something was found on the way down a path.
#[derive(Clone, Copy)]
struct Reached {
    key: Span,
    value: Span,
}

impl<'d> Places<'d> {
    /// Prepares look-ups in a document.
    pub fn new(document: &'d Document) -> Self {
        let index = document
            .root
            .entries
            .iter()
            .filter_map(|entry| Some((entry.key.as_str(), positions(entry.node.as_object()?))))
            .collect();
        Self { document, index }
    }

    /// The span of the value at a path, such as `["routes", "hello", "match", "0", "path"]`. Where a
    /// part is not written (a default), the nearest part above it that is.
    pub fn value(&self, path: &[&str]) -> Span {
        self.reach(path).value
    }

    /// The span of the key at a path; for an item of a list, of the item.
    pub fn key(&self, path: &[&str]) -> Span {
        self.reach(path).key
    }

    /// Whether everything on the path was written.
    pub fn written(&self, path: &[&str]) -> bool {
        self.walk(path).1 == path.len()
    }

    fn reach(&self, path: &[&str]) -> Reached {
        self.walk(path).0
    }

    fn walk(&self, path: &[&str]) -> (Reached, usize) {
        let start = Span {
            end: self.document.span.start,
            ..self.document.span
        };
        let mut reached = Reached {
            key: start,
            value: start,
        };
        let Some((first, rest)) = path.split_first() else {
            return (reached, 0);
        };
        let Some(entry) = self.document.root.entry(first) else {
            return (reached, 0);
        };
        reached = at(entry);
        let mut node = &entry.node;
        for (depth, key) in rest.iter().enumerate() {
            let next = match (&node.value, depth) {
                (Value::Object(object), 0) => {
                    self.indexed(first, object, key).map(|e| (at(e), &e.node))
                }
                (Value::Object(object), _) => object.entry(key).map(|e| (at(e), &e.node)),
                (Value::Array(items), _) => key
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index))
                    .map(|item| {
                        (
                            Reached {
                                key: item.span,
                                value: item.span,
                            },
                            item,
                        )
                    }),
                _ => None,
            };
            let Some((found, below)) = next else {
                return (reached, depth + 1);
            };
            reached = found;
            node = below;
        }
        (reached, path.len())
    }

    fn indexed(&self, section: &str, object: &'d Object, key: &str) -> Option<&'d Entry> {
        let position = *self.index.get(section)?.get(key)?;
        object.entries.get(position)
    }

    /// The node at a path, if it is written.
    pub fn node(&self, path: &[&str]) -> Option<&'d Node> {
        let (first, rest) = path.split_first()?;
        let mut node = &self.document.root.entry(first)?.node;
        for (depth, key) in rest.iter().enumerate() {
            node = match &node.value {
                Value::Object(object) if depth == 0 => &self.indexed(first, object, key)?.node,
                Value::Object(object) => object.get(key)?,
                Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }
}

fn at(entry: &Entry) -> Reached {
    Reached {
        key: entry.key_span,
        value: entry.node.span,
    }
}

fn positions(object: &Object) -> HashMap<&str, usize> {
    let mut positions = HashMap::with_capacity(object.entries.len());
    for (position, entry) in object.entries.iter().enumerate() {
        positions.entry(entry.key.as_str()).or_insert(position);
    }
    positions
}
