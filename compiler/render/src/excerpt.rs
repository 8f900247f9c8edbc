//! The lines around a place, cut to what a reader can take in.
//!
//! The drawing library walks a text from its first byte for every label it draws. An [`Excerpt`]
//! goes straight to the place instead, and cuts very long lines, so that a report costs what it
//! shows and not what the files hold. It also keeps control characters of a text off the terminal.

use std::borrow::Cow;
use std::sync::OnceLock;

use gatec_syntax::{LineColumn, Source, Span};
use miette::{MietteError, SourceCode, SourceSpan, SpanContents};

/// How many bytes of a line are shown on either side of a place.
const AROUND: usize = 160;

/// What stands for text that is cut off.
const ELLIPSIS: &str = "…";

/// How long a marked place, or several drawn together, may be.
const WHOLE: usize = 640;

/// How many lines of a marked place are drawn; of a longer one only the first.
const MARKED_LINES: u32 = 6;

/// A source text as the drawing library reads it.
pub(crate) struct Excerpt<'s> {
    source: &'s Source,
    /// The text with harmless characters in the place of controls; every byte offset is the same.
    text: &'s str,
    shown: Vec<(usize, LineColumn)>,
    cut: Cut,
}

/// Texts that stand with an ellipsis for what was cut off, kept for the drawing library to borrow.
#[derive(Default)]
struct Cut(OnceLock<(String, Box<Cut>)>);

impl Cut {
    fn keep(&self, text: String) -> &str {
        let mut last = self;
        while let Some((_, next)) = last.0.get() {
            last = next;
        }
        &last.0.get_or_init(|| (text, Box::default())).0
    }
}

impl<'s> Excerpt<'s> {
    pub(crate) fn of(source: &'s Source, text: &'s str) -> Self {
        Self {
            source,
            text,
            shown: Vec::new(),
            cut: Cut::default(),
        }
    }

    /// What is marked for a span: start and length. It ends in its first line if it is long, and
    /// stands at the end of the last line if it lies past it. The true place is kept for the heading.
    pub(crate) fn mark(&mut self, span: Span) -> (usize, usize) {
        let text = self.text;
        let true_place = self.source.line_column(span.start);
        let lines_end = text.trim_end_matches(['\n', '\r']).len();
        let start = boundary(text, (span.start as usize).min(lines_end));
        let end = boundary(text, (span.end as usize).clamp(start, text.len()));
        let (start, end) = match start == end && end == text.len() {
            // Nothing can be marked past the last byte: the last character is.
            true => (boundary(text, start.saturating_sub(1)), end),
            false => (start, self.marked_end(start, end)),
        };
        self.shown.push((start, true_place));
        (start, end - start)
    }

    fn marked_end(&self, start: usize, end: usize) -> usize {
        let text = self.text;
        let line = |offset: usize| self.line_of(offset);
        let long = end - start > AROUND || line(end).saturating_sub(line(start)) >= MARKED_LINES;
        if !long {
            return end;
        }
        let most = boundary(text, end.min(start + AROUND));
        let marked = text.get(start..most).unwrap_or("");
        start + marked.find(['\n', '\r']).unwrap_or(marked.len())
    }

    fn line_of(&self, offset: usize) -> u32 {
        self.place_of(offset).line
    }

    fn place_of(&self, offset: usize) -> LineColumn {
        self.source
            .line_column(u32::try_from(offset).unwrap_or(u32::MAX))
    }

    /// The start of the text shown: of the line `lines` above the place, or less where lines are long;
    /// and whether the line begins before it.
    fn shown_start(&self, place: usize, lines: usize) -> (usize, bool) {
        let text = self.text;
        let mut start = line_start(text, place);
        for _ in 0..lines {
            match start {
                Some(at) if at > 0 => start = line_start(text, at - 1).or(start),
                _ => break,
            }
        }
        match start {
            Some(at) => (at, false),
            None => (boundary(text, place.saturating_sub(AROUND)), true),
        }
    }

    /// The end of the text shown: past the line `lines` below the place, or less where lines are long;
    /// and whether the line ends after it.
    fn shown_end(&self, place: usize, lines: usize) -> (usize, bool) {
        let text = self.text;
        let mut end = line_end(text, place);
        for _ in 0..lines {
            match end {
                Some(at) if at + 1 < text.len() => end = line_end(text, at + 1).or(end),
                _ => break,
            }
        }
        match end {
            Some(at) => ((at + 1).min(text.len()), false),
            None => (boundary(text, place.saturating_add(AROUND)), true),
        }
    }

    /// The text shown around a place, with an ellipsis where a line was cut; where that begins.
    fn around(&self, start: usize, end: usize, before: usize, after: usize) -> (usize, &str) {
        let (from, cut_before) = self.shown_start(start, before);
        let (to, cut_after) = self.shown_end(end, after);
        let data = self.text.get(from..to).unwrap_or("");
        if !cut_before && !cut_after {
            return (from, data);
        }
        // The ellipsis takes as many bytes as it stands for, so that offsets stay right.
        let head = match cut_before {
            true => data.ceil_char_boundary(ELLIPSIS.len().min(data.len())),
            false => 0,
        };
        let tail = match cut_after {
            true => data.floor_char_boundary(data.len().saturating_sub(ELLIPSIS.len())),
            false => data.len(),
        };
        let Some(between) = data.get(head..tail) else {
            return (from, data);
        };
        let mut text = String::with_capacity(data.len());
        if cut_before {
            text.push_str(ELLIPSIS);
            text.extend(std::iter::repeat_n(' ', head - ELLIPSIS.len()));
        }
        text.push_str(between);
        if cut_after {
            let spare = data.len() - tail - ELLIPSIS.len();
            text.push_str(ELLIPSIS);
            text.extend(std::iter::repeat_n(' ', spare));
        }
        (from, self.cut.keep(text))
    }
}

/// The greatest character boundary that is not past `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the line of `place` starts; nothing if that is far off.
fn line_start(text: &str, place: usize) -> Option<usize> {
    let from = boundary(text, place.saturating_sub(AROUND));
    let before = text.get(from..place)?;
    match before.rfind('\n') {
        Some(at) => Some(from + at + 1),
        None if from == 0 => Some(0),
        None => None,
    }
}

/// Where the line of `place` ends, before its line feed; nothing if that is far off.
fn line_end(text: &str, place: usize) -> Option<usize> {
    let to = boundary(text, place.saturating_add(AROUND));
    let after = text.get(place..to)?;
    match after.find('\n') {
        Some(at) => Some(place + at),
        None if to == text.len() => Some(to),
        None => None,
    }
}

/// The same number of bytes without anything that could steer a terminal.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) && !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut characters = text.chars().peekable();
    let mut harmless = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        harmless.push(match character {
            '\r' if characters.peek() == Some(&'\n') => '\r',
            '\r' => ' ',
            _ if !steers(character) => character,
            _ => match character.len_utf8() {
                1 => '?',
                2 => '\u{a6}',
                _ => '\u{fffd}',
            },
        });
    }
    Cow::Owned(harmless)
}

/// Whether a character moves the cursor, changes colours or turns the direction of writing.
fn steers(character: char) -> bool {
    match character {
        '\n' | '\t' | '\r' => false,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => character.is_control(),
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = self.text;
        let start = boundary(text, span.offset());
        let end = boundary(text, span.offset().saturating_add(span.len()));
        if end - start > WHOLE {
            // Two places too far apart to be drawn as one: the library then draws them apart.
            return Err(MietteError::OutOfBounds);
        }
        let (from, data) = self.around(start, end, lines_before, lines_after);
        let heading = self.shown.iter().find(|(at, _)| *at == span.offset());
        let place = match heading {
            Some((_, place)) if lines_before == 0 => *place,
            _ => self.place_of(from),
        };
        Ok(Box::new(Shown {
            data,
            name: self.source.name(),
            span: SourceSpan::new(from.into(), data.len()),
            line: place.line.saturating_sub(1) as usize,
            column: place.column.saturating_sub(1) as usize,
            lines: data.matches('\n').count() + 1,
        }))
    }
}

/// What is shown of a text.
struct Shown<'s> {
    data: &'s str,
    name: &'s str,
    span: SourceSpan,
    line: usize,
    column: usize,
    lines: usize,
}

impl<'a> SpanContents<'a> for Shown<'a> {
    fn data(&self) -> &'a [u8] {
        self.data.as_bytes()
    }
    fn span(&self) -> &SourceSpan {
        &self.span
    }
    fn name(&self) -> Option<&str> {
        Some(self.name)
    }
    fn line(&self) -> usize {
        self.line
    }
    fn column(&self) -> usize {
        self.column
    }
    fn line_count(&self) -> usize {
        self.lines
    }
}
