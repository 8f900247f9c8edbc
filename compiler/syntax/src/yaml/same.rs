//! Whether two documents mean the same, wherever their words stand.

use crate::document::{Document, Node, Number, Object, Value};

/// Whether two documents have the same entries in the same order with the same values. Spans and
/// comments do not count.
pub fn same(one: &Document, other: &Document) -> bool {
    object(&one.root, &other.root)
}

/// All comments of a document, in order.
pub(super) fn comments(document: &Document) -> Vec<&str> {
    let mut all = Vec::new();
    collect_object(&document.root, &mut all);
    all.extend(document.trailing_comments.iter().map(String::as_str));
    all
}

fn object(one: &Object, other: &Object) -> bool {
    one.entries.len() == other.entries.len()
        && one
            .entries
            .iter()
            .zip(&other.entries)
            .all(|(one, other)| one.key == other.key && node(&one.node, &other.node))
}

fn node(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Object(one), Value::Object(other)) => object(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| node(one, other))
        }
        (Value::Number(Number::Float(one)), Value::Number(Number::Float(other))) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        (Value::Reference(one), Value::Reference(other)) => {
            one.kind == other.kind && one.target == other.target
        }
        (one, other) => one == other,
    }
}

fn collect_object<'d>(object: &'d Object, all: &mut Vec<&'d str>) {
    for entry in &object.entries {
        if let Some(comments) = &entry.comments {
            all.extend(comments.leading.iter().map(String::as_str));
            all.extend(comments.trailing.as_deref());
        }
        collect_node(&entry.node, all);
    }
}

fn collect_node<'d>(node: &'d Node, all: &mut Vec<&'d str>) {
    match &node.value {
        Value::Object(object) => collect_object(object, all),
        Value::Array(items) => items.iter().for_each(|item| collect_node(item, all)),
        _ => {}
    }
}
