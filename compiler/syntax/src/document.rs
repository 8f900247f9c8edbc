//! The one tree that KDL and YAML are read into.
//!
//! It has the shape of JSON (objects, arrays, scalars) because the JSON Schema is its grammar, and
//! keeps what JSON has no room for: the span of every key and value, comments, and values that come
//! from outside (`env`, `file`, `secret`).

use crate::source::Span;

/// A whole text as a tree. The root is always an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The top-level object.
    pub root: Object,
    /// The span of the whole text.
    pub span: Span,
    /// Comments after the last entry.
    pub trailing_comments: Vec<String>,
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where the value was written (without its key).
    pub span: Span,
}

/// A value of the tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `#null`, `null`.
    Null,
    /// `#true`, `true`.
    Bool(bool),
    /// A number, with the words it was written in.
    Number(Number),
    /// A string, after escapes.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object, in the order written.
    Object(Object),
    /// A value that comes from outside: `(env)"NAME"`, `!env NAME`.
    Reference(Reference),
}

/// A number: exact where it fits, a float otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Anything else that a double can hold.
    Float(f64),
}

/// A value that comes from outside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The annotation or tag as written, without its marks: `env`, `file`, `secret`, or a word that
    /// a later check refuses.
    pub kind: String,
    /// Where the annotation was written.
    pub kind_span: Span,
    /// The name, path or variable.
    pub target: String,
    /// Where the target was written.
    pub target_span: Span,
}

/// The entries of an object in the order written. A key given twice stands here twice; a check
/// reports it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written. In KDL the key of `route "x"` is the argument `"x"`, and the key of
    /// a positional argument is the argument itself.
    pub key_span: Span,
    /// The value.
    pub node: Node,
    /// Comments that belong to this entry.
    pub comments: Option<Box<Comments>>,
}

/// Comments around an entry, without their marks (`//`, `#`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comments {
    /// Lines above.
    pub leading: Vec<String>,
    /// At the end of the entry's first line.
    pub trailing: Option<String>,
}

impl Object {
    /// The first entry with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The value of the first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }
}

impl Node {
    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Value {
    /// What kind of value it is, in a reader's words.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(Number::Integer(_)) => "an integer",
            Value::Number(Number::Float(_)) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
            Value::Reference(_) => "a reference",
        }
    }
}
