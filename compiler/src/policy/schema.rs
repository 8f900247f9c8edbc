//! The Cedar schema of a spec.

use std::collections::BTreeMap;

use cedar_policy::{Schema, SchemaFragment};
use gated_engine::program::ClaimKind;
use serde_json::{Map, Value, json};

use super::entities::Hierarchy;
use super::names::{ACTION, ROLE, ROUTE};
use super::world::World;

/// The schema as Cedar's JSON has it. `applies` says for which actions requests are considered; the rest
/// are known by name alone.
pub fn json(world: &World, hierarchy: &Hierarchy, applies: impl Fn(&str) -> bool) -> Value {
    let mut types = Map::new();
    types.insert(
        ROLE.to_owned(),
        json!({ "memberOfTypes": parents_of(ROLE, hierarchy) }),
    );
    for kind in hierarchy.types() {
        types
            .entry(kind)
            .or_insert_with(|| json!({ "memberOfTypes": hierarchy.parents_of(kind) }));
    }
    for principal in world.principals.values() {
        let attributes: Map<String, Value> = principal
            .claims
            .iter()
            .map(|(name, (_, kind, optional))| (name.clone(), attribute(*kind, *optional)))
            .collect();
        types.insert(
            principal.kind.clone(),
            json!({
                "memberOfTypes": parents_of(&principal.kind, hierarchy),
                "shape": { "type": "Record", "attributes": attributes },
            }),
        );
    }
    let mut resources = Map::new();
    let mut actions = Map::new();
    let context = context(world);
    for action in world.actions.values() {
        for tag in &action.tags {
            actions.entry(tag).or_insert_with(|| json!({}));
        }
    }
    for (name, action) in &world.actions {
        let attributes: Map<String, Value> = action
            .parameters
            .iter()
            .map(|(name, (kind, optional))| (name.clone(), attribute(*kind, *optional)))
            .collect();
        let kind = action.resource.trim_start_matches("Route::");
        resources.insert(
            kind.to_owned(),
            json!({ "shape": { "type": "Record", "attributes": attributes } }),
        );
        let groups: Vec<Value> = action.tags.iter().map(|tag| json!({ "id": tag })).collect();
        let mut declared = json!({ "memberOf": groups });
        let principals: Vec<&str> = action
            .identities
            .iter()
            .filter_map(|name| world.principals.get(name))
            .map(|principal| principal.kind.as_str())
            .collect();
        if !principals.is_empty() && applies(name) {
            let applies = json!({
                "principalTypes": principals,
                "resourceTypes": [action.resource],
                "context": context,
            });
            if let Some(declared) = declared.as_object_mut() {
                declared.insert("appliesTo".to_owned(), applies);
            }
        }
        actions.insert(name.clone(), declared);
    }
    json!({
        "": { "entityTypes": types, "actions": actions },
        ROUTE: { "entityTypes": resources, "actions": {} },
    })
}

fn parents_of(kind: &str, hierarchy: &Hierarchy) -> Vec<String> {
    let mut parents = hierarchy.parents_of(kind);
    if !parents.iter().any(|parent| parent == ROLE) {
        parents.push(ROLE.to_owned());
    }
    parents
}

fn attribute(kind: ClaimKind, optional: bool) -> Value {
    let mut kind = match kind {
        ClaimKind::Text => json!({ "type": "String" }),
        ClaimKind::Long => json!({ "type": "Long" }),
        ClaimKind::Bool => json!({ "type": "Boolean" }),
        ClaimKind::Texts => json!({ "type": "Set", "element": { "type": "String" } }),
        ClaimKind::Longs => json!({ "type": "Set", "element": { "type": "Long" } }),
        ClaimKind::Datetime => json!({ "type": "Extension", "name": "datetime" }),
        ClaimKind::Ip => json!({ "type": "Extension", "name": "ipaddr" }),
        ClaimKind::Decimal => json!({ "type": "Extension", "name": "decimal" }),
    };
    if let Some(kind) = kind.as_object_mut() {
        kind.insert("required".to_owned(), Value::Bool(!optional));
    }
    kind
}

/// What is known of every request.
pub const CONTEXT: [(&str, ClaimKind); 6] = [
    ("client", ClaimKind::Ip),
    ("host", ClaimKind::Text),
    ("method", ClaimKind::Text),
    ("path", ClaimKind::Text),
    ("secure", ClaimKind::Bool),
    ("time", ClaimKind::Datetime),
];

fn context(world: &World) -> Value {
    let mut attributes: BTreeMap<&str, Value> = CONTEXT
        .into_iter()
        .map(|(name, kind)| (name, attribute(kind, false)))
        .collect();
    let record = |names: &[String]| {
        let attributes: BTreeMap<&String, Value> = names
            .iter()
            .map(|name| (name, attribute(ClaimKind::Text, true)))
            .collect();
        json!({ "type": "Record", "attributes": attributes })
    };
    for (name, names) in [("headers", &world.headers), ("query", &world.query)] {
        if !names.is_empty() {
            attributes.insert(name, record(names));
        }
    }
    if !world.session.is_empty() {
        let fields: BTreeMap<&String, Value> = world
            .session
            .iter()
            .map(|(name, kind)| (name, attribute(*kind, true)))
            .collect();
        let session = json!({ "type": "Record", "attributes": fields });
        attributes.insert("session", session);
    }
    json!({ "type": "Record", "attributes": attributes })
}

/// The schema, ready to validate with.
///
/// # Errors
/// Names that collide; the findings about names tell it better.
pub fn schema(json: Value) -> Result<Schema, String> {
    Schema::from_json_value(json).map_err(|error| error.to_string())
}

/// The schema as a person reads it.
///
/// # Errors
/// As [`schema`].
pub fn shown(json: Value) -> Result<String, String> {
    let fragment = SchemaFragment::from_json_value(json).map_err(|error| error.to_string())?;
    let text = fragment
        .to_cedarschema()
        .map_err(|error| error.to_string())?;
    // No type of a spec can have the name of one of Cedar's own.
    Ok(text.replace("__cedar::", ""))
}

/// The Cedar name of an action.
pub fn action_uid(route: &str) -> String {
    format!("{ACTION}::{}", quoted(route))
}

/// A text as Cedar writes it.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}
