//! From a place in a template's text to a span of the file it was written in.
//!
//! A string of a spec can be written with escapes, or over several lines whose indentation does not
//! count, so its text need not stand in the file byte by byte. An expression nearly always does; where
//! it does not, the whole value is pointed at.

use std::ops::Range;

use gatec_syntax::{Diagnostic, Sources, Span};

use super::Finding;

/// The diagnostic of a finding in `text`, whose value was written at `value`.
pub fn locate(finding: &Finding, text: &str, value: Span, sources: &Sources) -> Diagnostic {
    let exact = exact_span(finding, text, value, sources);
    let mut diagnostic = Diagnostic::error(finding.code, exact.unwrap_or(value), &finding.message)
        .label(&finding.label);
    diagnostic.severity = finding.severity;
    diagnostic.help.clone_from(&finding.help);
    match (exact, &finding.replacement) {
        (Some(span), Some(text)) => diagnostic.fix(format!("write `{text}`"), span, text.clone()),
        _ => diagnostic,
    }
}

fn exact_span(finding: &Finding, text: &str, value: Span, sources: &Sources) -> Option<Span> {
    let written = sources.slice(value);
    let at = match written.find(text).filter(|_| !text.is_empty()) {
        Some(offset) => offset + finding.range.start,
        None => by_expression(finding, text, written)?,
    };
    let start = value.start as usize + at;
    Some(Span::new(value.source, start, start + finding.range.len()))
}

/// Finds the expression itself: the same one in order of those that read alike.
fn by_expression(finding: &Finding, text: &str, written: &str) -> Option<usize> {
    let expression = text
        .get(finding.expression.clone())
        .filter(|text| !text.is_empty())?;
    let position = positions(text, expression).position(|at| at == finding.expression.start)?;
    if positions(text, expression).count() != positions(written, expression).count() {
        return None;
    }
    let inside = finding.range.start.checked_sub(finding.expression.start)?;
    positions(written, expression)
        .nth(position)
        .map(|at| at + inside)
}

fn positions<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(part).map(|(at, _)| at)
}

/// The whole text of a template as a range.
pub fn all(text: &str) -> Range<usize> {
    0..text.len()
}
