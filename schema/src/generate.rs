//! The JSON Schema (draft 2020-12) of a spec, made from the types.

use serde_json::{Map, Value, json};

use crate::Spec;

/// The JSON Schema of a whole spec. Deterministic.
pub fn json_schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let schema = settings.into_generator().into_root_schema_for::<Spec>();
    let mut schema = schema.to_value();
    add_profiles(&mut schema);
    schema
}

/// Adds `profiles`: each holds the same keys as a spec, none of them required, since it is merged
/// over the rest.
fn add_profiles(schema: &mut Value) {
    let overlay = json!({
        "type": "object",
        "description": "What holds under a profile: merged over the rest when that profile is chosen.",
        "properties": overlay_properties(schema),
        "additionalProperties": false,
    });
    let partial: Map<String, Value> = definitions(schema)
        .map(|(name, definition)| (partial_name(name), partial(definition)))
        .collect();
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.extend(partial);
        definitions.insert("Overlay".to_owned(), overlay);
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert(
            "profiles".to_owned(),
            json!({
                "description": "Differences by environment: chosen with `--profile NAME`, merged over the rest.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/Overlay" },
                "x-kdl": { "node": "profile" },
            }),
        );
    }
}

fn overlay_properties(schema: &Value) -> Value {
    let mut properties = schema.get("properties").map(partial).unwrap_or_default();
    if let Some(properties) = properties.as_object_mut() {
        properties.remove("include");
    }
    properties
}

fn definitions(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("$defs")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn partial_name(name: &str) -> String {
    format!("{name}Overlay")
}

/// The same schema with nothing required and no defaults, pointing at the other partial ones.
fn partial(value: &Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(
            object
                .iter()
                .filter(|(key, value)| {
                    !(key.as_str() == "required" && value.is_array()) && key.as_str() != "default"
                })
                .map(|(key, value)| match (key.as_str(), value) {
                    ("$ref", Value::String(target)) => (key.clone(), json!(partial_name(target))),
                    _ => (key.clone(), partial(value)),
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(partial).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_has_its_definition() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    for (key, value) in object {
                        match (key.as_str(), value) {
                            ("$ref", Value::String(target)) => found.push(target.clone()),
                            _ => references(value, found),
                        }
                    }
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let schema = json_schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 20);
        for target in found {
            let pointer = target.trim_start_matches('#');
            assert!(schema.pointer(pointer).is_some(), "{target}");
        }
    }

    #[test]
    fn every_key_has_words() {
        fn check(name: &str, schema: &Value) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                assert!(
                    property["description"].is_string(),
                    "{name}.{key} has no description"
                );
            }
        }
        let schema = json_schema();
        check("the root", &schema);
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            check(name, definition);
        }
    }
}
