//! Puts spans back between the characters of the text as it was written.
//!
//! After a mistake the text is read again with blanks in the place of an entry, so an offset may fall
//! where the original has the middle of a character.

use crate::diagnostic::Diagnostic;
use crate::document::{Node, Object, Value};
use crate::source::Span;

/// Settles every span of a finding.
pub(super) fn finding(text: &str, finding: &mut Diagnostic) {
    span(text, &mut finding.span);
    for related in &mut finding.related {
        span(text, &mut related.span);
    }
    for edit in finding.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
        span(text, &mut edit.span);
    }
}

/// Settles every span of an object. Trees are at most [`super::MAX_DEPTH`] deep.
pub(super) fn object(text: &str, object: &mut Object) {
    for entry in &mut object.entries {
        span(text, &mut entry.key_span);
        node(text, &mut entry.node);
    }
}

fn node(text: &str, node: &mut Node) {
    span(text, &mut node.span);
    match &mut node.value {
        Value::Object(inner) => object(text, inner),
        Value::Array(items) => items.iter_mut().for_each(|item| self::node(text, item)),
        Value::Reference(reference) => {
            span(text, &mut reference.kind_span);
            span(text, &mut reference.target_span);
        }
        _ => {}
    }
}

fn span(text: &str, span: &mut Span) {
    let floor = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
    *span = Span::new(span.source, floor(span.start), floor(span.end));
}
