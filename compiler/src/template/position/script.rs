//! The position in JavaScript: in code, in a string, in a comment.
//!
//! Regular expressions are not told from divisions; one with a quote in it is taken for the beginning of
//! a string. A value is then made safe as for a string, which no code can be made of either.

use gated_engine::program::Escape;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Code,
    /// A `/`, which a second one or a `*` makes the beginning of a comment.
    Slash,
    /// In a string that this byte ends.
    Text(u8),
    /// In a string, after a backslash.
    Escaped(u8),
    Line,
    Block,
    /// A `*` in a comment.
    Star,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Script(State);

impl Script {
    pub(super) fn step(&mut self, byte: u8) {
        use State::{Block, Code, Escaped, Line, Slash, Star, Text};
        self.0 = match (self.0, byte) {
            (Escaped(quote), _) => Text(quote),
            (Text(quote), b'\\') => Escaped(quote),
            (Text(quote), b'\n') if quote != b'`' => Code,
            (Text(quote), _) if quote == byte => Code,
            (state @ Text(_), _) => state,
            (Slash, b'/') => Line,
            (Slash, b'*') => Block,
            (Line, b'\n') => Code,
            (Block | Star, b'*') => Star,
            (Star, b'/') => Code,
            (Block | Star, _) => Block,
            (Line, _) => Line,
            (Code | Slash, b'"' | b'\'' | b'`') => Text(byte),
            (Code, b'/') => Slash,
            (Code | Slash, _) => Code,
        };
    }

    pub(super) fn escape(&self) -> Escape {
        match self.0 {
            State::Code | State::Slash => Escape::ScriptValue,
            _ => Escape::Script,
        }
    }

    pub(super) fn after_backslash(&self) -> bool {
        matches!(self.0, State::Escaped(_))
    }
}
