//! What a growing selection takes in a Cedar text: the word, each pair of brackets around it, the clause,
//! the policy, everything.

use gatec_compiler::policy::text::pieces;

use super::words::words;
use crate::{Bytes, touches};

/// The ranges around an offset, from the least to the whole text.
pub fn ranges(text: &str, offset: usize) -> Vec<Bytes> {
    let whole = 0..text.len();
    let mut found: Vec<Bytes> = Vec::from([whole]);
    for piece in pieces(text) {
        if touches(&piece.range, offset) {
            found.push(piece.range);
            let inside = piece.clauses.into_iter().chain([piece.head]);
            found.extend(inside.filter(|range| touches(range, offset)));
        }
    }
    let words = words(text);
    let mut open: Vec<usize> = Vec::new();
    for word in &words {
        match word.text {
            "(" | "{" | "[" => open.push(word.at.start),
            ")" | "}" | "]" => {
                if let Some(start) = open.pop() {
                    let pair = start..word.at.end;
                    let within = start + 1..word.at.start;
                    let both = [pair, within].into_iter();
                    found.extend(both.filter(|range| touches(range, offset)));
                }
            }
            ";" => open.clear(),
            _ => {}
        }
        if touches(&word.at, offset) {
            found.push(word.at.clone());
            found.extend(word.string().map(|_| word.at.start + 1..word.at.end - 1));
        }
    }
    crate::select::nested(found)
}
