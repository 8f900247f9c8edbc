//! What people write from habit in other languages and formats: values the other way round, and text
//! in single quotes.

use gatec_syntax::Span;
use gatec_syntax::kdl::{Argument, Scalar};

use crate::shape::grammar::{self, Field, Grammar, ObjectType, ScalarKind, Type};

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
