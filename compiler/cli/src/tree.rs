//! A document made from JSON instead of read from a text.

use gatec_syntax::{Document, Entry, Node, Number, Object, Span, Value};
use serde_json::Value as Json;

/// The document of a JSON object; of anything else, an empty one.
pub(crate) fn of(json: &Json) -> Document {
    match node(json).value {
        Value::Object(root) => Document {
            root,
            ..Document::default()
        },
        _ => Document::default(),
    }
}

fn node(json: &Json) -> Node {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::String(text) => Value::String(text.clone()),
        Json::Number(number) => Value::Number(match number.as_i64() {
            Some(whole) => Number::Integer(whole),
            None => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Json::Array(items) => Value::Array(items.iter().map(node).collect()),
        Json::Object(entries) => Value::Object(Object {
            entries: entries
                .iter()
                .map(|(key, value)| entry(key, value))
                .collect(),
        }),
    };
    Node {
        value,
        span: Span::default(),
    }
}

fn entry(key: &str, value: &Json) -> Entry {
    Entry {
        key: key.to_owned(),
        key_span: Span::default(),
        node: node(value),
        comments: None,
    }
}
