//! Mistakes of syntax in our own words.
//!
//! The parser says where it gave up, which is often lines after the mistake: an open quote or
//! bracket swallows what follows. Here the place where things went wrong is found, and said what
//! was expected.

mod brackets;
mod lines;
mod quotes;

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

use super::indent::{indent, line_at, words};
use super::{MAX_DEPTH, quote, rules};

/// Where and why the parser gave up.
pub(super) struct Failure {
    /// Its reason.
    pub(super) kind: ErrorKind,
    /// Its place.
    pub(super) at: usize,
    /// Where the last thing it understood ended.
    pub(super) last_end: usize,
    /// The last scalar it understood.
    pub(super) last_scalar: Range<usize>,
    /// Where the bracketed lists and maps start that are still open.
    pub(super) open: Vec<usize>,
}

/// A mistake, and how to read on.
pub(super) struct Mistake {
    /// What to tell.
    pub(super) finding: Diagnostic,
    /// What to change before reading again.
    pub(super) mend: Mend,
}

/// A change that lets the reading go on.
pub(super) enum Mend {
    /// Leave out the entry on the line of this place.
    Blank(usize),
    /// Take tabs in the indentation for blanks.
    Untab,
}

/// Finds the place of a mistake and the words for it.
pub(super) fn explain(source: SourceId, text: &str, failure: &Failure) -> Mistake {
    Case {
        source,
        text,
        failure,
    }
    .explain()
}

struct Case<'t> {
    source: SourceId,
    text: &'t str,
    failure: &'t Failure,
}

impl Case<'_> {
    fn explain(&self) -> Mistake {
        use ErrorKind as E;
        let at = self.failure.at;
        match &self.failure.kind {
            E::RecursionLimitExceeded => self.too_deep(),
            E::UnclosedFlowCollection { .. } => self.unclosed_bracket(at),
            E::MismatchedFlowCollectionEnd { open, close } => self.mismatched(*open, *close),
            E::MisplacedFlowCollectionEnd => self.stray_bracket(),
            E::UnclosedQuotedScalar
            | E::InvalidQuotedScalarIndent
            | E::DocumentIndicatorInQuotedScalar
            | E::InvalidTrailingSingleQuotedScalar
            | E::InvalidTrailingDoubleQuotedScalar => self.quotes(),
            E::UnknownQuotedScalarEscape
            | E::InvalidQuotedScalarHexEscape
            | E::InvalidLowSurrogateHexEscape
            | E::InvalidLowSurrogate
            | E::MissingLowSurrogate
            | E::UnpairedLowSurrogate
            | E::InvalidUnicodeEscape => self.escape(),
            E::TabNotAllowed
            | E::TabInBlockIndentation
            | E::TabInIndentation
            | E::TabInPlainScalar
            | E::TabAtBlockScalarStart => self.tab(),
            E::UnexpectedCharacter { character } => self.character(*character),
            E::UndeclaredTagHandle
            | E::ExpectedTagBang
            | E::InvalidTagTerminator
            | E::MissingTagUri
            | E::UnclosedVerbatimTag
            | E::InvalidTagEscape
            | E::InvalidTagUtf8LeadingByte
            | E::InvalidTagUtf8TrailingByte
            | E::InvalidTagUtf8 => self.tag(),
            E::CommentNotSeparated => self.other(),
            _ if self.open_bracket().is_some() => self.in_brackets(),
            E::SimpleKeyExpected | E::InvalidSimpleKey => self.no_colon(at),
            E::MappingValueNotAllowed | E::InvalidColonPlacement => self.second_colon(),
            E::ExpectedBlockMappingKey
            | E::ExpectedBlockSequenceEntry
            | E::InvalidIndentation
            | E::BlockSequenceEntryNotAllowed
            | E::InvalidBlockScalarIndent
            | E::MappingKeyNotAllowed => self.indentation(),
            _ => self.other(),
        }
    }

    fn span(&self, range: Range<usize>) -> Span {
        let floor = |at: usize| self.text.floor_char_boundary(at.min(self.text.len()));
        Span::new(self.source, floor(range.start), floor(range.end))
    }

    /// One character.
    fn one(&self, at: usize) -> Span {
        let at = self.text.floor_char_boundary(at.min(self.text.len()));
        let next = self.text.get(at..).and_then(|rest| rest.chars().next());
        self.span(at..at + next.map_or(0, char::len_utf8))
    }

    /// The words of a line.
    fn line_span(&self, at: usize) -> Span {
        let line = line_at(self.text, at);
        let start = line.start + indent(self.text, &line);
        self.span(start..start + words(self.text, line).len())
    }

    fn quoted_line(&self, at: usize) -> String {
        quote::shorten(words(self.text, line_at(self.text, at)))
    }

    fn blank(&self, finding: Diagnostic, at: usize) -> Mistake {
        Mistake {
            finding,
            mend: Mend::Blank(at),
        }
    }

    fn too_deep(&self) -> Mistake {
        let message = format!("lists and maps lie more than {MAX_DEPTH} deep in each other here");
        let finding = error(
            rules::over_limit::RULE.code,
            self.one(self.failure.at),
            message,
        )
        .help("lay the text out flatter");
        self.blank(finding, self.outermost().unwrap_or(self.failure.at))
    }

    fn character(&self, character: char) -> Mistake {
        let at = self.failure.at;
        if character.is_control() {
            let message = format!(
                "the character U+{:04X} may not stand here",
                character as u32
            );
            let finding = error(rules::yaml_syntax::RULE.code, self.one(at), message)
                .help("put the text in double quotes and write it as an escape such as `\\x01`");
            return self.blank(finding, at);
        }
        let message = match character {
            '`' => "a value without quotes cannot start with a backtick".to_owned(),
            _ => format!("a value without quotes cannot start with `{character}`"),
        };
        let finding = error(rules::needs_quotes::RULE.code, self.one(at), message)
            .help("put the value in quotes");
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    fn tag(&self) -> Mistake {
        let at = self.failure.at;
        let rest = self.text.get(at..).unwrap_or("");
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = quote::shorten(rest.get(..len).unwrap_or(""));
        let finding = error(
            rules::bad_tag::RULE.code,
            self.span(at..at + len),
            format!("`{word}` is not a tag that can be read"),
        )
        .help("tags are one word: `!env NAME`, `!file path`, `!secret name`");
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    fn other(&self) -> Mistake {
        let at = self.failure.at;
        let message = format!("this cannot be read as YAML: {}", self.failure.kind);
        let help = match self.failure.kind {
            ErrorKind::CommentNotSeparated => "write a blank before `#`, or quote the text",
            ErrorKind::ExpectedDocumentStart => "take away what follows the first value",
            ErrorKind::InvalidBlockScalarHeader => "start the text on the line below `|` or `>`",
            _ => "expected `key: value` entries, `- ` items, or a value in quotes",
        };
        let finding = error(rules::yaml_syntax::RULE.code, self.one(at), message).help(help);
        self.blank(finding, self.outermost().unwrap_or(at))
    }
}

fn error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message)
}
