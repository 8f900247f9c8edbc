//! The formatter: layout only, never meaning.
//!
//! What the layout gives is read again and compared with what was read before. Where they differ,
//! or the layout would change its own result, only blanks at line ends are mended.

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Document;
use crate::source::SourceId;

use super::layout::layout;
use super::same::{comments, same};
use super::tokens::{Kind, tokens};

/// Formats a text: two blanks per level, one blank line at most, one blank where tokens are apart.
///
/// Comments, the order of keys, anchors, tags, quotes and brackets stay as written. Formatting
/// twice changes nothing more.
///
/// # Errors
///
/// A text with mistakes is not formatted; its findings are returned.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (document, findings) = super::parse(SourceId::default(), text);
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(findings);
    }
    let unified = unify(text);
    Ok(stable(&unified, &document)
        .or_else(|| careful(&unified, &document))
        .unwrap_or_else(|| text.to_owned()))
}

/// Line breaks as `\n`, and no byte order mark.
fn unify(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The layout, if it keeps the meaning and laying it out again changes nothing.
fn stable(text: &str, document: &Document) -> Option<String> {
    let first = layout(text, &tokens(text).ok()?);
    let again = layout(&first, &tokens(&first).ok()?);
    (again == first && keeps(&first, document)).then_some(first)
}

/// Only blanks at the ends of lines, where no scalar goes over them.
fn careful(text: &str, document: &Document) -> Option<String> {
    let inside = tokens(text).ok()?;
    let mut scalars = inside
        .iter()
        .filter(|token| matches!(token.kind, Kind::Scalar | Kind::BlockBody))
        .peekable();
    let mut out = String::with_capacity(text.len() + 1);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        while scalars.next_if(|token| token.end < end).is_some() {}
        let crossed = scalars
            .peek()
            .is_some_and(|token| token.start < end && token.end >= end);
        let words = line.trim_end_matches('\n');
        out.push_str(if crossed {
            words
        } else {
            words.trim_end_matches([' ', '\t'])
        });
        out.push('\n');
        at = end;
    }
    // Mending the line ends may have made the layout possible.
    if let Some(better) = stable(&out, document) {
        return Some(better);
    }
    keeps(&out, document).then_some(out)
}

fn keeps(text: &str, document: &Document) -> bool {
    let (other, findings) = super::parse(SourceId::default(), text);
    findings
        .iter()
        .all(|finding| finding.severity != Severity::Error)
        && same(document, &other)
        && comments(document).len() == comments(&other).len()
        && comments(document)
            .iter()
            .zip(comments(&other))
            .all(|(one, other)| one.trim() == other.trim())
}
