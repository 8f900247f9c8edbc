//! What a JSON template looks like with something in the place of each value, to see whether it can
//! ever be JSON.

use gated_engine::program::{Escape, Filter, ValueSource};

/// What may come in the place of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hole {
    /// Text inside a string.
    Inside,
    /// A whole number.
    Whole,
    /// A string with its quotes.
    Text,
    /// Any JSON value.
    Any,
    /// Anything at all.
    Raw,
}

impl Hole {
    pub(super) fn of(source: &ValueSource, filters: &[Filter], escape: Escape) -> Self {
        if filters.contains(&Filter::Raw) {
            return Self::Raw;
        }
        if escape == Escape::Json {
            return Self::Inside;
        }
        let kind = match source {
            ValueSource::Random(..) | ValueSource::Counter(_) | ValueSource::ErrorStatus => {
                Self::Whole
            }
            ValueSource::Body | ValueSource::BodyJson(_) | ValueSource::Fake(_) => Self::Any,
            _ => Self::Text,
        };
        filters.iter().fold(kind, |kind, filter| match filter {
            Filter::Int | Filter::Length => Self::Whole,
            Filter::Number | Filter::Json | Filter::DefaultWhole(_) => match kind {
                Self::Whole => Self::Whole,
                _ => Self::Any,
            },
            Filter::Default(_) => match kind {
                Self::Text => Self::Text,
                _ => Self::Any,
            },
            _ => Self::Text,
        })
    }
}

/// A template as pieces, each with the place it was written at.
#[derive(Debug, Default)]
pub(super) struct Probe {
    pieces: Vec<(Piece, usize)>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Hole(Hole),
}

impl Probe {
    pub(super) fn text(&mut self, text: &str, at: usize) {
        self.pieces.push((Piece::Text(text.to_owned()), at));
    }

    pub(super) fn hole(&mut self, hole: Hole, at: usize) {
        self.pieces.push((Piece::Hole(hole), at));
    }

    /// The place in the text where it stops being JSON, with what is wrong there: only if it does so with strings as well as
    /// with numbers in the place of values of which neither is certain.
    pub(super) fn not_json(&self) -> Option<(usize, String)> {
        let raw = |(piece, _): &(Piece, usize)| matches!(piece, Piece::Hole(Hole::Raw));
        if self.pieces.iter().any(raw) {
            return None;
        }
        let found = self.parsed("x", "\"\"")?;
        self.parsed("0000", "0")?;
        Some(found)
    }

    fn parsed(&self, inside: &str, any: &str) -> Option<(usize, String)> {
        let mut text = String::new();
        for (piece, _) in &self.pieces {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Hole(Hole::Inside) => inside,
                Piece::Hole(Hole::Whole) => "0",
                Piece::Hole(Hole::Text) => "\"\"",
                Piece::Hole(Hole::Any | Hole::Raw) => any,
            });
        }
        let error = serde_json::from_str::<serde::de::IgnoredAny>(&text).err()?;
        let at = self.written_at(offset(&text, error.line(), error.column()), inside, any);
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or_default();
        Some((at, what.to_owned()))
    }

    /// The place in the template of a place in the text made from it.
    fn written_at(&self, made: usize, inside: &str, any: &str) -> usize {
        let mut passed = 0;
        let mut last = 0;
        for (piece, at) in &self.pieces {
            let length = match piece {
                Piece::Text(text) => text.len(),
                Piece::Hole(Hole::Inside) => inside.len(),
                Piece::Hole(Hole::Whole) => 1,
                Piece::Hole(Hole::Text) => 2,
                Piece::Hole(Hole::Any | Hole::Raw) => any.len(),
            };
            if made < passed + length {
                return match piece {
                    Piece::Text(_) => at + (made - passed),
                    Piece::Hole(_) => *at,
                };
            }
            passed += length;
            last = match piece {
                Piece::Text(text) => at + text.len().saturating_sub(1),
                Piece::Hole(_) => *at,
            };
        }
        last
    }
}

/// The offset of a line and a column, both counted from 1, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column.saturating_sub(1)
}
