//! Conditions on bodies.

use std::path::Path;

use gatec_schema::BodyMatch;
use gated_engine::program::{BodyCondition, BodySubject};
use serde_json::Value;

use super::matching::{Tables, text_tests};

pub(super) fn body_conditions(
    conditions: &[BodyMatch],
    tables: &mut Tables,
    root: &Path,
) -> Vec<BodyCondition> {
    conditions
        .iter()
        .map(|condition| body_condition(condition, tables, root))
        .collect()
}

fn body_condition(condition: &BodyMatch, tables: &mut Tables, root: &Path) -> BodyCondition {
    let subject = subject(condition, tables, root);
    let whole = matches!(subject, BodySubject::Json { .. } | BodySubject::Schema(_));
    let tests = match whole {
        true => Vec::new(),
        false => text_tests(
            condition.equals.as_deref(),
            condition.contains.as_deref(),
            condition
                .regex
                .as_ref()
                .map(|regex| tables.regexes.add(regex.as_str())),
            condition.present,
        ),
    };
    BodyCondition { subject, tests }
}

fn subject(condition: &BodyMatch, tables: &mut Tables, root: &Path) -> BodySubject {
    if let Some(path) = &condition.json_path {
        return BodySubject::JsonPath(path.as_str().to_owned());
    }
    if let Some(json) = &condition.json {
        return BodySubject::Json {
            value: canonical(json.as_str()),
            ignore: condition
                .ignore
                .iter()
                .map(|path| path.as_str().to_owned())
                .collect(),
            ignore_extra: condition.ignore_extra,
        };
    }
    if let Some(schema) = &condition.schema {
        let text = std::fs::read_to_string(root.join(schema.as_str())).unwrap_or_default();
        return BodySubject::Schema(tables.schemas.add(&compact(&text)));
    }
    match &condition.form {
        Some(field) => BodySubject::Form(field.clone()),
        None => BodySubject::Text,
    }
}

/// JSON without blanks, keys in order.
fn canonical(text: &str) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => sorted(value).to_string(),
        Err(_) => text.to_owned(),
    }
}

fn compact(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |value| value.to_string())
}

/// Depth is bounded: the reader refuses JSON deeper than 128.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.into_iter().collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
