//! Finds the regular expressions that match a text, without trying them all.
//!
//! Every expression stands under one literal that the texts it matches must hold: the one that the
//! fewest others hold. A text is looked up by its short pieces.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::expressions::Regexes;

/// How much of a literal counts, in bytes.
const PIECE: usize = 7;
/// The longest text looked up whole, in bytes.
const LONGEST: usize = 256;

/// What a comparison, a match and a compilation weigh.
const TRIED: usize = 1;
const MATCHED: usize = 16;
const COMPILED: usize = 1_024;
/// How much all of one spec's may weigh; more is not decided.
const MOST: usize = 4_000_000;

/// The expressions of paths, by literals.
pub(super) struct Takers<'j, 'p> {
    regexes: &'j Regexes<'p>,
    by_piece: HashMap<u64, Vec<u32>>,
    /// How long the pieces are.
    lengths: Vec<usize>,
    /// Those that have no literal.
    others: Vec<u32>,
    left: Cell<usize>,
}

impl<'j, 'p> Takers<'j, 'p> {
    pub(super) fn new(regexes: &'j Regexes<'p>, paths: impl Iterator<Item = u32>) -> Self {
        let mut seen = HashSet::new();
        let paths: Vec<u32> = paths.filter(|index| seen.insert(*index)).collect();
        let mut counts: HashMap<u64, usize> = HashMap::new();
        for index in &paths {
            for piece in pieces(regexes, *index) {
                *counts.entry(piece.key).or_default() += 1;
            }
        }
        let mut takers = Self {
            regexes,
            by_piece: HashMap::new(),
            lengths: Vec::new(),
            others: Vec::new(),
            left: Cell::new(MOST),
        };
        for index in paths {
            let rarest = pieces(regexes, index).min_by_key(|piece| {
                let count = counts.get(&piece.key).copied().unwrap_or(0);
                (count, usize::MAX - piece.length)
            });
            match rarest {
                Some(piece) => {
                    takers.by_piece.entry(piece.key).or_default().push(index);
                    if !takers.lengths.contains(&piece.length) {
                        takers.lengths.push(piece.length);
                    }
                }
                None => takers.others.push(index),
            }
        }
        takers
    }

    /// The expressions that match all of a text, in rising order; nothing if that is too much work.
    /// Of one it is `known` that it does.
    pub(super) fn of(&self, text: &str, known: Option<u32>) -> Option<Vec<u32>> {
        if text.len() > LONGEST && !self.by_piece.is_empty() {
            return None;
        }
        let mut found: Vec<u32> = known.into_iter().collect();
        for index in self.possible(text) {
            self.spend(TRIED)?;
            if known == Some(index) || !self.regexes.may_match(index, text) {
                continue;
            }
            self.spend(match self.regexes.is_compiled(index) {
                true => MATCHED,
                false => COMPILED,
            })?;
            if self.regexes.matches(index, text) {
                found.push(index);
            }
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn possible(&self, text: &str) -> impl Iterator<Item = u32> {
        let windows = self
            .lengths
            .iter()
            .flat_map(|length| text.as_bytes().windows(*length));
        let keys: HashSet<u64> = windows.map(key).collect();
        keys.into_iter()
            .filter_map(|key| self.by_piece.get(&key))
            .chain([&self.others])
            .flatten()
            .copied()
    }

    fn spend(&self, weight: usize) -> Option<()> {
        self.left.set(self.left.get().checked_sub(weight)?);
        Some(())
    }
}

struct Piece {
    key: u64,
    length: usize,
}

fn pieces<'r>(regexes: &'r Regexes<'_>, index: u32) -> impl Iterator<Item = Piece> + 'r {
    let literals = regexes
        .read(index)
        .map_or(&[][..], |read| read.literals.as_slice());
    literals.iter().map(|literal| {
        // The end of a literal says more than its beginning: `/orders/list`, `/orders/find`.
        let bytes = literal.as_bytes();
        let end = bytes
            .get(bytes.len().saturating_sub(PIECE)..)
            .unwrap_or(&[]);
        Piece {
            key: key(end),
            length: end.len(),
        }
    })
}

/// A few bytes as a number, their length with them.
fn key(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(bytes.len() as u64, |key, byte| key << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expression() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("a"),
            Just("b/"),
            Just("/"),
            Just("abcdefgh"),
            Just("[ab]"),
            Just(".*"),
            Just("(a|/b)"),
            Just("b?"),
            Just(r"\b"),
            Just("(?i:a)"),
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn they_are_those_that_match(
            patterns in prop::collection::vec(expression(), 1..12),
            text in "(a|b|/|A|abcdefgh){0,6}",
        ) {
            let regexes = Regexes::new(&patterns);
            let all = || 0..u32::try_from(patterns.len()).unwrap();
            let takers = Takers::new(&regexes, all());
            let expected: Vec<u32> = all()
                .filter(|index| {
                    let pattern = &patterns[*index as usize];
                    regex::Regex::new(&format!("^(?:{pattern})$")).unwrap().is_match(&text)
                })
                .collect();
            prop_assert_eq!(takers.of(&text, None), Some(expected));
        }

        #[test]
        fn disjoint_expressions_have_no_text_in_common(
            left in expression(),
            right in expression(),
            text in "(a|b|/|A|abcdefgh){0,6}",
        ) {
            let patterns = [left, right];
            let regexes = Regexes::new(&patterns);
            let both = regexes.matches(0, &text) && regexes.matches(1, &text);
            prop_assert!(!(both && regexes.disjoint(0, 1)));
        }
    }
}
