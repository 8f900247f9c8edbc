//! Merge keys: `<<: *base` takes over the entries of another map that this one does not have.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::document::{Entry, Node, Value};

use super::rules;

/// Appends to a map what its merge keys bring. The map's own keys win, then earlier maps.
pub(super) fn merge(entries: &mut Vec<Entry>, merges: Vec<Node>, findings: &mut Vec<Diagnostic>) {
    if merges.is_empty() {
        return;
    }
    let mut known: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    for node in merges {
        match node.value {
            Value::Array(items) => {
                for item in items {
                    take(entries, &mut known, item, findings);
                }
            }
            _ => take(entries, &mut known, node, findings),
        }
    }
}

fn take(
    entries: &mut Vec<Entry>,
    known: &mut HashSet<String>,
    node: Node,
    findings: &mut Vec<Diagnostic>,
) {
    match node.value {
        Value::Object(object) => {
            let fresh = object
                .entries
                .into_iter()
                .filter(|entry| known.insert(entry.key.clone()));
            entries.extend(fresh);
        }
        // A mistake in the alias itself has left a null; it has been reported.
        Value::Null => {}
        other => findings.push(
            Diagnostic::error(
                rules::bad_merge::RULE.code,
                node.span,
                format!("`<<` merges maps, but this is {}", other.kind()),
            )
            .help("write `<<: *name`, where `&name` marks a map, or a list of such aliases"),
        ),
    }
}
