//! The grammar of KDL and YAML, read once from the JSON Schema.
//!
//! The schema is a tree of JSON with references; reading it again for every node would be slow and
//! would spread its spelling over the code. Here it is a table of types that refer to each other by
//! number: objects with fields, maps, lists and scalars, with the `x-kdl` hints beside them.

use std::collections::HashMap;
use std::sync::OnceLock;

use gatec_schema::value::Format;
use serde_json::Value;

use super::schema::schema;
use read::Reader;

mod read;

/// The number of a type in a [`Grammar`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeId(usize);

/// Every type of the spec.
#[derive(Debug)]
pub struct Grammar {
    types: Vec<Type>,
    root: TypeId,
}

/// A type.
#[derive(Debug)]
pub enum Type {
    /// A fixed set of keys.
    Object(ObjectType),
    /// Any names, each with a value of one type.
    Map(MapType),
    /// Items of one type.
    List(ListType),
    /// One value.
    Scalar(ScalarType),
}

/// An object with a fixed set of keys.
#[derive(Debug, Default)]
pub struct ObjectType {
    /// The fields in the order of the schema.
    pub fields: Vec<Field>,
    /// What positional arguments fill, by their number.
    pub arguments: Vec<Vec<Argument>>,
    /// The field of a map that takes every name the object has no key for.
    pub open: Option<usize>,
    keys: HashMap<String, usize>,
    nodes: HashMap<String, usize>,
}

/// What one positional argument fills.
#[derive(Debug, Clone)]
pub struct Argument {
    /// The number of the field.
    pub field: usize,
    /// Takes all arguments that remain.
    pub rest: bool,
}

/// A key of an object.
#[derive(Debug)]
pub struct Field {
    /// The key in YAML and in the document.
    pub key: String,
    /// The node that KDL repeats for each item or name; `None`: the key itself, once.
    pub node: Option<String>,
    /// What it holds.
    pub kind: TypeId,
    /// Whether it must be there.
    pub required: bool,
    /// Whether `null` says the same as leaving it out.
    pub nullable: bool,
    /// The map at the root whose names it takes.
    pub reference: Option<String>,
    /// What it is for.
    pub description: String,
    /// What holds when it is left out.
    pub default: Option<Value>,
}

/// Any names, each with a value of one type.
#[derive(Debug)]
pub struct MapType {
    /// What each name holds.
    pub value: TypeId,
    /// The format of the names.
    pub names: Option<&'static Format>,
}

/// A list.
#[derive(Debug)]
pub struct ListType {
    /// What each item is.
    pub item: TypeId,
}

/// One value.
#[derive(Debug, Default)]
pub struct ScalarType {
    /// Whether it is text, a number, or a boolean.
    pub kind: Option<ScalarKind>,
    /// The format of the text.
    pub format: Option<&'static Format>,
    /// The only values, where they are numbered.
    pub choices: Vec<Value>,
    /// The least number.
    pub minimum: Option<i64>,
    /// The greatest number.
    pub maximum: Option<i64>,
    /// What the number means: `status`.
    pub what: Option<String>,
}

/// The kinds of scalars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
}

impl Grammar {
    /// The grammar of a spec. Made once.
    pub fn get() -> &'static Grammar {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Reader::new(schema()).read())
    }

    /// The type of a whole spec.
    pub fn root(&self) -> TypeId {
        self.root
    }

    /// The type with this number.
    pub fn kind(&self, id: TypeId) -> &Type {
        static NOTHING: Type = Type::Scalar(ScalarType {
            kind: None,
            format: None,
            choices: Vec::new(),
            minimum: None,
            maximum: None,
            what: None,
        });
        self.types.get(id.0).unwrap_or(&NOTHING)
    }

    /// The object with this number, if it is one.
    pub fn object(&self, id: TypeId) -> Option<&ObjectType> {
        match self.kind(id) {
            Type::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The scalar with this number, if it is one.
    pub fn scalar(&self, id: TypeId) -> Option<&ScalarType> {
        match self.kind(id) {
            Type::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// What stands at a path of a document, such as `routes`, `hello`, `match`, `0`, `path`: the type,
    /// and the field where the last step is one.
    pub fn at<'s>(
        &self,
        path: impl IntoIterator<Item = &'s str>,
    ) -> Option<(TypeId, Option<&Field>)> {
        let mut reached = (self.root, None);
        for step in path {
            reached = self.below(reached.0, step)?;
        }
        Some(reached)
    }

    /// What stands one step below a type.
    pub fn below(&self, id: TypeId, step: &str) -> Option<(TypeId, Option<&Field>)> {
        match self.kind(id) {
            Type::Object(object) => {
                let field = object.key(step)?;
                Some((field.kind, Some(field)))
            }
            Type::Map(map) => Some((map.value, None)),
            Type::List(list) => Some((list.item, None)),
            Type::Scalar(_) => None,
        }
    }

    /// Whether any object has a node of this name in KDL.
    pub fn has_node(&self, name: &str) -> bool {
        self.types.iter().any(|kind| match kind {
            Type::Object(object) => object.node_position(name).is_some(),
            _ => false,
        })
    }

    /// The nodes in whose blocks KDL knows a node of this name, overlays of profiles apart.
    pub fn blocks_with(&self, name: &str) -> Vec<&str> {
        let mut blocks: Vec<&str> = Vec::new();
        let objects = self.types.iter().filter_map(|kind| match kind {
            Type::Object(object) => Some(object),
            _ => None,
        });
        for field in objects.flat_map(|object| &object.fields) {
            let below = match self.kind(field.kind) {
                Type::List(list) => list.item,
                Type::Map(map) => map.value,
                _ => field.kind,
            };
            let knows = |object: &ObjectType| object.node_position(name).is_some();
            if self.object(below).is_some_and(knows) && !blocks.contains(&field.kdl_name()) {
                blocks.push(field.kdl_name());
            }
        }
        blocks
    }

    /// Whether a field can be written in KDL as a property or a positional argument: a scalar, or a
    /// list of scalars.
    pub fn is_inline(&self, field: &Field) -> bool {
        match self.kind(field.kind) {
            Type::Scalar(_) => true,
            Type::List(list) => {
                field.node.is_none() && matches!(self.kind(list.item), Type::Scalar(_))
            }
            _ => false,
        }
    }

    /// What these positional arguments fill (`None` for one that is no text). Of several rows of that
    /// length the first whose formats take the texts, else the last; then a row whose last field takes
    /// all that remain.
    pub fn signature<'k>(
        &self,
        kind: &'k ObjectType,
        texts: &[Option<&str>],
    ) -> Option<&'k [Argument]> {
        let exact = || kind.arguments.iter().filter(|row| row.len() == texts.len());
        let fits = |row: &&Vec<Argument>| {
            row.iter().zip(texts).all(|(argument, text)| {
                kind.fields
                    .get(argument.field)
                    .is_some_and(|field| self.takes(field, *text))
            })
        };
        let open = || {
            kind.arguments
                .iter()
                .find(|row| row.len() <= texts.len() && row.last().is_some_and(|last| last.rest))
        };
        exact()
            .find(fits)
            .or_else(|| exact().next_back())
            .or_else(open)
            .map(Vec::as_slice)
    }

    /// Whether the format of a field, or of its items, takes a text.
    fn takes(&self, field: &Field, text: Option<&str>) -> bool {
        let kind = match self.kind(field.kind) {
            Type::List(list) => self.kind(list.item),
            kind => kind,
        };
        match (kind, text) {
            (Type::Scalar(scalar), Some(text)) => {
                // A word for yes or no is told to be no boolean, with its mend.
                let is_word = matches!(text, "true" | "false" | "yes" | "no" | "on" | "off");
                (scalar.kind != Some(ScalarKind::Boolean) || is_word)
                    && scalar
                        .format
                        .is_none_or(|format| (format.check)(text).is_ok())
            }
            (_, text) => text.is_none(),
        }
    }
}

impl ObjectType {
    /// The number of the field with this key.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.keys.get(key).copied()
    }

    /// The field with this key.
    pub fn key(&self, key: &str) -> Option<&Field> {
        self.fields.get(self.position(key)?)
    }

    /// The number of the field that KDL writes with nodes of this name.
    pub fn node_position(&self, name: &str) -> Option<usize> {
        self.nodes.get(name).copied()
    }
}

impl Field {
    /// The name KDL writes.
    pub fn kdl_name(&self) -> &str {
        self.node.as_deref().unwrap_or(&self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_types() {
        let grammar = Grammar::get();
        let at = |path: &str| grammar.at(path.split('/')).unwrap().0;
        assert_eq!(
            grammar
                .scalar(at("routes/x/match/0/path"))
                .unwrap()
                .format
                .unwrap()
                .name,
            "path-pattern"
        );
        assert_eq!(
            grammar
                .scalar(at("routes/x/respond/status"))
                .unwrap()
                .what
                .as_deref(),
            Some("status")
        );
        assert_eq!(grammar.scalar(at("log/level")).unwrap().choices.len(), 5);
        assert_eq!(
            grammar
                .scalar(at("listeners/x/limits/connections"))
                .unwrap()
                .maximum,
            Some(u32::MAX.into())
        );
        assert!(
            grammar
                .object(at("profiles/prod/routes/x/respond"))
                .is_some()
        );
        assert!(grammar.at(["nothing"]).is_none());
    }

    #[test]
    fn every_type_can_be_written_in_kdl() {
        let grammar = Grammar::get();
        for kind in &grammar.types {
            let Type::Object(object) = kind else { continue };
            for field in &object.fields {
                let repeated = match grammar.kind(field.kind) {
                    Type::Map(_) => true,
                    Type::List(list) => !matches!(grammar.kind(list.item), Type::Scalar(_)),
                    _ => false,
                };
                assert!(
                    !repeated || field.node.is_some(),
                    "`{}` has no node in KDL",
                    field.key
                );
                if let Type::Scalar(scalar) = grammar.kind(field.kind) {
                    assert!(scalar.kind.is_some(), "`{}` has no type", field.key);
                }
            }
            assert_eq!(
                object.nodes.len(),
                object.fields.len(),
                "two fields share a node"
            );
            for signature in &object.arguments {
                assert!(!signature.is_empty());
                assert!(
                    signature
                        .iter()
                        .all(|argument| grammar.is_inline(&object.fields[argument.field]))
                );
            }
        }
    }
}
