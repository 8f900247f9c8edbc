//! The words of Cedar text, without its comments, and the policies that they make.

use gatec_compiler::policy::text::{TokenKind, tokens};

use crate::Bytes;

/// A word with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    pub(crate) kind: TokenKind,
    pub(crate) at: Bytes,
}

impl<'t> Word<'t> {
    /// The text within its quotes, of a string that ends.
    pub(crate) fn string(&self) -> Option<&'t str> {
        let inside = self.text.strip_prefix('"')?.strip_suffix('"')?;
        (self.kind == TokenKind::String).then_some(inside)
    }

    pub(crate) fn is_name(&self) -> bool {
        self.kind == TokenKind::Word && !self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let tokens = tokens(text).into_iter();
    tokens
        .filter(|token| token.kind != TokenKind::Comment)
        .map(|token| Word {
            text: text.get(token.range.clone()).unwrap_or_default(),
            kind: token.kind,
            at: token.range,
        })
        .collect()
}

/// The words of each policy, `;` included.
pub(crate) fn policies<'w, 't>(words: &'w [Word<'t>]) -> impl Iterator<Item = &'w [Word<'t>]> {
    words
        .split_inclusive(|word| word.text == ";" && word.kind == TokenKind::Sign)
        .filter(|words| !words.is_empty())
}

/// The words between the brackets behind `permit` or `forbid`, as far as they are there.
pub(crate) fn head<'w, 't>(policy: &'w [Word<'t>]) -> &'w [Word<'t>] {
    let begins = policy
        .windows(2)
        .position(|two| matches!(two, [one, open] if is_effect(one) && open.text == "("));
    let Some(start) = begins.map(|at| at + 2) else {
        return &[];
    };
    let inside = policy.get(start..).unwrap_or_default();
    let mut depth = 0_usize;
    let end = inside.iter().position(|word| match word.text {
        "(" | "[" => {
            depth += 1;
            false
        }
        ")" | "]" if depth > 0 => {
            depth -= 1;
            false
        }
        ")" | "{" | ";" => true,
        _ => false,
    });
    inside
        .get(..end.unwrap_or(inside.len()))
        .unwrap_or_default()
}

pub(crate) fn is_effect(word: &Word<'_>) -> bool {
    matches!(word.text, "permit" | "forbid")
}

/// What Cedar takes for a name without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    let reserved = [
        "true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar",
    ];
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !reserved.contains(&name)
}
