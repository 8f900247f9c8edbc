//! Lines with a text that is not closed.
//!
//! One quote too few turns what is text and what is not around for the rest of its line. The parser tells
//! the quote; what else is said of such a line would be said of words that nobody wrote.

use gatec_syntax::kdl::rules::RULE_UNTERMINATED_STRING;
use gatec_syntax::yaml::rules::unclosed_quote;
use gatec_syntax::{Diagnostic, SourceId, Sources, Span};

/// The lines in which a quote is missing.
#[derive(Debug, Default)]
pub struct OpenLines {
    /// In the order of the texts; they do not overlap.
    lines: Vec<Span>,
}

impl OpenLines {
    /// The lines that findings tell of.
    pub fn of(found: &[Diagnostic], sources: &Sources) -> Self {
        let open = found.iter().filter(|one| is_open(one));
        let lines = open.filter_map(|one| line(one.span, sources));
        let mut lines: Vec<Span> = lines.collect();
        lines.sort_by_key(|line| (line.source, line.start));
        lines.dedup();
        Self { lines }
    }

    /// Whether a finding stands in such a line and is not what makes it one.
    pub fn hide(&self, finding: &Diagnostic) -> bool {
        !finding.code.starts_with('K') && self.line(finding.span).is_some()
    }

    /// Whether one of the lines holds a word.
    pub fn hold(&self, word: &str, sources: &Sources) -> bool {
        self.lines
            .iter()
            .any(|line| sources.slice(*line).contains(word))
    }

    fn line(&self, span: Span) -> Option<&Span> {
        let start: (SourceId, u32) = (span.source, span.start);
        let behind = self
            .lines
            .partition_point(|line| (line.source, line.start) <= start);
        let line = self.lines.get(behind.checked_sub(1)?)?;
        (line.source == span.source && span.start <= line.end).then_some(line)
    }
}

fn is_open(finding: &Diagnostic) -> bool {
    finding.code == RULE_UNTERMINATED_STRING.code || finding.code == unclosed_quote::RULE.code
}

/// The line of a text that is not closed; nothing for one that may have several.
fn line(span: Span, sources: &Sources) -> Option<Span> {
    let text = sources.get(span.source)?.text();
    let (before, from) = text.split_at_checked(span.start as usize)?;
    let several = from.trim_start_matches('#').starts_with("\"\"\"");
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let end = from.find(['\n', '\r']).unwrap_or(from.len());
    (!several).then(|| Span::new(span.source, start, span.start as usize + end))
}
