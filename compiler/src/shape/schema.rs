//! The JSON Schema of a spec, spelled in one way.
//!
//! What `gatec schema` prints says "may be left out" as `anyOf [T, null]` or `type: [T, null]`, and a
//! set of words as `oneOf` of constants. Here the same schema is spelled flat, so that the grammar can
//! be read from it and the validator's errors point at one keyword.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// Marks a flattened part that may also be `null`.
pub(crate) const NULLABLE: &str = "x-nullable";

/// The flat schema. Made once.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| flatten(gatec_schema::json_schema()))
}

fn flatten(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let object = object
                .into_iter()
                .map(|(key, value)| (key, flatten(value)))
                .collect();
            Value::Object(bounds(words(option(object))))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(flatten).collect()),
        other => other,
    }
}

/// `anyOf [T, null]` and `type: [T, null]` become `T` with a mark.
fn option(mut object: Map<String, Value>) -> Map<String, Value> {
    let is_null =
        |choice: &Value| *choice == json!("null") || choice.get("type") == Some(&json!("null"));
    if let Some(Value::Array(mut kinds)) = object.get("type").cloned() {
        let all = kinds.len();
        kinds.retain(|kind| !is_null(kind));
        if kinds.len() < all {
            object.insert(NULLABLE.to_owned(), json!(true));
        }
        if let [kind] = kinds.as_slice() {
            object.insert("type".to_owned(), kind.clone());
        }
    }
    if let Some(Value::Array(mut choices)) = object.get("anyOf").cloned() {
        let all = choices.len();
        choices.retain(|choice| !is_null(choice));
        if let ([Value::Object(only)], true) = (choices.as_slice(), choices.len() < all) {
            object.remove("anyOf");
            for (key, value) in only {
                object.entry(key.clone()).or_insert_with(|| value.clone());
            }
            object.insert(NULLABLE.to_owned(), json!(true));
        }
    }
    object
}

/// `oneOf` of constants becomes `enum`.
fn words(mut object: Map<String, Value>) -> Map<String, Value> {
    let constants: Option<Vec<Value>> =
        object
            .get("oneOf")
            .and_then(Value::as_array)
            .and_then(|choices| {
                choices
                    .iter()
                    .map(|choice| choice.get("const").cloned())
                    .collect()
            });
    if let Some(constants) = constants {
        object.remove("oneOf");
        object.insert("type".to_owned(), json!("string"));
        object.insert("enum".to_owned(), Value::Array(constants));
    }
    object
}

/// `format: uint32` and its kin bind nothing in JSON Schema, so their bounds are spelled out.
fn bounds(mut object: Map<String, Value>) -> Map<String, Value> {
    let (low, high) = match object.get("format").and_then(Value::as_str) {
        Some("uint8") => (0, i64::from(u8::MAX)),
        Some("uint16") => (0, i64::from(u16::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint64" | "uint") => (0, i64::MAX),
        _ => return object,
    };
    object.remove("format");
    object.entry("minimum").or_insert(json!(low));
    object.entry("maximum").or_insert(json!(high));
    object
}
