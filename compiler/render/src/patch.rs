//! Mends applied to texts, and shown as unified diffs.

use std::fmt::Write;

use gatec_syntax::{Edit, Fix, SourceId, Span};

use crate::excerpt::harmless;
use crate::report::View;

/// The longest change that is shown, in bytes.
const SHOWN: usize = 4_000;

/// A text with edits applied; whose text it is, is not looked at. `None`: two of them overlap, or one
/// does not fit the text.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut mended = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        mended.push_str(text.get(done..start)?);
        mended.push_str(&edit.text);
        text.get(start..end)?;
        done = end;
    }
    mended.push_str(text.get(done..)?);
    Some(mended)
}

/// A mend as a unified diff without lines around it. `None`: it cannot be applied, or is too long to
/// be shown.
pub(crate) fn diff(fix: &Fix, view: View<'_>) -> Option<String> {
    let mut files: Vec<SourceId> = fix.edits.iter().map(|edit| edit.span.source).collect();
    files.dedup();
    let mut text = String::new();
    for (index, file) in files.iter().enumerate() {
        if files.iter().take(index).any(|earlier| earlier == file) {
            continue;
        }
        let edits = fix.edits.iter().filter(|edit| edit.span.source == *file);
        let name = view.name(Span::new(*file, 0, 0))?;
        let _ = writeln!(text, "--- {name}\n+++ {name}");
        one_file(view, edits.collect(), &mut text)?;
    }
    (text.len() <= SHOWN).then(|| harmless(&text).into_owned())
}

fn one_file(view: View<'_>, mut edits: Vec<&Edit>, out: &mut String) -> Option<()> {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let text = view.text(edits.first()?.span);
    let mut added = 0_i64;
    let mut rest = edits.as_slice();
    while let Some((first, _)) = rest.split_first() {
        let (start, mut end) = whole_lines(text, first)?;
        let mut count = 1;
        while let Some(next) = rest.get(count) {
            let (next_start, next_end) = whole_lines(text, next)?;
            if next_start >= end {
                break;
            }
            end = end.max(next_end);
            count += 1;
        }
        let (block, later) = rest.split_at_checked(count)?;
        rest = later;
        added += hunk(view, text, (start, end), block, added, out)?;
    }
    Some(())
}

/// The bytes of the lines an edit touches.
fn whole_lines(text: &str, edit: &Edit) -> Option<(usize, usize)> {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    let first = text.get(..start)?.rfind('\n').map_or(0, |feed| feed + 1);
    // What ends with a line touches none after it.
    let last = match end > start && text.get(..end)?.ends_with('\n') {
        true => end,
        false => text
            .get(end..)?
            .find('\n')
            .map_or(text.len(), |feed| end + feed + 1),
    };
    Some((first, last))
}

/// Writes the change of some whole lines; gives how many lines more there are after it.
fn hunk(
    view: View<'_>,
    text: &str,
    (start, end): (usize, usize),
    edits: &[&Edit],
    added: i64,
    out: &mut String,
) -> Option<i64> {
    if end - start > SHOWN {
        return None;
    }
    let source = edits.first()?.span.source;
    let before = text.get(start..end)?;
    let inside: Vec<Edit> = edits
        .iter()
        .map(|edit| Edit {
            span: Span::new(
                source,
                (edit.span.start as usize).saturating_sub(start),
                (edit.span.end as usize).saturating_sub(start),
            ),
            text: edit.text.clone(),
        })
        .collect();
    let after = apply(before, &inside)?;
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(before), lines(&after));
    let alike = |(one, other): &(&&str, &&str)| one == other;
    let head = old.iter().zip(&new).take_while(alike).count();
    let most = old.len().min(new.len()) - head;
    let backwards = old.iter().rev().zip(new.iter().rev());
    let tail = backwards.take(most).take_while(alike).count();
    let (old, new) = (
        old.get(head..old.len() - tail)?,
        new.get(head..new.len() - tail)?,
    );
    let place = view.place(Span::new(source, start, start))?;
    let line = i64::from(place.start.line) + i64::try_from(head).ok()?;
    let _ = writeln!(
        out,
        "@@ -{} +{} @@",
        range(line, old.len()),
        range(line + added, new.len())
    );
    for (sign, lines) in [('-', old), ('+', new)] {
        for line in lines {
            let end = match line.ends_with('\n') {
                true => "",
                false => "\n\\ No newline at end of file\n",
            };
            let _ = write!(out, "{sign}{line}{end}");
        }
    }
    Some(i64::try_from(new.len()).ok()? - i64::try_from(old.len()).ok()?)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Lines as the head of a hunk names them; of none, the one before.
fn range(line: i64, count: usize) -> String {
    match count {
        0 => format!("{},0", line - 1),
        1 => line.to_string(),
        _ => format!("{line},{count}"),
    }
}

#[cfg(test)]
mod tests {
    use gatec_syntax::Sources;

    use super::*;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit {
            span: Span::new(SourceId(0), start, end),
            text: text.to_owned(),
        }
    }

    fn shown(text: &str, edits: Vec<Edit>) -> Option<String> {
        let mut sources = Sources::new();
        sources.add("a.kdl", text);
        let fix = Fix {
            title: String::new(),
            edits,
            certain: true,
        };
        diff(&fix, View::as_written(&sources))
    }

    #[test]
    fn edits_are_applied_in_the_order_of_their_places() {
        let edits = [edit(4, 4, "!"), edit(0, 1, "ü"), edit(2, 3, "")];
        assert_eq!(apply("abcd", &edits).unwrap(), "übd!");
        assert_eq!(apply("abcd", &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(apply("abcd", &[edit(3, 9, "")]), None);
        assert_eq!(apply("aüb", &[edit(2, 3, "")]), None);
    }

    #[test]
    fn a_diff_has_the_changed_lines_only() {
        let text = "one\ntwo\nthree\nfour";
        assert_eq!(
            shown(text, vec![edit(4, 7, "TWO\nand"), edit(14, 18, "FOUR")]).unwrap(),
            "--- a.kdl\n+++ a.kdl\n@@ -2 +2,2 @@\n-two\n+TWO\n+and\n@@ -4 +5 @@\n-four\n\\ No newline at end of file\n+FOUR\n\\ No newline at end of file\n"
        );
        assert_eq!(
            shown(text, vec![edit(4, 8, "")]).unwrap(),
            "--- a.kdl\n+++ a.kdl\n@@ -2 +1,0 @@\n-two\n"
        );
        assert_eq!(
            shown(text, vec![edit(4, 4, "new\n")]).unwrap(),
            "--- a.kdl\n+++ a.kdl\n@@ -1,0 +2 @@\n+new\n"
        );
        assert_eq!(shown(text, vec![edit(0, 3, &"x".repeat(5_000))]), None);
    }
}
