//! Keys told in pages, for whoever looks at or clears what a store holds.

use crate::Key;

/// Where the next page begins. Its text means something to the store that gave it, and to no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor of a text, which need not be one: then the page begins where keys do.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text: letters, digits and `-`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        use std::fmt::Write;
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        let byte = |pair: &[u8]| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        };
        let bytes: Option<Vec<u8>> = self.0.as_bytes().chunks(2).map(byte).collect();
        bytes.unwrap_or_default()
    }
}

/// Some keys of a space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The keys. A page may hold fewer than were asked for, even none, and still not be the last.
    pub keys: Vec<Key>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<Cursor>,
}
