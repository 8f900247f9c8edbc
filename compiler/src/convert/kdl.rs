//! A document as KDL, laid out by the grammar: what positional arguments can say stands right after
//! the node's name, short values follow as properties, the rest is a block.

use std::borrow::Cow;

use gatec_syntax::kdl::{Annotation, Argument, Children, KdlNode, Property, Scalar, Tree};
use gatec_syntax::{Comments, Document, Entry, Node, Number, Object, Reference, Span, Value, kdl};

use crate::shape::Grammar;
use crate::shape::grammar::{self, Field, ObjectType, ScalarKind, Type, TypeId};

/// The longest line that properties make; beyond it they go into the block.
const LINE: usize = 100;

/// The longest text beside a node's name.
const SHORT: usize = 60;

/// A document as KDL.
pub fn to_kdl(document: &Document) -> String {
    let grammar = Grammar::get();
    let mut tree = Tree {
        trailing_comments: document.trailing_comments.clone(),
        ..Tree::default()
    };
    if let Some(kind) = grammar.object(grammar.root()) {
        let writer = Writer { grammar };
        tree.nodes = document
            .root
            .entries
            .iter()
            .flat_map(|entry| writer.field(kind, entry))
            .collect();
    }
    kdl::write(&tree)
}

struct Writer {
    grammar: &'static Grammar,
}

impl Writer {
    /// The nodes of one entry of an object: one for most, one each for names and items.
    fn field<'d>(&self, kind: &ObjectType, entry: &'d Entry) -> Vec<KdlNode<'d>> {
        let Some(field) = kind.key(&entry.key) else {
            return vec![self.guess(&entry.key, entry)];
        };
        let repeated = field.node.is_some();
        let mut nodes: Vec<KdlNode<'d>> = match (self.grammar.kind(field.kind), &entry.node.value) {
            (Type::Map(map), Value::Object(object)) if repeated => object
                .entries
                .iter()
                .map(|item| self.named(field, map.value, item))
                .collect(),
            (Type::List(list), Value::Array(items)) if repeated => items
                .iter()
                .map(|item| self.node(field.kdl_name(), list.item, item))
                .collect(),
            _ => vec![self.node(field.kdl_name(), field.kind, &entry.node)],
        };
        if let (Some(first), Some(comments)) = (nodes.first_mut(), &entry.comments) {
            add_comments(first, comments);
        }
        nodes
    }

    /// `route "hello" …`
    fn named<'d>(&self, field: &Field, value: TypeId, entry: &'d Entry) -> KdlNode<'d> {
        let mut node = self.node(field.kdl_name(), value, &entry.node);
        node.arguments
            .insert(0, argument(Scalar::String(Cow::Borrowed(&entry.key))));
        if let Some(comments) = &entry.comments {
            add_comments(&mut node, comments);
        }
        node
    }

    fn node<'d>(&self, name: &str, id: TypeId, value: &'d Node) -> KdlNode<'d> {
        let mut node = KdlNode {
            name: Cow::Owned(name.to_owned()),
            ..KdlNode::default()
        };
        match (self.grammar.kind(id), &value.value) {
            (Type::Object(kind), Value::Object(object)) => self.object(kind, object, &mut node),
            (_, Value::Array(items)) => {
                node.arguments
                    .extend(items.iter().filter_map(|item| scalar_argument(&item.value)));
            }
            (Type::Scalar(scalar), Value::Bool(true))
                if scalar.kind == Some(ScalarKind::Boolean) => {}
            (_, Value::Object(object)) => {
                let children = object
                    .entries
                    .iter()
                    .map(|entry| self.guess(&entry.key, entry));
                node.children = block(children.collect());
            }
            (_, value) => node.arguments.extend(scalar_argument(value)),
        }
        node
    }

    /// An entry the grammar does not know, so that nothing is lost on the way.
    fn guess<'d>(&self, name: &str, entry: &'d Entry) -> KdlNode<'d> {
        let mut node = match &entry.node.value {
            Value::Object(object) => KdlNode {
                name: Cow::Owned(name.to_owned()),
                children: block(
                    object
                        .entries
                        .iter()
                        .map(|entry| self.guess(&entry.key, entry))
                        .collect(),
                ),
                ..KdlNode::default()
            },
            Value::Array(items) => KdlNode {
                name: Cow::Owned(name.to_owned()),
                arguments: items
                    .iter()
                    .filter_map(|item| scalar_argument(&item.value))
                    .collect(),
                ..KdlNode::default()
            },
            value => KdlNode {
                name: Cow::Owned(name.to_owned()),
                arguments: scalar_argument(value).into_iter().collect(),
                ..KdlNode::default()
            },
        };
        if let Some(comments) = &entry.comments {
            add_comments(&mut node, comments);
        }
        node
    }

    fn object<'d>(&self, kind: &ObjectType, object: &'d Object, node: &mut KdlNode<'d>) {
        let mut rest: Vec<&'d Entry> = object.entries.iter().collect();
        for key in self.positional(kind, object) {
            if let Some(at) = rest.iter().position(|entry| entry.key == key) {
                let entry = rest.remove(at);
                node.arguments
                    .extend(inline(&entry.node.value).map(|(value, kind)| annotated(value, kind)));
                self.keep_first(object, entry, node);
            }
        }
        let mut children = Vec::new();
        let mut width = node.name.len()
            + node
                .arguments
                .iter()
                .map(|a| width(&a.value) + 1)
                .sum::<usize>();
        for entry in rest {
            match self.property(kind, object, entry) {
                Some(property) if width + property_width(&property) <= LINE => {
                    width += property_width(&property);
                    node.properties.push(property);
                    self.keep_first(object, entry, node);
                }
                _ => children.extend(self.field(kind, entry)),
            }
        }
        node.children = block(children);
    }

    /// The keys that stand as positional arguments: the longest row of them that all can, and that is
    /// read back as the same row.
    fn positional<'k>(&self, kind: &'k ObjectType, object: &Object) -> Vec<&'k str> {
        let can = |field: &&Field| {
            object.entry(&field.key).is_some_and(|entry| {
                self.can_inline(object, entry) && !matches!(entry.node.value, Value::Null)
            })
        };
        let mut longest: Vec<&'k str> = Vec::new();
        for row in kind.arguments.iter().filter(|row| !row.is_empty()) {
            let fields: Vec<&Field> = row
                .iter()
                .filter_map(|argument| kind.fields.get(argument.field).filter(|_| !argument.rest))
                .collect();
            let fits = fields.len() > longest.len() && fields.iter().all(can);
            if fits && self.reads_back(kind, row, &fields, object) {
                longest = fields.into_iter().map(|field| field.key.as_str()).collect();
            }
        }
        longest
    }

    /// Whether these values, as positional arguments, fill this row and no other.
    fn reads_back(
        &self,
        kind: &ObjectType,
        row: &[grammar::Argument],
        fields: &[&Field],
        object: &Object,
    ) -> bool {
        let texts: Vec<Option<&str>> = fields
            .iter()
            .map(|field| {
                object
                    .entry(&field.key)
                    .and_then(|entry| only_text(&entry.node))
            })
            .collect();
        self.grammar
            .signature(kind, &texts)
            .is_some_and(|read| std::ptr::eq(read, row))
    }

    /// Whether an entry can stand beside the node's name. One with comments cannot, unless it is the
    /// first: then the comments go to the node.
    fn can_inline(&self, object: &Object, entry: &Entry) -> bool {
        let is_first = object
            .entries
            .first()
            .is_some_and(|first| std::ptr::eq(first, entry));
        let short = match inline(&entry.node.value) {
            Some((Scalar::String(text), _)) => text.len() <= SHORT && !text.contains(['\n', '\r']),
            Some(_) => true,
            None => false,
        };
        short && (is_first || entry.comments.is_none())
    }

    fn property<'d>(
        &self,
        kind: &ObjectType,
        object: &Object,
        entry: &'d Entry,
    ) -> Option<Property<'d>> {
        let field = kind.key(&entry.key)?;
        if !self.grammar.is_inline(field) || !self.can_inline(object, entry) {
            return None;
        }
        let (value, annotation) = inline(&entry.node.value)?;
        Some(Property {
            key: Cow::Borrowed(&entry.key),
            key_span: Span::default(),
            value,
            value_span: Span::default(),
            annotation,
        })
    }

    /// Comments of the first entry become the node's.
    fn keep_first(&self, object: &Object, entry: &Entry, node: &mut KdlNode<'_>) {
        let is_first = object
            .entries
            .first()
            .is_some_and(|first| std::ptr::eq(first, entry));
        if let (true, Some(comments)) = (is_first, &entry.comments) {
            add_comments(node, comments);
        }
    }
}

/// A scalar, or a list of one, as it can stand beside a node's name.
fn inline(value: &Value) -> Option<(Scalar<'_>, Option<Annotation<'_>>)> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [only] if only.value != Value::Null => scalar(&only.value),
            _ => None,
        },
        value => scalar(value),
    }
}

fn scalar(value: &Value) -> Option<(Scalar<'_>, Option<Annotation<'_>>)> {
    let scalar = match value {
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(Number::Integer(value)) => Scalar::Integer(*value),
        Value::Number(Number::Float(value)) => Scalar::Float(*value),
        Value::String(text) => Scalar::String(Cow::Borrowed(text)),
        Value::Reference(reference) => {
            return Some((
                Scalar::String(Cow::Borrowed(&reference.target)),
                Some(mark(reference)),
            ));
        }
        Value::Array(_) | Value::Object(_) => return None,
    };
    Some((scalar, None))
}

fn mark(reference: &Reference) -> Annotation<'_> {
    let span = Span::default();
    Annotation {
        name: Cow::Borrowed(&reference.kind),
        name_span: span,
        span,
    }
}

fn scalar_argument(value: &Value) -> Option<Argument<'_>> {
    scalar(value).map(|(value, annotation)| annotated(value, annotation))
}

fn annotated<'d>(value: Scalar<'d>, annotation: Option<Annotation<'d>>) -> Argument<'d> {
    Argument {
        value,
        span: Span::default(),
        annotation,
    }
}

fn argument(value: Scalar<'_>) -> Argument<'_> {
    annotated(value, None)
}

fn block(nodes: Vec<KdlNode<'_>>) -> Option<Children<'_>> {
    (!nodes.is_empty()).then(|| Children {
        nodes,
        ..Children::default()
    })
}

fn width(value: &Scalar<'_>) -> usize {
    match value {
        Scalar::String(text) => text.len() + 2,
        _ => 6,
    }
}

fn property_width(property: &Property<'_>) -> usize {
    property.key.len() + width(&property.value) + 2
}

fn add_comments(node: &mut KdlNode<'_>, comments: &Comments) {
    let own = node.comments.get_or_insert_default();
    own.leading.splice(0..0, comments.leading.iter().cloned());
    match (&own.trailing, &comments.trailing) {
        (None, Some(line)) => own.trailing = Some(line.clone()),
        (Some(_), Some(line)) => own.leading.push(line.clone()),
        _ => {}
    }
}

/// The text of a value that is written as one plain text.
fn only_text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        Value::Array(items) => match items.as_slice() {
            [only] => only_text(only),
            _ => None,
        },
        _ => None,
    }
}
