//! Lines and their indentation, for recovery: which lines belong to the entry with a mistake.

use std::ops::Range;

/// The bytes of the line a place stands on, without its line break.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let before = bytes.get(..at).unwrap_or_default();
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |found| found + 1);
    let after = bytes.get(at..).unwrap_or_default();
    let end = after
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |found| at + found);
    start..end
}

/// The words of a line.
pub(super) fn words(text: &str, line: Range<usize>) -> &str {
    text.get(line).unwrap_or("").trim()
}

/// How many blanks a line starts with.
pub(super) fn indent(text: &str, line: &Range<usize>) -> usize {
    let line = text.get(line.clone()).unwrap_or("");
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Whether a line starts a list item.
pub(super) fn is_item(text: &str, line: Range<usize>) -> bool {
    let words = words(text, line);
    words == "-" || words.starts_with("- ")
}

/// The lines of the entry that starts on the line of `at`: up to the next line that is indented no
/// deeper. A list that is not indented under its key belongs to it.
pub(super) fn entry(text: &str, at: usize) -> Range<usize> {
    let first = line_at(text, at);
    let depth = indent(text, &first);
    let starts_item = is_item(text, first.clone());
    let mut end = first.end;
    while end < text.len() {
        let line = line_at(text, end + 1);
        if !words(text, line.clone()).is_empty() {
            let here = indent(text, &line);
            let own_item = here == depth && !starts_item && is_item(text, line.clone());
            if here <= depth && !own_item {
                break;
            }
        }
        end = line.end;
    }
    first.start..end
}

/// The same text with blanks in the place of some of it, so that every offset still holds.
pub(super) fn blank(text: &str, range: Range<usize>) -> String {
    let wipe = |(at, byte): (usize, u8)| match byte {
        b'\n' | b'\r' => byte,
        _ if range.contains(&at) => b' ',
        _ => byte,
    };
    let bytes: Vec<u8> = text.bytes().enumerate().map(wipe).collect();
    String::from_utf8(bytes).unwrap_or_else(|_| " ".repeat(text.len()))
}

/// The same text with one blank for every tab that indents a line.
pub(super) fn untab(text: &str) -> String {
    let mut at_start = true;
    text.chars()
        .map(|letter| {
            let indents = at_start && letter == '\t';
            at_start = letter == '\n' || (at_start && matches!(letter, ' ' | '\t'));
            if indents { ' ' } else { letter }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, at: &str, expect: &str) {
        let at = text.find(at).unwrap();
        assert_eq!(&text[entry(text, at)], expect);
    }

    #[test]
    fn an_entry_ends_where_the_indentation_does() {
        let text = "a: 1\nb:\n  c: 2\n\n  d: 3\ne: 4\n";
        check(text, "b:", "b:\n  c: 2\n\n  d: 3");
        check(text, "c:", "  c: 2\n");
        check(text, "e:", "e: 4\n");
    }

    #[test]
    fn an_unindented_list_belongs_to_its_key() {
        let text = "a:\n- 1\n- 2\nb: 3\n";
        check(text, "a:", "a:\n- 1\n- 2");
        check(text, "- 1", "- 1");
    }

    #[test]
    fn blanking_keeps_offsets() {
        assert_eq!(blank("a: é\nb: 1\n", 0..5), "     \nb: 1\n");
        assert_eq!(untab("a:\n\t b: \t1\n"), "a:\n  b: \t1\n");
    }
}
