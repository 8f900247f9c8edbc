//! The tokens of a text with their places, for the formatter.
//!
//! Whatever carries meaning or must be kept letter by letter (scalars, anchors, tags, comments)
//! comes from the parser's events; between them only indicators such as `-`, `:` and brackets are
//! left, one character each.

use granit_parser::{Event, ScalarStyle, ScanError};

use super::events::{block_header, bytes, events};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plain or quoted scalar; may go over several lines.
    Scalar,
    /// `|` or `>` with its modifiers.
    BlockHeader,
    /// The lines of a block scalar.
    BlockBody,
    /// `&name`.
    Anchor,
    /// `*name`.
    Alias,
    /// `!tag`.
    Tag,
    /// `# …`.
    Comment,
    /// `---`, `...` or a line that starts with `%`.
    Marker,
    /// One of `- ? : , [ ] { }`.
    Mark(u8),
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// All tokens of a text without mistakes, in order.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ScanError> {
    let mut words = opaque(text)?;
    words.sort_by_key(|token| (token.start, token.end));
    let mut all = Vec::with_capacity(words.len() * 2);
    let mut at = 0;
    for word in words {
        marks(text, at, word.start, &mut all);
        at = at.max(word.end);
        all.push(word);
    }
    marks(text, at, text.len(), &mut all);
    Ok(all)
}

fn opaque(text: &str) -> Result<Vec<Token>, ScanError> {
    let mut words = Vec::new();
    let mut last = 0;
    for step in events(text) {
        let (event, mark) = step?;
        let range = bytes(&mark);
        let mut push = |kind, start: usize, end: usize| {
            if end > start {
                words.push(Token { kind, start, end });
            }
        };
        if let Some(tag) = mark.tag_span() {
            let tag = bytes(&tag);
            push(Kind::Tag, tag.start, tag.end);
            last = last.max(tag.end);
        }
        match event {
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                let start = block_header(text, last.min(range.start), range.start);
                let rest = text.get(start..range.start).unwrap_or("");
                let header = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
                let line = rest
                    .find('\n')
                    .map_or(range.start, |found| start + found + 1);
                push(Kind::BlockHeader, start, start + header);
                push(Kind::BlockBody, line, range.end.max(line));
            }
            Event::Scalar(..) => push(Kind::Scalar, range.start, range.end),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                push(Kind::Alias, range.start, range.end)
            }
            Event::Anchor(..) => push(Kind::Anchor, range.start, range.end),
            Event::Comment(..) => push(Kind::Comment, range.start, range.end),
            _ => {}
        }
        if event.is_node() {
            last = last.max(range.end);
        }
    }
    Ok(words)
}

/// The indicators between two words.
fn marks(text: &str, from: usize, to: usize, all: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < to {
        let line_start = at == 0 || bytes.get(at - 1) == Some(&b'\n');
        let rest = bytes.get(at..to).unwrap_or_default();
        let long = match rest {
            [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] if line_start => 3,
            [b'%', ..] if line_start => rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len()),
            _ => 0,
        };
        if long > 0 {
            all.push(Token {
                kind: Kind::Marker,
                start: at,
                end: at + long,
            });
            at += long;
            continue;
        }
        let first = rest.first().copied().unwrap_or_default();
        if b"-?:,[]{}".contains(&first) {
            all.push(Token {
                kind: Kind::Mark(first),
                start: at,
                end: at + 1,
            });
        }
        at += 1;
    }
}
