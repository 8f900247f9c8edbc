//! What a growing selection takes, step by step.

use crate::view::View;
use crate::{Bytes, template};

/// The ranges around an offset, from the least to the whole text.
pub fn ranges(view: &View, offset: usize) -> Vec<Bytes> {
    let whole = 0..view.text.len();
    let mut found: Vec<Bytes> = Vec::from([whole]);
    for place in view.at(offset) {
        found.extend(place.whole());
        let parts = [place.key_range(), Some(place.node.span.range())];
        found.extend(
            parts
                .into_iter()
                .flatten()
                .filter(|range| crate::touches(range, offset)),
        );
        let value = place.node.span.range();
        if place.node.as_str().is_some() {
            found.extend(inside_quotes(view, &value).filter(|range| crate::touches(range, offset)));
            let words = template::words(view.slice(&value), value.start);
            found.extend(
                words
                    .into_iter()
                    .map(|word| word.at)
                    .filter(|at| crate::touches(at, offset)),
            );
        }
    }
    nested(found)
}

/// Those of some ranges that lie in each other, from the least to the greatest.
pub(crate) fn nested(mut found: Vec<Bytes>) -> Vec<Bytes> {
    // Each step holds the one before it.
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut nested: Vec<Bytes> = Vec::new();
    found.sort_by_key(|range| std::cmp::Reverse(range.len()));
    for range in found {
        let holds = nested.last().is_none_or(|outer| {
            outer.start <= range.start && range.end <= outer.end && *outer != range
        });
        if holds {
            nested.push(range);
        }
    }
    nested.reverse();
    nested
}

fn inside_quotes(view: &View, value: &Bytes) -> Option<Bytes> {
    let text = view.slice(value);
    let quoted = text.len() >= 2 && (text.starts_with('"') || text.starts_with('\''));
    quoted.then(|| value.start + 1..value.end - 1)
}
