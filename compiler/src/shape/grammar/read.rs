//! The grammar is read from the flat JSON Schema.

use std::collections::HashMap;

use gatec_schema::value::Format;
use serde_json::Value;

use super::{
    Argument, Field, Grammar, ListType, MapType, ObjectType, ScalarKind, ScalarType, Type, TypeId,
};
use crate::shape::schema::NULLABLE;

/// Reads each part of the schema once.
pub(super) struct Reader<'s> {
    schema: &'s Value,
    named: HashMap<&'s str, TypeId>,
    types: Vec<Type>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(schema: &'s Value) -> Self {
        Self {
            schema,
            named: HashMap::new(),
            types: Vec::new(),
        }
    }

    pub(super) fn read(mut self) -> Grammar {
        let root = self.kind(self.schema);
        Grammar {
            types: self.types,
            root,
        }
    }

    fn kind(&mut self, part: &'s Value) -> TypeId {
        if let Some(target) = part.get("$ref").and_then(Value::as_str) {
            return self.reference(target);
        }
        let id = self.reserve();
        self.fill(id, part);
        id
    }

    /// A named type is read once; its number is known before it is read, so types can hold themselves.
    fn reference(&mut self, target: &'s str) -> TypeId {
        if let Some(known) = self.named.get(target) {
            return *known;
        }
        let id = self.reserve();
        self.named.insert(target, id);
        let schema = self.schema;
        if let Some(part) = schema.pointer(target.trim_start_matches('#')) {
            self.fill(id, part);
        }
        id
    }

    fn reserve(&mut self) -> TypeId {
        self.types.push(Type::Scalar(ScalarType::default()));
        TypeId(self.types.len() - 1)
    }

    fn fill(&mut self, id: TypeId, part: &'s Value) {
        let kind = if part.get("properties").is_some() {
            Type::Object(self.object(part))
        } else if let Some(items) = part.get("items") {
            Type::List(ListType {
                item: self.kind(items),
            })
        } else if let Some(value) = part
            .get("additionalProperties")
            .filter(|value| value.is_object())
        {
            Type::Map(MapType {
                value: self.kind(value),
                names: part.get("propertyNames").and_then(format),
            })
        } else {
            Type::Scalar(scalar(part))
        };
        if let Some(slot) = self.types.get_mut(id.0) {
            *slot = kind;
        }
    }

    fn object(&mut self, part: &'s Value) -> ObjectType {
        let required: Vec<&str> = strings(part.get("required")).collect();
        let mut object = ObjectType::default();
        for (key, property) in part
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let field = self.field(key, property, required.contains(&key.as_str()));
            let position = object.fields.len();
            object.keys.insert(key.clone(), position);
            object.nodes.insert(field.kdl_name().to_owned(), position);
            object.fields.push(field);
        }
        object.arguments = signatures(part, &object.keys);
        let open = part.pointer("/x-kdl/open").and_then(Value::as_str);
        object.open = open.and_then(|name| object.keys.get(name).copied());
        object
    }

    fn field(&mut self, key: &str, property: &'s Value, required: bool) -> Field {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        Field {
            key: key.to_owned(),
            node: text(property.pointer("/x-kdl/node")),
            kind: self.kind(property),
            required,
            nullable: property.get(NULLABLE).is_some(),
            reference: text(property.get("x-reference")),
            description: text(property.get("description")).unwrap_or_default(),
            default: property.get("default").cloned(),
        }
    }
}

fn signatures(part: &Value, keys: &HashMap<String, usize>) -> Vec<Vec<Argument>> {
    let listed = part.pointer("/x-kdl/arguments").and_then(Value::as_array);
    let argument = |name: &str| {
        let rest = name.ends_with('*');
        let field = *keys.get(name.trim_end_matches('*'))?;
        Some(Argument { field, rest })
    };
    listed
        .into_iter()
        .flatten()
        .map(|signature| strings(Some(signature)).filter_map(argument).collect())
        .collect()
}

fn scalar(part: &Value) -> ScalarType {
    let kind = match part.get("type").and_then(Value::as_str) {
        Some("string") => Some(ScalarKind::Text),
        Some("integer") => Some(ScalarKind::Integer),
        Some("number") => Some(ScalarKind::Number),
        Some("boolean") => Some(ScalarKind::Boolean),
        _ => None,
    };
    ScalarType {
        kind,
        format: format(part),
        choices: part
            .get("enum")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
        minimum: part.get("minimum").and_then(Value::as_i64),
        maximum: part.get("maximum").and_then(Value::as_i64),
        what: part
            .get("x-what")
            .and_then(Value::as_str)
            .map(str::to_owned),
    }
}

fn format(part: &Value) -> Option<&'static Format> {
    let name = part.get("format").and_then(Value::as_str)?;
    gatec_schema::FORMATS
        .iter()
        .find(|format| format.name == name)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
