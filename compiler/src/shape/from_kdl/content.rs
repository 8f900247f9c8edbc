//! What a KDL node holds besides its name, and its values as values of a document.

use gatec_syntax::kdl::{Annotation, Argument, Children, KdlNode, Property, Scalar};
use gatec_syntax::{Comments, Entry, Node, Number, Reference, Span, Value};

/// What a node holds besides its name.
pub(super) struct Content<'a> {
    pub(super) arguments: Vec<Argument<'a>>,
    pub(super) properties: Vec<Property<'a>>,
    pub(super) children: Option<Children<'a>>,
    /// The node's name, for messages.
    pub(super) word: String,
    pub(super) name_span: Span,
    pub(super) span: Span,
}

impl<'a> Content<'a> {
    pub(super) fn new(node: KdlNode<'a>) -> Self {
        Self {
            arguments: node.arguments,
            properties: node.properties,
            children: node.children,
            word: node.name.into_owned(),
            name_span: node.name_span,
            span: node.span,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        let only = matches!(
            self.arguments.as_slice(),
            [Argument {
                value: Scalar::Null,
                ..
            }]
        );
        only && self.properties.is_empty() && self.children.is_none()
    }

    pub(super) fn values_span(&self) -> Span {
        match (self.arguments.first(), self.arguments.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => self.name_span,
        }
    }
}

pub(super) fn entry(
    key: &str,
    key_span: Span,
    node: Node,
    comments: Option<Box<Comments>>,
) -> Entry {
    Entry {
        key: key.to_owned(),
        key_span,
        node,
        comments,
    }
}

/// A value with its annotation as a value or a reference.
pub(super) fn value(scalar: Scalar<'_>, span: Span, annotation: Option<Annotation<'_>>) -> Node {
    match annotation {
        Some(annotation) => Node {
            span: annotation.span.to(span),
            value: Value::Reference(Reference {
                target: words(&scalar),
                target_span: span,
                kind: annotation.name.into_owned(),
                kind_span: annotation.name_span,
            }),
        },
        None => Node {
            value: plain(scalar),
            span,
        },
    }
}

fn plain(scalar: Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::Bool(value),
        Scalar::Integer(value) => Value::Number(Number::Integer(value)),
        Scalar::Float(value) => Value::Number(Number::Float(value)),
        Scalar::BigNumber(words) => {
            Value::Number(Number::Float(words.parse().unwrap_or(f64::INFINITY)))
        }
        Scalar::String(text) => Value::String(text.into_owned()),
    }
}

/// A scalar as a name: `error-page 404` has the name `404`.
pub(crate) fn words(scalar: &Scalar<'_>) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Float(value) => value.to_string(),
        Scalar::BigNumber(words) => words.to_string(),
        Scalar::String(text) => text.to_string(),
    }
}

/// Items of a list have no comments of their own: the first entry of the first item keeps them.
pub(super) fn give_to_first(items: &mut [Node], comments: Box<Comments>) -> Option<Box<Comments>> {
    let first = items.first_mut().and_then(|item| match &mut item.value {
        Value::Object(object) => object.entries.first_mut(),
        _ => None,
    });
    let Some(first) = first else {
        return Some(comments);
    };
    match &mut first.comments {
        Some(own) => {
            own.leading.splice(0..0, comments.leading);
            own.trailing = comments.trailing.or(own.trailing.take());
        }
        none => *none = Some(comments),
    }
    None
}

/// Comments at the end of a block stay with its last entry.
pub(super) fn keep_comments(entries: &mut [Entry], lines: Vec<String>) {
    if let (Some(last), false) = (entries.last_mut(), lines.is_empty()) {
        last.comments.get_or_insert_default().leading.extend(lines);
    }
}
