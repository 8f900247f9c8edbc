//! Values that a mistake of syntax swallowed.
//!
//! A text that is broken inside a value often leaves the key with nothing behind it. The mistake is
//! told where it stands; that the value is missing would be said of text that is there.

use gatec_syntax::{Diagnostic, Document, Node, Object, SourceId, Span, Value};

/// The empty values of a document in whose place a mistake was found.
pub fn values(document: &Document, found: &[Diagnostic]) -> Vec<Span> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut parts = Parts::default();
    parts.object(&document.root);
    parts.keys.sort_unstable();
    let mut errors: Vec<(SourceId, u32)> = found
        .iter()
        .map(|error| (error.span.source, error.span.start))
        .collect();
    errors.sort_unstable();
    let swallowed = |span: &Span| {
        let start = (span.source, span.start);
        let next = parts
            .keys
            .get(parts.keys.partition_point(|key| *key <= start));
        let error = errors.get(errors.partition_point(|error| *error < start));
        error.is_some_and(|error| {
            error.0 == span.source && next.is_none_or(|next| next.0 != span.source || error < next)
        })
    };
    parts.empty.into_iter().filter(swallowed).collect()
}

/// Where the keys begin, and the values that are not there.
#[derive(Default)]
struct Parts {
    keys: Vec<(SourceId, u32)>,
    empty: Vec<Span>,
}

impl Parts {
    fn object(&mut self, object: &Object) {
        for entry in &object.entries {
            self.keys
                .push((entry.key_span.source, entry.key_span.start));
            self.node(&entry.node);
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.value {
            Value::Null => self.empty.push(node.span),
            Value::Object(object) => self.object(object),
            Value::Array(items) => items.iter().for_each(|item| self.node(item)),
            _ => {}
        }
    }
}
