//! Reads the words of an expression one after another.

use std::ops::Range;

/// A position in a template's text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Steps over `word` if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// A name: a letter or `_`, then letters, digits, `_` and `-`.
    pub(super) fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
        let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !rest.starts_with(starts) {
            return None;
        }
        let length = rest.find(|c| !goes_on(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length)
    }

    /// A whole number with an optional `-`, as text.
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest
            .bytes()
            .skip(sign)
            .take_while(u8::is_ascii_digit)
            .count();
        if digits == 0 {
            return None;
        }
        self.at += sign + digits;
        rest.get(..sign + digits)
    }

    /// A string in `"…"` or `'…'`; `\` before a quote or another `\` takes it as it is, `\n` and `\t`
    /// are a line break and a tab. `Err` where it does not end.
    pub(super) fn string(&mut self) -> Option<Result<String, Range<usize>>> {
        let quote = self.peek().filter(|c| *c == '"' || *c == '\'')?;
        let start = self.at;
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, escaped)) => value.push(escaped),
                    None => break,
                },
                _ if c == quote => {
                    self.at = start + offset + c.len_utf8();
                    return Some(Ok(value));
                }
                _ => value.push(c),
            }
        }
        self.at = self.text.len();
        Some(Err(start..self.text.len()))
    }
}
