//! Comments that silence codes, in either language.

use gatec_syntax::kdl::{self, Event, Limits};
use gatec_syntax::{Document, Node, Object, Severity, SourceId, Span, Value};

use super::{Ignore, Ignores, rules};
use crate::load::Format;

/// What such a comment begins with, its mark left out.
const WORD: &str = "gatec:";

/// How many such comments of a text are looked at: each is held against every finding.
const MOST: usize = 1_000;

/// A comment with what it may speak of.
struct Comment {
    /// Where its words are, without the mark.
    words: Span,
    /// Where what it speaks of is; empty, where nothing follows.
    covers: Span,
}

/// Reads the comments of a text. Most texts have none of these, which is seen at once.
pub(crate) fn read(source: SourceId, text: &str, format: Format, document: &Document) -> Ignores {
    let mut ignores = Ignores::default();
    if !text.contains(WORD) {
        return ignores;
    }
    let comments = match format {
        Format::Kdl => of_kdl(source, text),
        Format::Yaml => of_yaml(source, text, document),
    };
    let whole = Span::new(source, 0, text.len());
    for comment in comments.into_iter().take(MOST) {
        one(text, &comment, whole, &mut ignores);
    }
    ignores
}

/// `gatec: ignore S104, R105 the reason`
fn one(text: &str, comment: &Comment, whole: Span, ignores: &mut Ignores) {
    let words = text.get(comment.words.range()).unwrap_or("");
    let mut at = comment.words.start as usize;
    let mut pieces = words.split_inclusive(char::is_whitespace).map(|piece| {
        let start = at;
        at += piece.len();
        (piece.trim_end(), start)
    });
    let mut next = || pieces.by_ref().find(|(word, _)| !word.is_empty());
    // The blank between the two may be missing.
    let said = match next().and_then(|(word, _)| word.strip_prefix(WORD)) {
        Some("") => next().map(|(word, _)| word),
        said => said,
    };
    let covers = match said {
        Some("ignore") => comment.covers,
        Some("ignore-file") => whole,
        // Prose that happens to begin so.
        _ => return,
    };
    let mut count = 0;
    while let Some((word, start)) = next() {
        let code = word.trim_end_matches([',', ':', ';']);
        if !is_code(code) {
            break;
        }
        count += 1;
        let span = Span::new(whole.source, start, start + code.len());
        let ignore = Ignore {
            code: code.to_ascii_uppercase(),
            at: span,
            covers,
        };
        match crate::rules::find(code) {
            None => ignores
                .found
                .push(rules::broken_ignore::unknown(span, code)),
            Some(rule) if rule.severity == Severity::Error => {
                ignores
                    .found
                    .push(rules::broken_ignore::error(span, rule.code));
            }
            Some(_) => ignores.list.push(ignore),
        }
    }
    if count == 0 {
        ignores
            .found
            .push(rules::broken_ignore::no_code(comment.words));
    }
}

/// A letter and three digits.
fn is_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 4
        && bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().skip(1).all(u8::is_ascii_digit)
}

/// The bytes of the line that a byte stands in.
fn line(source: SourceId, text: &str, at: usize) -> Span {
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let end = text
        .get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |end| at + end);
    Span::new(source, start, end)
}

fn of_kdl(source: SourceId, text: &str) -> Vec<Comment> {
    let events: Vec<Event<'_>> = kdl::events(source, text, Limits::default(), Vec::new).0;
    let mut found = Vec::new();
    // From the end to the beginning: the node that follows in the same block, and the ends of the nodes
    // that are open.
    let mut below = None;
    let mut outer = Vec::new();
    let mut ends = Vec::new();
    for event in events.iter().rev() {
        match event {
            Event::EndNode { end, .. } => ends.push(*end),
            Event::Node { name_span, .. } => {
                let start = name_span.start as usize;
                below = Some((start, ends.pop().unwrap_or(start)));
            }
            Event::Close(_) => outer.push(below.take()),
            Event::Open(_) => below = outer.pop().flatten(),
            Event::Comment(span) => found.extend(of_comment(source, text, *span, below)),
            _ => {}
        }
    }
    found
}

/// A comment with the node below it in its block, if it says anything to us.
fn of_comment(
    source: SourceId,
    text: &str,
    span: Span,
    below: Option<(usize, usize)>,
) -> Option<Comment> {
    let words = words(text, span)?;
    if !text.get(words.range())?.starts_with(WORD) {
        return None;
    }
    let own = line(source, text, span.start as usize);
    let before = text.get(own.start as usize..span.start as usize)?;
    let covers = match (before.trim().is_empty(), below) {
        (false, _) => own,
        (true, Some((start, end))) => Span::new(source, start, end),
        (true, None) => Span::new(source, span.end as usize, span.end as usize),
    };
    Some(Comment { words, covers })
}

/// The words of a comment in KDL.
fn words(text: &str, span: Span) -> Option<Span> {
    let written = text.get(span.range())?;
    let inside = written
        .strip_prefix("//")
        .or_else(|| written.strip_prefix("/*")?.strip_suffix("*/"))?;
    let start = span.start as usize + 2 + (inside.len() - inside.trim_start().len());
    Some(Span::new(span.source, start, start + inside.trim().len()))
}

fn of_yaml(source: SourceId, text: &str, document: &Document) -> Vec<Comment> {
    let mut texts = Vec::new();
    strings(&document.root, &mut texts);
    texts.sort_unstable();
    let mut found = Vec::new();
    let mut start = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            (at, line.trim_end())
        })
        .collect();
    for (number, (at, line)) in lines.iter().enumerate() {
        let Some(mark) = mark(line) else { continue };
        let comment = at + mark;
        // Of the texts that begin before it, the last.
        let before = texts.partition_point(|span| (span.start as usize) <= comment);
        let text = before.checked_sub(1).and_then(|last| texts.get(last));
        if text.is_some_and(|span| comment < span.end as usize) {
            continue;
        }
        if found.len() >= MOST {
            break;
        }
        let inside = line.get(mark + 1..).unwrap_or("");
        let begin = comment + 1 + (inside.len() - inside.trim_start().len());
        let words = Span::new(source, begin, begin + inside.trim().len());
        let alone = line
            .get(..mark)
            .is_some_and(|before| before.trim().is_empty());
        let covers = match alone {
            false => Span::new(source, *at, at + line.len()),
            true => below(
                source,
                lines.get(number + 1..).unwrap_or(&[]),
                comment,
                mark,
            ),
        };
        found.push(Comment { words, covers });
    }
    found
}

/// Where the `#` of a comment stands that begins with our word.
fn mark(line: &str) -> Option<usize> {
    let word = line.find(WORD)?;
    let mark = line.get(..word)?.rfind('#')?;
    let between = line.get(mark + 1..word)?.trim().is_empty();
    let parted = line
        .get(..mark)?
        .chars()
        .next_back()
        .is_none_or(char::is_whitespace);
    (between && parted).then_some(mark)
}

/// The entry below a comment: its line, and those below that lie deeper. An entry that begins before the
/// comment's own column is none of its block.
fn below(source: SourceId, lines: &[(usize, &str)], comment: usize, column: usize) -> Span {
    let says = |(_, line): &&(usize, &str)| {
        let words = line.trim_start();
        !words.is_empty() && !words.starts_with('#')
    };
    let mut saying = lines.iter().filter(says);
    let Some((start, first)) = saying.next() else {
        return Span::new(source, comment, comment);
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(first);
    if depth < column {
        return Span::new(source, comment, comment);
    }
    let mut end = start + first.len();
    for (at, line) in saying {
        // The items of a list may stand as deep as its key.
        let is_item = line.trim_start().starts_with("- ") && !first.trim_start().starts_with("- ");
        if indent(line) < depth || (indent(line) == depth && !is_item) {
            break;
        }
        end = at + line.len();
    }
    Span::new(source, start + depth, end)
}

/// The texts that could hold what looks like a comment.
fn strings(object: &Object, found: &mut Vec<Span>) {
    for entry in &object.entries {
        string(&entry.node, found);
    }
}

fn string(node: &Node, found: &mut Vec<Span>) {
    match &node.value {
        Value::String(text) if text.contains(WORD) => found.push(node.span),
        Value::Array(items) => items.iter().for_each(|item| string(item, found)),
        Value::Object(object) => strings(object, found),
        _ => {}
    }
}
