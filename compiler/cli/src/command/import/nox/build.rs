//! A document that was not read but made.

use gatec_syntax::{Comments, Document, Entry, Node, Number, Object, Span, Value};

/// An object in the making.
#[derive(Default)]
pub(super) struct Built {
    object: Object,
}

impl Built {
    /// An object with one entry.
    pub(super) fn with(key: &str, node: Node) -> Node {
        let mut built = Self::default();
        built.put(key, node);
        built.into_node()
    }

    pub(super) fn put(&mut self, key: &str, node: Node) {
        self.put_entry(commented(key, node, Vec::new()));
    }

    pub(super) fn put_unless_empty(&mut self, key: &str, node: Node) {
        if node
            .as_object()
            .is_none_or(|object| !object.entries.is_empty())
        {
            self.put(key, node);
        }
    }

    pub(super) fn put_entry(&mut self, entry: Entry) {
        self.object.entries.push(entry);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.object.entry(key).is_some()
    }

    pub(super) fn into_node(self) -> Node {
        node(Value::Object(self.object))
    }

    pub(super) fn into_document(self) -> Document {
        Document {
            root: self.object,
            ..Document::default()
        }
    }
}

/// An entry with comment lines above it.
pub(super) fn commented(key: &str, node: Node, leading: Vec<String>) -> Entry {
    let comments = (!leading.is_empty()).then(|| {
        Box::new(Comments {
            leading,
            trailing: None,
        })
    });
    Entry {
        key: key.to_owned(),
        key_span: Span::default(),
        node,
        comments,
    }
}

pub(super) fn string(text: &str) -> Node {
    node(Value::String(text.to_owned()))
}

pub(super) fn whole(number: i64) -> Node {
    node(Value::Number(Number::Integer(number)))
}

pub(super) fn truth(value: bool) -> Node {
    node(Value::Bool(value))
}

pub(super) fn list(items: Vec<Node>) -> Node {
    node(Value::Array(items))
}

fn node(value: Value) -> Node {
    Node {
        value,
        span: Span::default(),
    }
}
