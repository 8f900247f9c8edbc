//! What people write from habit in other languages and formats: values the other way round, text in
//! single quotes, and colons behind keys.

use gatec_syntax::kdl::{Argument, Property, Scalar};
use gatec_syntax::{Diagnostic, Span};

use super::words;
use crate::shape::grammar::{self, Field, Grammar, ObjectType, ScalarKind, Type};
use crate::shape::rules::extra_argument;
use crate::shape::rules::unknown_key::scalar_form;

/// Whether two values would fit if they were exchanged, and do not as they stand.
pub(super) fn are_swapped(
    grammar: &Grammar,
    kind: &ObjectType,
    signature: &[grammar::Argument],
    arguments: &[Argument<'_>],
) -> bool {
    let ([first, second], [one, other]) = (signature, arguments) else {
        return false;
    };
    let fields = kind
        .fields
        .get(first.field)
        .zip(kind.fields.get(second.field));
    let Some((first, second)) = fields else {
        return false;
    };
    let fits = |field: &Field, argument: &Argument<'_>| fits(grammar, field, argument);
    !(fits(first, one) && fits(second, other)) && fits(first, other) && fits(second, one)
}

fn fits(grammar: &Grammar, field: &Field, argument: &Argument<'_>) -> bool {
    let kind = match grammar.kind(field.kind) {
        Type::List(list) => grammar.kind(list.item),
        kind => kind,
    };
    let Type::Scalar(scalar) = kind else {
        return false;
    };
    match (&argument.value, scalar.kind) {
        _ if argument.annotation.is_some() => false,
        (Scalar::Integer(_), Some(ScalarKind::Integer)) => true,
        (Scalar::String(text), Some(ScalarKind::Text)) => scalar
            .format
            .is_none_or(|format| (format.check)(text).is_ok()),
        _ => false,
    }
}

/// Where a value that is not in double quotes begins with a single one: KDL takes that for a letter.
pub(super) fn single_quote(value: &Scalar<'_>, span: Span) -> Option<Span> {
    let Scalar::String(text) = value else {
        return None;
    };
    let is_bare = text.len() == span.len();
    (is_bare && text.starts_with('\'')).then_some(span)
}

/// A property that was written as in YAML.
pub(super) struct Colon<'a> {
    pub(super) property: Property<'a>,
    /// How KDL has it; of a value with a type only the key.
    meant: String,
    /// What stands in the place of that.
    span: Span,
}

impl Colon<'_> {
    pub(super) fn finding(&self, word: &str) -> Diagnostic {
        extra_argument::colon(word, self.span, &self.property.key, &self.meant)
    }
}

/// The values of a node, and those of them taken out that are properties with a colon: `public: true`
/// and `public:true`.
pub(super) fn with_colons<'a>(
    grammar: &Grammar,
    kind: &ObjectType,
    arguments: Vec<Argument<'a>>,
) -> (Vec<Argument<'a>>, Vec<Colon<'a>>) {
    let mut left: Vec<Argument<'a>> = Vec::new();
    let mut colons = Vec::new();
    let mut rest = arguments.into_iter().peekable();
    while let Some(argument) = rest.next() {
        let Some((field, behind)) = colon(grammar, kind, &argument) else {
            left.push(argument);
            continue;
        };
        if behind.is_empty() {
            match rest.next_if(|next| colon(grammar, kind, next).is_none()) {
                Some(value) => colons.push(apart(grammar, field, argument, value)),
                None => left.push(argument),
            }
            continue;
        }
        let at = left.len();
        let slots = kind.arguments.iter().filter_map(|row| row.get(at));
        let mut fields = slots.filter_map(|slot| kind.fields.get(slot.field));
        match fields.any(|slot| fits(grammar, slot, &argument)) {
            true => left.push(argument),
            false => colons.push(together(grammar, field, argument.span, behind)),
        }
    }
    (left, colons)
}

/// The field that a bare word with a colon names, and what stands behind the colon.
fn colon<'k>(
    grammar: &Grammar,
    kind: &'k ObjectType,
    argument: &Argument<'_>,
) -> Option<(&'k Field, String)> {
    let Scalar::String(text) = &argument.value else {
        return None;
    };
    let is_bare = text.len() == argument.span.len() && argument.annotation.is_none();
    let (key, behind) = text.split_once(':').filter(|_| is_bare)?;
    let field = kind.key(key).filter(|field| grammar.is_inline(field))?;
    Some((field, behind.to_owned()))
}

fn apart<'a>(
    grammar: &Grammar,
    field: &Field,
    key: Argument<'a>,
    value: Argument<'a>,
) -> Colon<'a> {
    let text = words(&value.value);
    let form = match &value.value {
        Scalar::String(_) => scalar_form(grammar, field, &text),
        Scalar::Bool(_) | Scalar::Null => Some(format!("#{text}")),
        _ => Some(text),
    };
    let (meant, span) = match (form, &value.annotation) {
        (Some(form), None) => (format!("{}={form}", field.key), key.span.to(value.span)),
        _ => (format!("{}=", field.key), key.span),
    };
    Colon {
        property: Property {
            key: field.key.clone().into(),
            key_span: key.span,
            value: value.value,
            value_span: value.span,
            annotation: value.annotation,
        },
        meant,
        span,
    }
}

fn together<'a>(grammar: &Grammar, field: &Field, span: Span, behind: String) -> Colon<'a> {
    let form = scalar_form(grammar, field, &behind).unwrap_or_default();
    let value = match (form.as_str(), form.parse()) {
        ("#true" | "#false", _) => Scalar::Bool(form == "#true"),
        (_, Ok(number)) => Scalar::Integer(number),
        _ => Scalar::String(behind.into()),
    };
    Colon {
        property: Property {
            key: field.key.clone().into(),
            key_span: span,
            value,
            value_span: span,
            annotation: None,
        },
        meant: format!("{}={form}", field.key),
        span,
    }
}
