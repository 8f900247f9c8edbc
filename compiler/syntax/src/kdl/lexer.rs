//! Text to tokens. KDL's tokens do not depend on where they stand, so the lexer has no state but its
//! position; each token is read once, from left to right.

use std::borrow::Cow;

use crate::source::{SourceId, Span};

use super::chars::{is_disallowed, is_newline, is_space, is_word, is_word_byte, newline_len};
use super::errors::Errors;
use super::rules;

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind<'a> {
    /// Spaces within a line.
    Space,
    /// One newline.
    Newline,
    /// `// …` without its newline.
    LineComment,
    /// `/* … */`, nested ones included.
    BlockComment,
    /// `/-`
    Slashdash,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `=`
    Equals,
    /// `;`
    Semicolon,
    /// `\` outside a string.
    Backslash,
    /// A bare word: an identifier or a number.
    Word(&'a str),
    /// `#` and the word after it.
    Keyword(&'a str),
    /// A string in any kind of quotes, after escapes.
    String(Cow<'a, str>),
    /// A character with no meaning here.
    Other,
    /// The end of the text.
    End,
}

/// A token and its bytes.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// After so many strings and comments without an end, the next one takes the rest of the text. Each
/// of them needs a look at the whole rest to know that its end is missing; the bound keeps the sum
/// of those looks linear.
const OPEN_ENDS: u8 = 8;

/// Reads tokens off a text.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) errors: Errors,
    /// Set while the parser skips the rest of a node it has already complained about.
    pub(super) quiet: bool,
    source: SourceId,
    open_ends: u8,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: SourceId, text: &'a str) -> Self {
        let mut lexer = Self {
            text,
            bytes: text.as_bytes(),
            at: if text.starts_with('\u{FEFF}') { 3 } else { 0 },
            errors: Errors::default(),
            quiet: false,
            source,
            open_ends: 0,
        };
        lexer.check_code_points();
        lexer
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn slice_of(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or("")
    }

    /// Adds a finding unless the parser is skipping.
    pub(super) fn report(&mut self, make: impl FnOnce() -> crate::Diagnostic) {
        if !self.quiet {
            self.errors.push(make);
        }
    }

    /// Code points that may stand nowhere are looked for once, ahead of everything else. Bytes that
    /// cannot start one are passed over without decoding.
    fn check_code_points(&mut self) {
        let mut at = self.at;
        while let Some(byte) = self.byte(at) {
            let suspect = matches!(byte, 0..=8 | 0x0E..=0x1F | 0x7F | 0xE2 | 0xEF);
            if !suspect {
                at += 1;
                continue;
            }
            let found = self.rest(at).chars().next().unwrap_or('\0');
            let end = at + found.len_utf8();
            if is_disallowed(found) {
                let span = self.span(at, end);
                self.errors
                    .push(|| rules::disallowed_code_point(span, found));
            }
            at = end;
        }
    }

    /// The next token; at the end of the text, [`Kind::End`] again and again.
    pub(super) fn next(&mut self) -> Token<'a> {
        let start = self.at;
        let kind = self.read(start);
        Token {
            kind,
            start,
            end: self.at,
        }
    }

    fn read(&mut self, start: usize) -> Kind<'a> {
        let Some(byte) = self.byte(start) else {
            return Kind::End;
        };
        match byte {
            b' ' | b'\t' => self.spaces(),
            b'"' => self.quoted(start),
            b'#' => self.hash(start),
            b'/' => self.slash(start),
            b'(' => self.one(Kind::ParenOpen),
            b')' => self.one(Kind::ParenClose),
            b'{' => self.one(Kind::BraceOpen),
            b'}' => self.one(Kind::BraceClose),
            b'=' => self.one(Kind::Equals),
            b';' => self.one(Kind::Semicolon),
            b'\\' => self.one(Kind::Backslash),
            b'[' | b']' => self.one(Kind::Other),
            _ => self.newline_or_word(start),
        }
    }

    fn one(&mut self, kind: Kind<'a>) -> Kind<'a> {
        self.at += 1;
        kind
    }

    fn newline_or_word(&mut self, start: usize) -> Kind<'a> {
        let newline = newline_len(self.bytes, start);
        if newline > 0 {
            self.at += newline;
            return Kind::Newline;
        }
        self.skip_word();
        if self.at == start {
            return self.spaces();
        }
        let word = self.slice(start, self.at);
        if word == "r" && self.rest(self.at).trim_start_matches('#').starts_with('"') {
            return self.v1_raw_string(start);
        }
        match self.byte(self.at) {
            Some(b'/') => self.bare_text(start).unwrap_or(Kind::Word(word)),
            _ => Kind::Word(word),
        }
    }

    fn spaces(&mut self) -> Kind<'a> {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b' ' | b'\t' => self.at += 1,
                0x80.. => match self.rest(self.at).chars().next() {
                    Some(c) if is_space(c) => self.at += c.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        Kind::Space
    }

    /// Moves to the end of the bare word that starts here, if any.
    pub(super) fn skip_word(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            if byte < 0x80 {
                if !is_word_byte(byte) {
                    break;
                }
                self.at += 1;
            } else {
                match self.rest(self.at).chars().next() {
                    Some(c) if is_word(c) => self.at += c.len_utf8(),
                    _ => break,
                }
            }
        }
    }

    fn hash(&mut self, start: usize) -> Kind<'a> {
        while self.byte(self.at) == Some(b'#') {
            self.at += 1;
        }
        if self.byte(self.at) == Some(b'"') {
            return self.raw_string(start);
        }
        self.skip_word();
        Kind::Keyword(self.slice(start, self.at))
    }

    fn slash(&mut self, start: usize) -> Kind<'a> {
        match self.byte(start + 1) {
            Some(b'/') => {
                self.at = self.line_end(start);
                Kind::LineComment
            }
            Some(b'*') => self.block_comment(start),
            Some(b'-') => {
                self.at += 2;
                Kind::Slashdash
            }
            _ => match self.bare_text(start) {
                Some(text) => text,
                None => self.one(Kind::Other),
            },
        }
    }

    /// Text with a `/` in it that stands without quotes, from where it starts: told, and read as the string
    /// that was meant. The position is at its first `/`; nothing is taken where that begins a comment.
    fn bare_text(&mut self, start: usize) -> Option<Kind<'a>> {
        let end = self.bare_end(self.at);
        if end <= start + 1 || end == self.at {
            return None;
        }
        self.at = end;
        let (span, text) = (self.span(start, end), self.slice(start, end));
        let whole = self.byte(end) != Some(b'{');
        self.report(|| rules::bare_text(span, text, whole));
        Some(Kind::String(Cow::Borrowed(text)))
    }

    /// Where text without quotes ends: at white space, or at what begins something else. Braces belong to
    /// it in pairs, as in `/orders/{id}`. Looks no further than to the second brace that is open, so that
    /// no text is looked at again and again.
    fn bare_end(&self, from: usize) -> usize {
        let mut end = from;
        let mut open = false;
        for (index, c) in self.rest(from).char_indices() {
            let at = from + index;
            let comment = c == '/' && matches!(self.byte(at + 1), Some(b'/' | b'*' | b'-'));
            let ends = is_space(c) || is_newline(c) || is_disallowed(c);
            match c {
                _ if ends || comment => break,
                '"' | ';' | '\\' | '(' | ')' => break,
                '{' if open => break,
                '{' => open = true,
                '}' if !open => break,
                '}' => open = false,
                _ => {}
            }
            if !open {
                end = at + c.len_utf8();
            }
        }
        end
    }

    /// Comments nest, so the depth is counted; nothing is recursive.
    fn block_comment(&mut self, start: usize) -> Kind<'a> {
        let mut depth = 0_usize;
        let mut at = start;
        while let Some(byte) = self.byte(at) {
            match (byte, self.byte(at + 1)) {
                (b'/', Some(b'*')) => {
                    depth += 1;
                    at += 2;
                }
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        self.at = at;
                        return Kind::BlockComment;
                    }
                }
                _ => at += 1,
            }
        }
        let span = self.span(start, start + 2);
        self.report(|| rules::unterminated_comment(span));
        self.at = self.after_open_end(start);
        Kind::BlockComment
    }

    /// Where the line begins that an offset stands in.
    pub(super) fn line_start(&self, from: usize) -> usize {
        let before = self.slice(0, from);
        let newline = before.char_indices().rfind(|(_, c)| is_newline(*c));
        newline.map_or(0, |(at, c)| at + c.len_utf8())
    }

    /// The offset of the newline that ends the line, or of the end of the text.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.bytes.len() && newline_len(self.bytes, at) == 0 {
            at += 1;
        }
        at
    }

    /// Where to go on after a string or comment whose end is missing: before the first line that is
    /// indented no deeper than the line it began on, because that is most likely the next node.
    pub(super) fn after_open_end(&mut self, start: usize) -> usize {
        self.open_ends = self.open_ends.saturating_add(1);
        if self.open_ends > OPEN_ENDS {
            return self.bytes.len();
        }
        let indent = indent(self.slice(self.line_start(start), start));
        let mut at = self.line_end(start);
        loop {
            let newline = newline_len(self.bytes, at);
            if newline == 0 {
                return self.bytes.len();
            }
            let next = at + newline;
            let end = self.line_end(next);
            let line = self.slice(next, end);
            if !line.trim().is_empty() && self::indent(line) <= indent {
                return at;
            }
            at = end;
        }
    }
}

/// Bytes of spaces and tabs at the start of a line.
pub(super) fn indent(line: &str) -> usize {
    line.bytes()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}
