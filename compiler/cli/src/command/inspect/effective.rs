//! A spec as it holds, and what a profile changes in it.

use std::path::Path;

use serde_json::Value;

use crate::spec::{self, Form, Served};
use crate::{CommandError, tree};

/// The spec with every default, as JSON.
pub(super) fn value(served: &Served, file: &Path) -> Result<Value, CommandError> {
    let spec = served.spec.as_ref().ok_or_else(|| {
        CommandError::new(format!(
            "`{}` is a bundle: the spec is not in it",
            spec::shown(file)
        ))
        .hint("give the spec that it was built from")
    })?;
    serde_json::to_value(spec)
        .map_err(|error| CommandError::new(format!("cannot write the spec: {error}")))
}

/// The same in the form of a spec.
pub(super) fn written(served: &Served, file: &Path, form: Form) -> Result<String, CommandError> {
    let value = without_empty(value(served, file)?);
    Ok(spec::written(&tree::of(&value), form))
}

/// Empty objects and lists say nothing in a spec, and a list that is written empty may be refused.
fn without_empty(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object
                .into_iter()
                .map(|(key, value)| (key, without_empty(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_empty).collect()),
        other => other,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Null => true,
        _ => false,
    }
}

/// A value that the profile replaced: its path, the words of the spec without the profile and with
/// it, and where the latter stand.
pub(super) struct Replaced {
    pub(super) path: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) place: String,
}

/// What the chosen profile replaced; of a bundle nothing is known.
pub(super) fn replaced(served: &Served) -> Vec<Replaced> {
    let Some(compiled) = &served.compiled else {
        return Vec::new();
    };
    let words = |span| first_line(compiled.sources.slice(span));
    let replaced = compiled.replaced.iter().map(|one| Replaced {
        path: one.path.join("."),
        before: words(one.old),
        after: words(one.new),
        place: compiled.sources.place(one.new),
    });
    replaced.collect()
}

/// As much of a value as tells which one it is.
fn first_line(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or("");
    let short: String = line.chars().take(60).collect();
    match short.len() < words.trim().len() {
        true => format!("{short} …"),
        false => short,
    }
}
