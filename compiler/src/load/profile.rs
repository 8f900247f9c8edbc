//! Profiles: what holds in one environment, merged over the rest.

use std::collections::HashMap;

use gatec_syntax::{Document, Entry, Node, Object, Span, Value};

use super::rules::unknown_profile;
use crate::shape::Findings;

/// A value that a profile replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The path of the value.
    pub path: Vec<String>,
    /// Where the value was that no longer holds.
    pub old: Span,
    /// Where the value is that holds.
    pub new: Span,
}

const KEY: &str = "profiles";

/// The profiles there are.
pub(super) fn names(document: &Document) -> Vec<String> {
    let profiles = document.root.get(KEY).and_then(Node::as_object);
    profiles
        .into_iter()
        .flat_map(|object| &object.entries)
        .map(|entry| entry.key.clone())
        .collect()
}

/// Merges a profile over the rest and says what it replaced.
pub(super) fn choose(
    document: &mut Document,
    name: &str,
    known: &[String],
    found: &mut Findings,
) -> Vec<Replaced> {
    let profiles = document.root.get(KEY).and_then(Node::as_object);
    let mut replaced = Vec::new();
    match profiles.and_then(|profiles| profiles.get(name)).cloned() {
        Some(Node {
            value: Value::Object(overlay),
            ..
        }) => {
            merge_over(&mut document.root, overlay, &mut Vec::new(), &mut replaced);
        }
        // A profile that is no object is reported as of a wrong type.
        Some(_) => {}
        None => {
            let start = Span {
                end: document.span.start,
                ..document.span
            };
            found.push(unknown_profile::name(start, name, known));
        }
    }
    replaced
}

/// Objects are merged key by key, everything else is replaced. As deep as the texts, which their
/// parsers bound.
fn merge_over(
    into: &mut Object,
    over: Object,
    path: &mut Vec<String>,
    replaced: &mut Vec<Replaced>,
) {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(into.entries.len());
    for (place, entry) in into.entries.iter().enumerate() {
        places.entry(entry.key.clone()).or_insert(place);
    }
    for entry in over.entries {
        match places
            .get(&entry.key)
            .and_then(|place| into.entries.get_mut(*place))
        {
            None => into.entries.push(entry),
            Some(old) => {
                path.push(entry.key.clone());
                merge_entry(old, entry, path, replaced);
                path.pop();
            }
        }
    }
}

fn merge_entry(old: &mut Entry, new: Entry, path: &mut Vec<String>, replaced: &mut Vec<Replaced>) {
    match (&mut old.node.value, new.node.value) {
        (Value::Object(into), Value::Object(over)) => merge_over(into, over, path, replaced),
        (_, value) => {
            let (old_span, new_span) = (old.node.span, new.node.span);
            replaced.push(Replaced {
                path: path.clone(),
                old: old_span,
                new: new_span,
            });
            old.node = Node {
                value,
                span: new_span,
            };
            old.key_span = new.key_span;
        }
    }
}

/// Takes the profiles out once they have been looked at.
pub(super) fn remove(document: &mut Document, json: &mut serde_json::Value) {
    document.root.entries.retain(|entry| entry.key != KEY);
    if let Some(object) = json.as_object_mut() {
        object.shift_remove(KEY);
    }
}
