//! What an editor can fold: parts over several lines, and runs of comments.

use gatec_compiler::load::Format;

use crate::Lines;
use crate::view::View;

/// Lines that can be folded away, from 0; the first stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    /// The line that stays.
    pub first: usize,
    /// The last that goes.
    pub last: usize,
    /// Whether it is a comment.
    pub comment: bool,
}

/// Every fold, in order, one for each first line.
pub fn folds(view: &View) -> Vec<Fold> {
    let mark = match view.format {
        Format::Kdl => "//",
        Format::Yaml => "#",
    };
    let mut found = comments(&view.lines, mark);
    view.walk(&mut |place| {
        let Some(range) = place.whole() else { return };
        let first = view.lines.line_of(range.start);
        let end = view.slice(&range).trim_end().len() + range.start;
        let last = view.lines.line_of(end.saturating_sub(1));
        // A closing brace stays to be seen.
        let closes = view.format == Format::Kdl && view.slice(&view.lines.line(last)).trim() == "}";
        let last = if closes { last.saturating_sub(1) } else { last };
        if last > first {
            found.push(Fold {
                first,
                last,
                comment: false,
            });
        }
    });
    found.sort_by_key(|fold| (fold.first, std::cmp::Reverse(fold.last)));
    found.dedup_by_key(|fold| fold.first);
    found
}

/// Runs of lines that are comments.
pub(crate) fn comments(lines: &Lines, mark: &str) -> Vec<Fold> {
    let mut found: Vec<Fold> = Vec::new();
    for number in 0..lines.count() {
        let line = lines.text().get(lines.line(number)).unwrap_or_default();
        if !line.trim_start().starts_with(mark) {
            continue;
        }
        match found.last_mut().filter(|fold| fold.last + 1 == number) {
            Some(fold) => fold.last = number,
            None => found.push(Fold {
                first: number,
                last: number,
                comment: true,
            }),
        }
    }
    found.retain(|fold| fold.last > fold.first);
    found
}
