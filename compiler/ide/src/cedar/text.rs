//! A text in Cedar: a file, or a value within a spec, with the way from the one's bytes to the other's.

use std::sync::Arc;

use gatec_compiler::policy::text::PolicyText;
use gatec_compiler::shape::Grammar;
use gatec_syntax::{SourceId, Sources, Span};

use crate::view::{Place, View};
use crate::{Bytes, TextEdit};

/// A text in Cedar.
#[derive(Debug, Clone)]
pub struct CedarText {
    placed: PolicyText,
    /// What it stands in.
    source: Arc<str>,
}

impl CedarText {
    /// A whole file.
    pub fn file(text: Arc<str>) -> Self {
        let span = Span::new(SourceId(0), 0, text.len());
        Self {
            placed: PolicyText::file(Arc::clone(&text), span),
            source: text,
        }
    }

    /// Every value of a spec that is written in Cedar.
    pub fn within(view: &View) -> Vec<Self> {
        let mut found: Vec<(String, Span)> = Vec::new();
        view.walk(&mut |place| {
            if let (Some(text), true) = (place.node.as_str(), is_cedar(place)) {
                found.push((text.to_owned(), place.node.span));
            }
        });
        if found.is_empty() {
            return Vec::new();
        }
        let mut sources = Sources::new();
        sources.add(String::new(), Arc::clone(&view.text));
        let value = |(text, span): (String, Span)| Self {
            placed: PolicyText::value(&text, span, &sources),
            source: Arc::clone(&view.text),
        };
        // One with escapes has no place of its own for each line.
        let is_placed = |text: &Self| {
            let first = text.text().find(|c: char| !c.is_whitespace());
            let line = first.and_then(|at| text.text().get(at..)?.lines().next());
            let whole = first.zip(line).map(|(at, line)| at..at + line.len());
            whole.is_some_and(|whole| text.range(&whole).is_some())
        };
        found.into_iter().map(value).filter(is_placed).collect()
    }

    /// The Cedar itself.
    pub fn text(&self) -> &str {
        &self.placed.text
    }

    /// Where an offset of the source stands in the Cedar.
    pub fn offset(&self, source: usize) -> Option<usize> {
        self.placed.offset(source)
    }

    /// Where a range of the Cedar stands in the source; nothing where that cannot be told, as of a text
    /// with escapes.
    pub fn range(&self, range: &Bytes) -> Option<Bytes> {
        let text = self.text().get(range.clone())?;
        let first = text.lines().next().unwrap_or_default();
        let start = self.placed.span(range.start..range.start + first.len());
        if self.source.get(start.range())? != first {
            return None;
        }
        if first.len() == text.len() {
            return Some(start.range());
        }
        let last = text.rfind('\n').map_or(0, |at| at + 1);
        let end = self.placed.span(range.start + last..range.end).range();
        let whole = start.range().start..end.end;
        (self.source.get(end)? == text.get(last..)?).then_some(whole)
    }

    /// An edit of the Cedar as one of the source.
    pub fn edit(&self, edit: TextEdit) -> Option<TextEdit> {
        Some(TextEdit {
            at: self.range(&edit.at)?,
            text: edit.text,
        })
    }
}

/// Whether a value is written in Cedar: policies, conditions, and the entities of links.
fn is_cedar(place: &Place<'_>) -> bool {
    let format = Grammar::get()
        .scalar(place.kind)
        .and_then(|scalar| scalar.format);
    if format.is_some_and(|format| format.name == "cedar") {
        return true;
    }
    let keys: Vec<Option<&str>> = place.keys().collect();
    matches!(
        keys.as_slice(),
        [
            ..,
            Some("policies"),
            Some("links"),
            _,
            Some("principal" | "resource")
        ]
    )
}
