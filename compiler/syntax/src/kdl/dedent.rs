//! Multi-line strings: the whitespace before the closing quotes is taken off the start of every line.
//!
//! The order is the specification's: first escaped whitespace goes, then lines are dedented, then the
//! other escapes are replaced; so `\n` makes no line and `\s` is no indentation.

use std::borrow::Cow;

use super::chars::{is_space, newline_len};
use super::lexer::Lexer;
use super::rules;
use super::string::{space_len, unescape};

/// The value of the multi-line string whose lines are `body..end`; `end` is at the closing quotes.
pub(super) fn dedent<'a>(
    lexer: &mut Lexer<'a>,
    body: usize,
    end: usize,
    raw: bool,
) -> Cow<'a, str> {
    let text = lexer.slice(body, end);
    if raw || !text.contains('\\') {
        let lines = Lines {
            text: Cow::Borrowed(text),
            jumps: Vec::new(),
        };
        return lines.dedent(lexer, body, end, false);
    }
    drop_escaped_space(text).dedent(lexer, body, end, true)
}

/// A body without escaped whitespace, and where in the text the parts after each of them came from.
struct Lines<'t> {
    text: Cow<'t, str>,
    /// Offsets in `text` and in the body; between two of them both run alike.
    jumps: Vec<(usize, usize)>,
}

fn drop_escaped_space(body: &str) -> Lines<'static> {
    let mut text = String::with_capacity(body.len());
    let mut jumps = Vec::new();
    let mut at = 0;
    while let Some(found) = body.get(at..).and_then(|rest| rest.find('\\')) {
        let slash = at + found;
        let space = space_len(body.get(slash + 1..).unwrap_or(""));
        // Any other escape keeps both of its characters, so that `\\ ` is not taken for `\ `.
        let kept = if space > 0 {
            slash
        } else {
            next_char(body, slash + 1)
        };
        text.push_str(body.get(at..kept).unwrap_or(""));
        at = if space > 0 { slash + 1 + space } else { kept };
        if space > 0 {
            jumps.push((text.len(), at));
        }
    }
    text.push_str(body.get(at..).unwrap_or(""));
    Lines {
        text: Cow::Owned(text),
        jumps,
    }
}

fn next_char(text: &str, at: usize) -> usize {
    at + text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8)
}

impl<'t> Lines<'t> {
    fn dedent(self, lexer: &mut Lexer<'_>, body: usize, end: usize, escapes: bool) -> Cow<'t, str> {
        let lines = split(&self.text);
        let Some(((_, prefix), lines)) = lines.split_last() else {
            return Cow::Borrowed("");
        };
        if !prefix.chars().all(is_space) {
            let span = lexer.span(end, end + 3);
            lexer.report(|| rules::closing_quotes(span));
            return self.text;
        }
        let mut out = String::with_capacity(self.text.len());
        let mut reported = false;
        for (index, (start, line)) in lines.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            if line.chars().all(is_space) {
                continue;
            }
            let words = line.strip_prefix(prefix).unwrap_or_else(|| {
                if !std::mem::replace(&mut reported, true) {
                    self.report(lexer, body, *start, line, prefix);
                }
                line.trim_start_matches(is_space)
            });
            if escapes {
                out.push_str(&unescape(words));
            } else {
                out.push_str(words);
            }
        }
        Cow::Owned(out)
    }

    fn report(&self, lexer: &mut Lexer<'_>, body: usize, start: usize, line: &str, prefix: &str) {
        let from = body + self.origin(start);
        let space = line.len() - line.trim_start_matches(is_space).len();
        let to = (from + space).min(lexer.text.len());
        // Escaped whitespace may lie inside; a span that would cut a character is made empty.
        let to = if lexer.text.is_char_boundary(to) {
            to
        } else {
            from
        };
        let span = lexer.span(from, to);
        lexer.report(|| rules::multi_line_indentation(span, prefix));
    }

    /// Where in the body an offset of the text came from.
    fn origin(&self, offset: usize) -> usize {
        let after = self.jumps.partition_point(|(at, _)| *at <= offset);
        match after.checked_sub(1).and_then(|index| self.jumps.get(index)) {
            Some((at, origin)) => origin + (offset - at),
            None => offset,
        }
    }
}

/// Lines with their offsets; always at least one, the last without a newline.
fn split(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let newline = newline_len(bytes, at);
        if newline == 0 {
            at += 1;
            continue;
        }
        lines.push((start, text.get(start..at).unwrap_or("")));
        at += newline;
        start = at;
    }
    lines.push((start, text.get(start..).unwrap_or("")));
    lines
}
