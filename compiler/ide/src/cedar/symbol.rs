//! The outline of a Cedar text: each policy, by its `@id` or its head.

use gatec_compiler::policy::text::pieces;

use crate::symbol::{Kind, Symbol};

/// The longest name of an outline, in characters.
const LONGEST: usize = 80;

/// The policies of a text.
pub fn symbols(text: &str) -> Vec<Symbol> {
    let shown = |range: &crate::Bytes| {
        let words = text.get(range.clone()).unwrap_or_default();
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
            None => line,
        }
    };
    let symbols = pieces(text).into_iter().map(|piece| {
        let head = shown(&piece.head);
        let (name, detail, at) = match piece.id {
            Some((id, at)) => (id, head, at),
            None => (head, String::new(), piece.head.clone()),
        };
        Symbol {
            name,
            detail,
            kind: Kind::Policy,
            whole: piece.range,
            at,
            section: "policies".to_owned(),
            inside: Vec::new(),
        }
    });
    symbols.collect()
}
