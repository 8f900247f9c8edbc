//! Plain data as the protocol has it.

use gatec_ide::{Bytes, Encoding, Lines, TextEdit};
use gatec_syntax::{Severity, Span};
use lsp_types::{DiagnosticSeverity, MarkupContent, MarkupKind, Position, Range};

/// A text's lines with the client's way of counting.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'l> {
    pub(crate) lines: &'l Lines,
    pub(crate) encoding: Encoding,
}

impl Counted<'_> {
    pub(crate) fn position(&self, offset: usize) -> Position {
        let at = self.lines.position(offset, self.encoding);
        Position::new(at.line, at.column)
    }

    /// How many units a range has; a line may be long, so only the range is looked at.
    pub(crate) fn units(&self, bytes: &Bytes) -> u32 {
        self.lines.units(bytes, self.encoding)
    }

    pub(crate) fn range(&self, bytes: &Bytes) -> Range {
        Range::new(
            self.position(bytes.start),
            self.position(bytes.end.max(bytes.start)),
        )
    }

    pub(crate) fn span(&self, span: Span) -> Range {
        self.range(&span.range())
    }

    pub(crate) fn offset(&self, position: Position) -> usize {
        let at = gatec_ide::Position {
            line: position.line,
            column: position.character,
        };
        self.lines.offset(at, self.encoding)
    }

    pub(crate) fn bytes(&self, range: Range) -> Bytes {
        let start = self.offset(range.start);
        start..self.offset(range.end).max(start)
    }

    pub(crate) fn edit(&self, edit: &TextEdit) -> lsp_types::TextEdit {
        lsp_types::TextEdit::new(self.range(&edit.at), edit.text.clone())
    }

    pub(crate) fn edits(&self, edits: &[TextEdit]) -> Vec<lsp_types::TextEdit> {
        edits.iter().map(|edit| self.edit(edit)).collect()
    }
}

pub(crate) fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Advice => DiagnosticSeverity::INFORMATION,
    }
}

pub(crate) fn markdown(text: impl Into<String>) -> MarkupContent {
    MarkupContent {
        kind: MarkupKind::Markdown,
        value: text.into(),
    }
}
