//! Mistakes of syntax in our own words.
//!
//! The parser says where it gave up, which is often lines after the mistake: an open quote or
//! bracket swallows what follows. Here the place where things went wrong is found, and said what
//! was expected.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

use super::indent::{indent, is_item, line_at, words};
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

    /// The innermost bracket that is still open.
    fn open_bracket(&self) -> Option<usize> {
        self.brackets().next_back()
    }

    fn outermost(&self) -> Option<usize> {
        self.brackets().next()
    }

    fn brackets(&self) -> impl DoubleEndedIterator<Item = usize> {
        let is_bracket = |at: &usize| matches!(self.text.as_bytes().get(*at), Some(b'[' | b'{'));
        self.failure.open.iter().copied().filter(is_bracket)
    }

    fn unclosed_bracket(&self, at: usize) -> Mistake {
        let bracket = self.text.get(at..at + 1).unwrap_or("[");
        let (what, close) = if bracket == "{" {
            ("map", "}")
        } else {
            ("list", "]")
        };
        let message = format!("the {what} that starts with this `{bracket}` has no `{close}`");
        let finding = error(rules::unclosed_bracket::RULE.code, self.one(at), message)
            .label(format!("no `{close}` for this"))
            .help(format!(
                "write the `{close}`; a comma stands between two entries"
            ));
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    fn mismatched(&self, open: char, close: char) -> Mistake {
        let expected = if open == '[' { ']' } else { '}' };
        let at = self.failure.at;
        let message = format!("this `{open}` is closed by `{close}`; expected `{expected}`");
        let finding = error(rules::unclosed_bracket::RULE.code, self.one(at), message)
            .help(format!("write `{expected}` where `{close}` stands"));
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    fn stray_bracket(&self) -> Mistake {
        let at = self.failure.at;
        let span = self.one(at);
        let bracket = self.text.get(span.range()).unwrap_or("]").to_owned();
        let message = format!("`{bracket}` closes nothing");
        let finding = error(rules::unclosed_bracket::RULE.code, span, message)
            .help("take it away, write the bracket that opens, or put the text in quotes");
        self.blank(finding, at)
    }

    /// Inside brackets the parser reads over line ends, so an entry on a line of its own that is
    /// indented no deeper than the bracket's line shows that the bracket was never closed.
    fn in_brackets(&self) -> Mistake {
        let Some(bracket) = self.open_bracket() else {
            return self.other();
        };
        let opened = line_at(self.text, bracket);
        let here = line_at(self.text, self.failure.at);
        if here.start > opened.start && indent(self.text, &here) <= indent(self.text, &opened) {
            return self.unclosed_bracket(bracket);
        }
        let close = if self.text.get(bracket..=bracket) == Some("{") {
            '}'
        } else {
            ']'
        };
        let span = self.one(self.failure.at);
        let found = self
            .text
            .get(span.range())
            .map(quote::shorten)
            .unwrap_or_default();
        let message = match found.trim() {
            "" => format!("expected `,` or `{close}` here"),
            found => format!("found `{found}`, but expected `,` or `{close}`"),
        };
        let finding = error(rules::unclosed_bracket::RULE.code, span, message)
            .related(self.one(bracket), "inside what starts here")
            .help("separate entries with `,`; put text with `:`, `,` or brackets in quotes");
        self.blank(finding, self.outermost().unwrap_or(bracket))
    }

    /// The first quote after what was understood.
    fn opening_quote(&self) -> usize {
        let at = self.failure.at;
        if matches!(self.text.as_bytes().get(at), Some(b'"' | b'\'')) && self.failure.last_end <= at
        {
            let unclosed = matches!(self.failure.kind, ErrorKind::UnclosedQuotedScalar);
            if unclosed {
                return at;
            }
        }
        let from = self.failure.last_end.min(at);
        let between = self.text.get(from..at).unwrap_or("");
        between.find(['"', '\'']).map_or(at, |found| from + found)
    }

    fn quotes(&self) -> Mistake {
        let at = self.failure.at;
        let open = self.opening_quote();
        let trails = matches!(
            self.failure.kind,
            ErrorKind::InvalidTrailingSingleQuotedScalar
                | ErrorKind::InvalidTrailingDoubleQuotedScalar
        );
        if trails && line_at(self.text, open) == line_at(self.text, at) {
            let end = line_at(self.text, at).end;
            let rest = quote::shorten(self.text.get(at..end).unwrap_or("").trim());
            let finding = error(
                rules::needs_quotes::RULE.code,
                self.span(at..end),
                format!("`{rest}` stands after the closing quote; expected the end of the value"),
            )
            .help("put the whole value in quotes, or escape the inner quote");
            return self.blank(finding, at);
        }
        let mark = self.text.get(open..=open).unwrap_or("\"");
        let line = line_at(self.text, open);
        let finding = error(
            rules::unclosed_quote::RULE.code,
            self.span(open..line.end),
            format!("the text that starts with this `{mark}` has no closing `{mark}`"),
        )
        .label("opened here")
        .help(format!(
            "write `{mark}` at its end; text over several lines is written with `|`"
        ));
        self.blank(finding, self.outermost().unwrap_or(open))
    }

    fn escape(&self) -> Mistake {
        let from = self.failure.at;
        let place = bad_escape(self.text.get(from..).unwrap_or(""))
            .map_or(from..from + 1, |found| from + found.start..from + found.end);
        let at = place.start;
        let span = self.span(place);
        let written = quote::shorten(self.text.get(span.range()).unwrap_or(""));
        let finding = error(
            rules::bad_escape::RULE.code,
            span,
            format!("`{written}` is not an escape; between double quotes `\\` starts one"),
        )
        .help("write `\\\\` for a backslash, or use single quotes, where it stands for itself");
        self.blank(finding, self.outermost().unwrap_or(at))
    }

    fn tab(&self) -> Mistake {
        let line = self.tab_line();
        let depth = indent(self.text, &line);
        let finding = error(
            rules::tab_indentation::RULE.code,
            self.span(line.start..line.start + depth),
            "this line is indented with a tab; expected blanks",
        )
        .help("indent with two blanks per level");
        Mistake {
            finding,
            mend: Mend::Untab,
        }
    }

    /// The line of the tab: this one, or the next that is indented with one.
    fn tab_line(&self) -> Range<usize> {
        let has_tab = |line: &Range<usize>| {
            let end = line.start + indent(self.text, line);
            self.text
                .get(line.start..end)
                .is_some_and(|lead| lead.contains('\t'))
        };
        let first = line_at(self.text, self.failure.at);
        let mut line = first.clone();
        while !has_tab(&line) {
            if line.end >= self.text.len() {
                return first;
            }
            line = line_at(self.text, line.end + 1);
        }
        line
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

    fn no_colon(&self, at: usize) -> Mistake {
        let line = line_at(self.text, at);
        let written = words(self.text, line.clone());
        let span = self.line_span(at);
        let start = span.start as usize;
        if let Some(colon) = written.find(':').filter(|colon| *colon + 1 < written.len()) {
            let after = start + colon + 1;
            let key = quote::shorten(written.get(..colon).unwrap_or(""));
            let insert = self.span(after..after);
            let finding = error(
                rules::missing_colon::RULE.code,
                span,
                format!("`{key}:` is not followed by a blank, so this is no `key: value` entry"),
            )
            .help("write a blank after the colon")
            .fix("write a blank after the colon", insert, " ");
            return self.blank(finding, at);
        }
        let message = format!(
            "`{}` is no entry; expected `key: value`",
            self.quoted_line(at)
        );
        let finding = error(rules::missing_colon::RULE.code, span, message)
            .help("write a colon and a value after the key, or indent the line if it is text");
        self.blank(finding, at)
    }

    /// A colon where the entry already has a value.
    fn second_colon(&self) -> Mistake {
        let at = self.failure.at;
        let last = self.failure.last_scalar.clone();
        let last_line = line_at(self.text, last.start);
        let here = line_at(self.text, at);
        if last_line.start < here.start && last.end > here.start {
            let before = self.text.get(last_line.start..last.start).unwrap_or("");
            if before.trim().is_empty() {
                return self.no_colon(last.start);
            }
            return self.deeper_than_expected(last_line.start, at);
        }
        let message = "a second `: ` on this line; a value without quotes cannot contain it";
        let finding = error(rules::needs_quotes::RULE.code, self.one(at), message)
            .help("put the value in quotes, or write the inner entry on a line of its own");
        self.blank(finding, at)
    }

    fn deeper_than_expected(&self, owner: usize, at: usize) -> Mistake {
        let message = format!(
            "`{}` is indented deeper than the entry above, which already has a value",
            self.quoted_line(at)
        );
        let finding = error(
            rules::bad_indentation::RULE.code,
            self.line_span(at),
            message,
        )
        .related(self.line_span(owner), "this entry has its value already")
        .help("give both lines the same indentation, or take the value above away");
        self.blank(finding, at)
    }

    fn indentation(&self) -> Mistake {
        let at = self.failure.at;
        let line = line_at(self.text, at);
        let item = is_item(self.text, line.clone());
        let inside = words(self.text, line.clone()).starts_with("- ") || !item;
        if matches!(self.failure.kind, ErrorKind::BlockSequenceEntryNotAllowed) && !item && inside {
            let finding = error(
                rules::bad_indentation::RULE.code,
                self.one(at),
                "a list with `-` cannot start on the line of its key",
            )
            .help("write the items on the lines below, or the list as `[a, b]`");
            return self.blank(finding, at);
        }
        let (found, expected) = match (&self.failure.kind, item) {
            (ErrorKind::ExpectedBlockSequenceEntry, _) => ("no list item", "a line with `- `"),
            (_, true) => ("a list item", "a `key: value` entry"),
            _ => (
                "not in line with any entry above",
                "the indentation of its siblings",
            ),
        };
        let message = format!("`{}` is {found}; expected {expected}", self.quoted_line(at));
        let finding = error(
            rules::bad_indentation::RULE.code,
            self.line_span(at),
            message,
        )
        .help("entries of one map or list start in the same column; indent with two blanks");
        self.blank(finding, at)
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

/// The first escape in a double-quoted text that means nothing.
fn bad_escape(quoted: &str) -> Option<Range<usize>> {
    let mut letters = quoted.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return None,
            '\\' => {
                let (next, escape) = letters.next()?;
                let digits = match escape {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    c if "0abt\tnvfre \"/\\N_LP\n\r".contains(c) => continue,
                    c => return Some(at..next + c.len_utf8()),
                };
                let code = quoted.get(next + 1..next + 1 + digits).unwrap_or("");
                let scalar = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
                if scalar.is_none() {
                    let hex = quoted.get(next + 1..).unwrap_or("");
                    let len = hex
                        .bytes()
                        .take(digits)
                        .take_while(u8::is_ascii_hexdigit)
                        .count();
                    return Some(at..next + 1 + len);
                }
            }
            _ => {}
        }
    }
    None
}
