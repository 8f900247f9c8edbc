//! What can be folded in a Cedar text: each policy over several lines, and runs of comments.

use gatec_compiler::policy::text::pieces;

use crate::Lines;
use crate::fold::{Fold, comments};

/// Every fold, in order.
pub fn folds(lines: &Lines) -> Vec<Fold> {
    let mut found = comments(lines, "//");
    for piece in pieces(lines.text()) {
        let first = lines.line_of(piece.range.start);
        let last = lines.line_of(piece.range.end.saturating_sub(1));
        if last > first {
            found.push(Fold {
                first,
                last,
                comment: false,
            });
        }
    }
    found.sort();
    found.dedup_by_key(|fold| fold.first);
    found
}
