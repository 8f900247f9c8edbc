//! Which fixes can be applied together.

use gatec_syntax::{Diagnostic, Edit, Fix, SourceId, Sources, Span};

/// The findings whose certain fixes touch nothing of each other, in their order, each fix once. Of two that
/// touch the first is taken; the other's turn comes in the next round. `may` says which texts may be
/// changed.
pub(super) fn together<'d>(
    found: &'d [Diagnostic],
    sources: &Sources,
    may: impl Fn(SourceId) -> bool,
) -> Vec<(&'d Diagnostic, &'d Fix)> {
    let mut taken: Vec<Span> = Vec::new();
    let mut chosen: Vec<(&Diagnostic, &Fix)> = Vec::new();
    for diagnostic in found {
        let Some(fix) = diagnostic.certain_fix() else {
            continue;
        };
        let is_sound = |edit: &Edit| {
            may(edit.span.source)
                && fits(edit, sources)
                && !taken.iter().any(|span| touch(*span, edit.span))
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(is_sound) && changes(fix, sources) {
            taken.extend(fix.edits.iter().map(|edit| edit.span));
            chosen.push((diagnostic, fix));
        }
    }
    chosen
}

fn fits(edit: &Edit, sources: &Sources) -> bool {
    let source = sources.get(edit.span.source);
    source.is_some_and(|source| source.text().get(edit.span.range()).is_some())
}

/// Whether a fix puts anything else in the place of what is there.
fn changes(fix: &Fix, sources: &Sources) -> bool {
    fix.edits
        .iter()
        .any(|edit| sources.slice(edit.span) != edit.text)
}

fn touch(one: Span, other: Span) -> bool {
    one.source == other.source && one.start <= other.end && other.start <= one.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_waits_for_the_next_round() {
        let mut sources = Sources::new();
        let id = sources.add("a.kdl", "0123456789");
        let at = |start, end| Span::new(id, start, end);
        let found: Vec<Diagnostic> = [(0, 2), (1, 4), (2, 2), (5, 6), (8, 20)]
            .into_iter()
            .map(|(start, end)| {
                Diagnostic::error("S101", at(start, end), "x").fix("x", at(start, end), "new")
            })
            .collect();
        let starts = |may: bool| {
            let chosen = together(&found, &sources, |_| may);
            chosen
                .iter()
                .map(|(found, _)| found.span.start)
                .collect::<Vec<_>>()
        };
        assert_eq!(starts(true), [0, 5]);
        assert!(starts(false).is_empty());
    }

    #[test]
    fn what_is_only_offered_is_not_applied() {
        let mut sources = Sources::new();
        let id = sources.add("a.kdl", "0123456789");
        let span = Span::new(id, 0, 4);
        let found = [Diagnostic::warning("R114", span, "x").offer("x", span, "new")];
        assert!(together(&found, &sources, |_| true).is_empty());
    }

    #[test]
    fn a_fix_that_changes_nothing_is_none() {
        let mut sources = Sources::new();
        let id = sources.add("a.kdl", "same");
        let span = Span::new(id, 0, 4);
        let found = [Diagnostic::error("S101", span, "x").fix("x", span, "same")];
        assert!(together(&found, &sources, |_| true).is_empty());
    }
}
