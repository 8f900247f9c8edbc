//! Strings in quotes: `"…"`, `"""…"""`, `#"…"#`, `#"""…"""#`, and the `r"…"` of KDL v1, which is read
//! as what it meant and reported.
//!
//! A string without escapes is a slice of the text. Escapes are checked here, where their places are
//! known, and replaced afterwards by [`unescape`], which therefore cannot fail.

use std::borrow::Cow;

use super::chars::{is_newline, is_space, is_word, newline_len};
use super::dedent::dedent;
use super::lexer::{Kind, Lexer};
use super::rules;

impl<'a> Lexer<'a> {
    /// A string that starts with a quote.
    pub(super) fn quoted(&mut self, start: usize) -> Kind<'a> {
        if self.rest(start).starts_with("\"\"\"") {
            return self.triple(start, 0);
        }
        let body = start + 1;
        let mut escaped = false;
        self.at = body;
        loop {
            match self.byte(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape();
                }
                Some(_) if newline_len(self.bytes, self.at) == 0 => self.at += 1,
                _ => return self.open_string(start, body),
            }
        }
        let raw = self.slice(body, self.at);
        self.at += 1;
        Kind::String(if escaped {
            Cow::Owned(unescape(raw))
        } else {
            Cow::Borrowed(raw)
        })
    }

    /// A string that starts with hashes and a quote; the position is at the quote.
    pub(super) fn raw_string(&mut self, start: usize) -> Kind<'a> {
        let hashes = self.at - start;
        if self.rest(self.at).starts_with("\"\"\"") {
            return self.triple(start, hashes);
        }
        let body = self.at + 1;
        match self.find_raw_end(body, 1, hashes) {
            Ok(end) => {
                self.at = end + 1 + hashes;
                Kind::String(Cow::Borrowed(self.slice(body, end)))
            }
            Err(stop) => {
                self.at = stop;
                self.open_string(start, body)
            }
        }
    }

    /// `r"…"` or `r#"…"#`; the position is after the `r`.
    pub(super) fn v1_raw_string(&mut self, start: usize) -> Kind<'a> {
        while self.byte(self.at) == Some(b'#') {
            self.at += 1;
        }
        let hashes = self.at - start - 1;
        let body = self.at + 1;
        // Only the first line is searched: a raw string over several lines is left to its author.
        let end = match self.find_raw_end(body, 1, hashes) {
            Ok(end) => end,
            Err(stop) => {
                self.at = stop;
                return self.open_string(start, body);
            }
        };
        self.at = end + 1 + hashes;
        let (span, words) = (self.span(start, self.at), self.slice(body, end));
        self.report(|| rules::v1_raw_string(span, words, hashes));
        Kind::String(Cow::Borrowed(words))
    }

    /// A string that starts with (hashes and) three quotes; the position is at the first quote.
    fn triple(&mut self, start: usize, hashes: usize) -> Kind<'a> {
        let open = start + hashes + 3;
        let newline = newline_len(self.bytes, open);
        if newline == 0 {
            return self.triple_on_one_line(start, open, hashes);
        }
        let body = open + newline;
        let end = if hashes == 0 {
            self.find_cooked_end(body)
        } else {
            self.find_raw_block_end(body, hashes)
        };
        let Some(end) = end else {
            let span = self.span(start, open);
            self.report(|| {
                rules::unterminated_string(span, &format!("\"\"\"{}", "#".repeat(hashes)))
            });
            self.at = self.after_open_end(start);
            return Kind::String(Cow::Borrowed(self.slice(body, self.at)));
        };
        self.at = end + 3 + hashes;
        Kind::String(dedent(self, body, end, hashes > 0))
    }

    fn triple_on_one_line(&mut self, start: usize, open: usize, hashes: usize) -> Kind<'a> {
        let (end, after) = match self.find_raw_end(open, 3, hashes) {
            Ok(close) => (close, close + 3 + hashes),
            Err(stop) => (stop, stop),
        };
        let words = self.slice(open, end);
        self.at = after;
        let span = self.span(start, self.at);
        if open >= self.bytes.len() {
            self.report(|| rules::unterminated_string(span, "\"\"\""));
        } else {
            self.report(|| rules::multi_line_opening(span));
        }
        Kind::String(Cow::Borrowed(words))
    }

    /// Reports a string that its line ends before it does. A `{` at the very end of the line is given
    /// back, because it opens a block far more often than it belongs to the string.
    fn open_string(&mut self, start: usize, body: usize) -> Kind<'a> {
        let line = self.slice(body, self.at).trim_end();
        if let Some(head) = line.strip_suffix(" {") {
            self.at = body + head.trim_end().len();
        }
        let (span, quote) = (self.span(start, self.at), self.slice(start, body));
        let quote: String = quote.trim_start_matches('r').chars().rev().collect();
        let line = self.line_start(start)..self.line_end(self.at);
        // A quote that closes nothing touches the word before it.
        let touches = self
            .slice(line.start, start)
            .ends_with(|c: char| is_word(c) || matches!(c, '"' | '}' | '/' | ']'));
        self.errors.push_for_line(line, self.quiet, |said| {
            match quote.starts_with('"') && (said || touches) {
                true => rules::lone_quote(span),
                false => rules::unterminated_string(span, &quote),
            }
        });
        Kind::String(Cow::Owned(unescape(self.slice(body, self.at))))
    }

    /// Where the closing quotes and hashes of a raw string start, or else where its line ends. Stops
    /// at whichever comes first, so that many strings on one line are each read once.
    fn find_raw_end(&self, from: usize, quotes: usize, hashes: usize) -> Result<usize, usize> {
        let mut at = from;
        loop {
            match self.byte(at) {
                Some(b'"') => match self.close_at(at, quotes, hashes) {
                    Ok(end) => return Ok(end),
                    Err(tail) => at = tail,
                },
                Some(_) if newline_len(self.bytes, at) == 0 => at += 1,
                _ => return Err(at),
            }
        }
    }

    /// Where the closing quotes and hashes of a raw multi-line string start.
    fn find_raw_block_end(&self, from: usize, hashes: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let quote = at
                + self
                    .bytes
                    .get(at..)?
                    .iter()
                    .position(|byte| *byte == b'"')?;
            match self.close_at(quote, 3, hashes) {
                Ok(end) => return Some(end),
                Err(tail) => at = tail,
            }
        }
    }

    /// Whether the run of quotes that starts here closes a raw string: where the closing ones start,
    /// or where the run ends if it does not.
    fn close_at(&self, quote: usize, quotes: usize, hashes: usize) -> Result<usize, usize> {
        // Without hashes the first quotes close, and looking further would be done again for the rest.
        let run = self.run(quote, b'"', if hashes == 0 { quotes } else { usize::MAX });
        let tail = quote + run;
        if run < quotes || self.run(tail, b'#', hashes) < hashes {
            return Err(tail);
        }
        Ok(if hashes == 0 { quote } else { tail - quotes })
    }

    /// How many of a byte stand here, counting no further than `most`.
    fn run(&self, at: usize, byte: u8, most: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter()
            .take(most)
            .take_while(|found| **found == byte)
            .count()
    }

    /// Where the closing `"""` of a string with escapes starts; checks the escapes on the way, and
    /// only once the end is known to exist.
    fn find_cooked_end(&mut self, from: usize) -> Option<usize> {
        let mut at = from;
        let end = loop {
            match self.byte(at)? {
                b'\\' => at += 2,
                b'"' if self.rest(at).starts_with("\"\"\"") => break at,
                _ => at += 1,
            }
        };
        self.at = from;
        while self.at < end {
            match self.byte(self.at) {
                Some(b'\\') => self.escape(),
                _ => self.at += 1,
            }
        }
        Some(end)
    }

    /// Steps over the escape at the position, reporting it if there is no such escape.
    fn escape(&mut self) {
        let start = self.at;
        let rest = self.rest(start + 1);
        let length = match rest.chars().next() {
            Some('"' | '\\' | 'b' | 'f' | 'n' | 'r' | 't' | 's') => 1,
            Some('u') => match unicode_escape(rest) {
                Some((_, length)) => length,
                None => return self.bad_escape(start, unicode_escape_words(rest)),
            },
            Some(c) if is_space(c) || is_newline(c) => space_len(rest),
            Some(c) => return self.bad_escape(start, c.len_utf8()),
            // The text ends here; the missing quote is what is reported.
            None => 0,
        };
        self.at = start + 1 + length;
    }

    fn bad_escape(&mut self, start: usize, length: usize) {
        self.at = start + 1 + length;
        let (span, words) = (self.span(start, self.at), self.slice(start, self.at));
        self.report(|| rules::bad_escape(span, words));
    }
}

/// Bytes of spaces and newlines at the start.
pub(super) fn space_len(text: &str) -> usize {
    text.len()
        - text
            .trim_start_matches(|c| is_space(c) || is_newline(c))
            .len()
}

/// `u{1F600}` at the start: its character and its length in bytes.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let digits = text.strip_prefix("u{")?;
    let length = digits
        .bytes()
        .take(7)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if !(1..=6).contains(&length) || digits.as_bytes().get(length) != Some(&b'}') {
        return None;
    }
    let value = u32::from_str_radix(digits.get(..length)?, 16).ok()?;
    Some((char::from_u32(value)?, length + 3))
}

/// The bytes to point at when a unicode escape is none.
fn unicode_escape_words(text: &str) -> usize {
    match text.strip_prefix("u{") {
        Some(digits) => {
            let length = digits
                .bytes()
                .take(12)
                .take_while(u8::is_ascii_hexdigit)
                .count();
            2 + length + usize::from(digits.as_bytes().get(length) == Some(&b'}'))
        }
        None => 1,
    }
}

/// Replaces escapes. What is no escape stays as written.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('\\') {
        out.push_str(head);
        rest = unescape_one(tail, &mut out);
    }
    out.push_str(rest);
    out
}

/// Writes what the escape after a backslash stands for and returns what comes after it.
fn unescape_one<'t>(tail: &'t str, out: &mut String) -> &'t str {
    let Some(c) = tail.chars().next() else {
        out.push('\\');
        return tail;
    };
    let (plain, length) = match c {
        '"' | '\\' => (Some(c), 1),
        'b' => (Some('\u{8}'), 1),
        'f' => (Some('\u{C}'), 1),
        'n' => (Some('\n'), 1),
        'r' => (Some('\r'), 1),
        't' => (Some('\t'), 1),
        's' => (Some(' '), 1),
        'u' => match unicode_escape(tail) {
            Some((c, length)) => (Some(c), length),
            None => (Some('\\'), 0),
        },
        c if is_space(c) || is_newline(c) => (None, space_len(tail)),
        _ => (Some('\\'), 0),
    };
    out.extend(plain);
    tail.get(length..).unwrap_or("")
}
