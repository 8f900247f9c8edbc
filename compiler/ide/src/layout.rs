//! The text as `gatec fmt` lays it out, as edits of the lines that change.

use std::time::Duration;

use gatec_compiler::load::Format;
use similar::{DiffOp, TextDiff};

use crate::{Bytes, Lines, TextEdit};

/// How long to look for the least difference; past it the edits are coarser and still right.
const TIME: Duration = Duration::from_millis(200);

/// What laying out changes; `None` where the text cannot be read.
pub fn edits(lines: &Lines, format: Format) -> Option<Vec<TextEdit>> {
    let text = lines.text();
    let laid_out = match format {
        Format::Kdl => gatec_syntax::kdl::format(text),
        Format::Yaml => gatec_syntax::yaml::format(text),
    }
    .ok()?;
    Some(changed(text, &laid_out))
}

/// The same for a text of policies.
pub fn of_cedar(lines: &Lines) -> Option<Vec<TextEdit>> {
    let laid_out = gatec_compiler::policy::layout::layout(lines.text()).ok()?;
    Some(changed(lines.text(), &laid_out))
}

/// The edits of lines that lead from one text to another.
fn changed(text: &str, laid_out: &str) -> Vec<TextEdit> {
    if laid_out == text {
        return Vec::new();
    }
    let diff = TextDiff::configure()
        .timeout(TIME)
        .diff_lines(text, laid_out);
    let old = starts(diff.old_slices());
    let new = starts(diff.new_slices());
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or(0);
    let edits = diff
        .ops()
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }));
    edits
        .map(|op| {
            let (before, after) = (op.old_range(), op.new_range());
            let text = laid_out.get(at(&new, after.start)..at(&new, after.end));
            TextEdit {
                at: at(&old, before.start)..at(&old, before.end),
                text: text.unwrap_or("").to_owned(),
            }
        })
        .collect()
}

/// Those edits that touch a range.
pub fn within(edits: Vec<TextEdit>, range: &Bytes) -> Vec<TextEdit> {
    let touched = |edit: &TextEdit| edit.at.start <= range.end && edit.at.end >= range.start;
    edits.into_iter().filter(touched).collect()
}

/// Where each line begins, and the end of the last.
fn starts(lines: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut starts = vec![0];
    for line in lines {
        at += line.len();
        starts.push(at);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIDY: &str =
        "gateway   \"x\"\nlistener \"web\"   bind=\":80\"\nroute \"a\" {\nrespond   200\n}\n";

    fn applied(text: &str, edits: &[TextEdit]) -> String {
        let mut out = text.to_owned();
        for edit in edits.iter().rev() {
            out.replace_range(edit.at.clone(), &edit.text);
        }
        out
    }

    #[test]
    fn the_edits_lead_to_what_fmt_writes() {
        let lines = Lines::new(UNTIDY.into());
        let edits = edits(&lines, Format::Kdl).unwrap();
        let expected = gatec_syntax::kdl::format(UNTIDY).unwrap();
        assert_eq!(applied(UNTIDY, &edits), expected);
        assert_eq!(
            super::edits(&Lines::new(expected.into()), Format::Kdl),
            Some(Vec::new())
        );
    }

    #[test]
    fn a_range_takes_only_what_touches_it() {
        let text = "gateway   \"x\"\n\nlistener \"web\" bind=\":80\"\n\nroute   \"a\" {\n    respond 200\n}\n";
        let lines = Lines::new(text.into());
        let edits = within(edits(&lines, Format::Kdl).unwrap(), &(0..5));
        let after = applied(text, &edits);
        assert!(after.starts_with("gateway \"x\"\n"), "{after}");
        assert!(after.contains("route   \"a\""), "{after}");
    }
}
