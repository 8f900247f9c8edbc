//! Bytes of a text as lines and columns, in the way an editor counts them.
//!
//! The Language Server Protocol counts lines and, within a line, units of UTF-8, UTF-16 or UTF-32, all
//! from 0; a line ends with `\n`, `\r\n` or `\r`. The compiler counts bytes. Both ways bend what lies
//! outside to the nearest place inside, so that no position of a client can be wrong.

use std::sync::Arc;

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16: what every client knows.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// A place in a text: line and column, both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// Units of the [`Encoding`] from the line's start.
    pub column: u32,
}

/// A text with the bytes its lines begin at.
#[derive(Debug, Clone)]
pub struct Lines {
    text: Arc<str>,
    starts: Vec<usize>,
    /// How many characters, and how many of them of four bytes, begin before each block of bytes: a line
    /// may be a megabyte long, and is asked about again and again.
    blocks: Vec<(usize, usize)>,
}

/// The bytes of a block.
const BLOCK: usize = 1024;

impl Lines {
    /// Looks for the lines of a text.
    pub fn new(text: Arc<str>) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| {
            **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
        });
        let starts = std::iter::once(0)
            .chain(ends.map(|(at, _)| at + 1))
            .collect();
        let blocks = blocks(bytes);
        Self {
            text,
            starts,
            blocks,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines there are; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The number of the line that a byte stands in, from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The bytes of a line, without what ends it.
    pub fn line(&self, number: usize) -> std::ops::Range<usize> {
        let length = self.text.len();
        let start = self.starts.get(number).copied().unwrap_or(length);
        let end = self.starts.get(number + 1).copied().unwrap_or(length);
        let words = self.text.get(start..end).unwrap_or("");
        start..start + words.trim_end_matches(['\n', '\r']).len()
    }

    /// The position of a byte; of one within a character, that character's.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let column = self.before(offset, encoding) - self.before(start, encoding);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position {
            line: count(line),
            column: count(column),
        }
    }

    /// How many units stand before a byte, from the text's beginning on.
    fn before(&self, offset: usize, encoding: Encoding) -> usize {
        let block = offset / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..offset);
        let rest = begun(rest.unwrap_or_default());
        let before = self.blocks.get(block).copied().unwrap_or((0, 0));
        let (characters, long) = (before.0 + rest.0, before.1 + rest.1);
        match encoding {
            Encoding::Utf8 => offset,
            // Characters of four bytes are two units.
            Encoding::Utf16 => characters + long,
            Encoding::Utf32 => characters,
        }
    }

    /// How many units a range has.
    pub fn units(&self, range: &std::ops::Range<usize>, encoding: Encoding) -> u32 {
        let before = |offset: usize| self.before(offset.min(self.text.len()), encoding);
        let units = before(range.end).saturating_sub(before(range.start));
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// The byte at a position: past the end of a line its end, past the last line the text's end.
    pub fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let number = position.line as usize;
        if number >= self.starts.len() {
            return self.text.len();
        }
        let line = self.line(number);
        let words = self.text.get(line.clone()).unwrap_or("");
        let mut left = position.column as usize;
        for (at, character) in words.char_indices() {
            let units = match encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if left < units {
                return line.start + at;
            }
            left -= units;
        }
        line.end
    }
}

/// How many characters, and how many of four bytes, begin before each block.
fn blocks(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut before = (0, 0);
    let mut found = vec![before];
    for block in bytes.chunks(BLOCK) {
        let own = begun(block);
        before = (before.0 + own.0, before.1 + own.1);
        found.push(before);
    }
    found
}

/// How many characters begin in these bytes, and how many of them have four.
fn begun(bytes: &[u8]) -> (usize, usize) {
    let count = |wanted: fn(u8) -> bool| bytes.iter().filter(|byte| wanted(**byte)).count();
    (
        count(|byte| byte & 0xC0 != 0x80),
        count(|byte| byte >= 0xF0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_count_what_the_client_counts() {
        let lines = Lines::new("a😀b\r\nü\rz".into());
        let column = |offset, encoding| lines.position(offset, encoding).column;
        assert_eq!(column(5, Encoding::Utf8), 5);
        assert_eq!(column(5, Encoding::Utf16), 3);
        assert_eq!(column(5, Encoding::Utf32), 2);
        let last = lines.position(11, Encoding::Utf16);
        assert_eq!(last, Position { line: 2, column: 0 });
    }

    proptest! {
        #[test]
        fn units_are_counted_by_their_bytes(text in "\\PC{0,40}") {
            // Longer than a block, so that their sums count too.
            let text = text.repeat(200);
            let lines = Lines::new(text.as_str().into());
            let units = |encoding| lines.units(&(0..text.len()), encoding) as usize;
            prop_assert_eq!(units(Encoding::Utf16), text.encode_utf16().count());
            prop_assert_eq!(units(Encoding::Utf32), text.chars().count());
        }
    }

    #[test]
    fn what_lies_outside_is_bent_inside() {
        let lines = Lines::new("ab\ncd".into());
        let offset = |line, column| lines.offset(Position { line, column }, Encoding::Utf16);
        assert_eq!(offset(0, 99), 2);
        assert_eq!(offset(9, 0), 5);
        assert_eq!(
            lines.position(99, Encoding::Utf8),
            Position { line: 1, column: 2 }
        );
    }

    proptest! {
        #[test]
        fn there_and_back(text in "[a-c\u{e9}\u{1f600}\r\n]{0,40}", unit in 0..3usize) {
            let encoding = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][unit];
            let lines = Lines::new(text.as_str().into());
            for (at, character) in text.char_indices() {
                // Between `\r` and `\n` no editor can stand.
                if character == '\n' && text[..at].ends_with('\r') {
                    continue;
                }
                prop_assert_eq!(lines.offset(lines.position(at, encoding), encoding), at);
            }
        }
    }
}
