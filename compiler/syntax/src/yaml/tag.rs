//! Tags: `!env NAME` is a reference, `!!int` and its kin say a type, anything else is refused.

use granit_parser::{ScalarStyle, Tag};

use crate::diagnostic::Diagnostic;
use crate::document::{Number, Reference, Value};
use crate::source::Span;

use super::{rules, scalar};

/// What a tag asks for.
pub(super) enum Meaning<'t> {
    /// A local tag, `!word`: a value from outside.
    Reference(&'t str),
    /// A tag of the core schema, by its last word.
    Core(&'t str),
    /// The non-specific tag `!`: text, whatever it looks like.
    Text,
    /// Anything else.
    Unknown,
}

/// Reads a tag.
pub(super) fn meaning(tag: &Tag) -> Meaning<'_> {
    if let Some(word) = tag.core_suffix() {
        return Meaning::Core(word);
    }
    match tag.parts() {
        ("", "!") => Meaning::Text,
        ("!", word) if !word.is_empty() => Meaning::Reference(word),
        ("", word) => match word.strip_prefix('!') {
            Some(word) if !word.is_empty() => Meaning::Reference(word),
            _ => Meaning::Unknown,
        },
        _ => Meaning::Unknown,
    }
}

/// A scalar as it stands in the text.
pub(super) struct Scalar<'t> {
    /// Its text, after escapes.
    pub(super) text: &'t str,
    /// How it was quoted.
    pub(super) style: ScalarStyle,
    /// Where it stands.
    pub(super) span: Span,
}

impl Scalar<'_> {
    /// The value without a tag.
    pub(super) fn value(&self) -> Value {
        match self.style {
            ScalarStyle::Plain => scalar::resolve(self.text),
            _ => Value::String(self.text.to_owned()),
        }
    }

    /// The value under a tag, and the finding if the tag does not fit.
    pub(super) fn tagged(&self, tag: &Tag, tag_span: Span) -> (Value, Option<Diagnostic>) {
        match meaning(tag) {
            Meaning::Reference(kind) => (self.reference(kind, tag_span), None),
            Meaning::Text => (Value::String(self.text.to_owned()), None),
            Meaning::Core(word) => match self.typed(word) {
                Some(value) => (value, None),
                None => (self.value(), Some(self.unfit(word, tag_span))),
            },
            Meaning::Unknown => (self.value(), Some(unknown(tag, tag_span))),
        }
    }

    fn reference(&self, kind: &str, kind_span: Span) -> Value {
        Value::Reference(Reference {
            kind: kind.to_owned(),
            kind_span,
            target: self.text.to_owned(),
            target_span: self.span,
        })
    }

    fn typed(&self, word: &str) -> Option<Value> {
        match (word, scalar::resolve(self.text)) {
            ("str", _) => Some(Value::String(self.text.to_owned())),
            ("null", Value::Null) => Some(Value::Null),
            ("bool", value @ Value::Bool(_)) => Some(value),
            ("int", value @ Value::Number(Number::Integer(_))) => Some(value),
            ("float", Value::Number(number)) => Some(Value::Number(Number::Float(match number {
                #[expect(clippy::cast_precision_loss, reason = "`!!float` asks for a double")]
                Number::Integer(whole) => whole as f64,
                Number::Float(float) => float,
            }))),
            _ => None,
        }
    }

    fn unfit(&self, word: &str, tag_span: Span) -> Diagnostic {
        let text = super::quote::shorten(self.text);
        bad(
            tag_span,
            format!("`{text}` is not what the tag `!!{word}` promises"),
        )
        .label(format!("`!!{word}`"))
        .help("leave the tag out, or write a value of that type")
    }
}

/// The finding for a tag on a list or a map, if it does not fit.
pub(super) fn on_collection(tag: &Tag, tag_span: Span, is_list: bool) -> Option<Diagnostic> {
    let (found, own) = if is_list {
        ("a list", "seq")
    } else {
        ("a map", "map")
    };
    match meaning(tag) {
        Meaning::Text => None,
        Meaning::Core(word) if word == own => None,
        Meaning::Core(word) => Some(
            bad(
                tag_span,
                format!("the tag `!!{word}` stands before {found}"),
            )
            .help("leave the tag out"),
        ),
        Meaning::Reference(word) => Some(
            bad(
                tag_span,
                format!("`!{word}` stands before {found}; it takes one name or path"),
            )
            .help(format!("write `!{word} NAME`")),
        ),
        Meaning::Unknown => Some(unknown(tag, tag_span)),
    }
}

fn unknown(tag: &Tag, tag_span: Span) -> Diagnostic {
    bad(
        tag_span,
        format!("the tag `{}` means nothing here", tag.original()),
    )
    .help("values from outside are written `!env NAME`, `!file path` or `!secret name`")
}

fn bad(span: Span, message: String) -> Diagnostic {
    Diagnostic::error(rules::bad_tag::RULE.code, span, message)
}
