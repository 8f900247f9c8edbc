//! `gatec fmt`: the events of a text laid out again.
//!
//! Only white space changes. Names, values and comments are copied as they were written, what a
//! slashdash takes out is copied whole, and nothing changes its place except a comment inside a
//! property or type, which moves beside it. Formatting twice is formatting once.

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

use super::event::Event;
use super::parser::{Limits, events};
use super::tree::Annotation;

/// A block of one node stays on one line if it was written so and the line is no longer than this.
const WIDTH: usize = 100;

/// Lays a text out: four spaces for each level, one space between words, one node on a line, and at
/// most one blank line in a row. A block that holds one node without a block of its own may stay on
/// its line.
///
/// # Errors
/// A text with mistakes is not formatted; they are returned instead.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (events, found) = events(SourceId(0), text, Limits::default(), Vec::new);
    if !found.is_empty() {
        return Err(found);
    }
    let mut layout = Layout::new(text);
    let mut rest = events.as_slice();
    while let Some((event, after)) = rest.split_first() {
        rest = match layout.one_line_block(event, after) {
            Some(after_block) => after_block,
            None => {
                layout.event(event);
                after
            }
        };
    }
    Ok(layout.finish())
}

/// What the line being written ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    /// Nothing has been written at all.
    Start,
    /// The `{` of a block whose nodes come next, perhaps with a comment.
    Brace,
    /// A block comment on a line of its own, which a node may share.
    Prefix,
    /// A part of a node.
    Node,
    /// A `//` comment, after which nothing can follow on the line.
    LineComment,
}

struct Layout<'t> {
    text: &'t str,
    out: String,
    depth: usize,
    tail: Tail,
    /// Line ends in the text since the latest item.
    newlines: usize,
    /// Whether the words of a node are being written.
    in_node: bool,
    /// Where in `out` the node began.
    node_start: usize,
    /// Lines that a backslash ended since the latest word, each with its comments.
    continued: Vec<Vec<Span>>,
    /// How many skips are open, and where the outermost began.
    skips: usize,
    skip_start: usize,
    /// Comments and continuations read during a skip, which may turn out to lie behind it.
    skipped: Vec<Event<'static>>,
}

impl<'t> Layout<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len() + text.len() / 8),
            depth: 0,
            tail: Tail::Start,
            newlines: 0,
            in_node: false,
            node_start: 0,
            continued: Vec::new(),
            skips: 0,
            skip_start: 0,
            skipped: Vec::new(),
        }
    }

    fn finish(mut self) -> String {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn event(&mut self, event: &Event<'_>) {
        if self.skips > 0 {
            return self.skipped_event(event);
        }
        match event {
            Event::Comment(span) => self.comment(*span),
            Event::Newline => self.newlines += 1,
            Event::Continuation(_) if self.in_node => self.continued.push(Vec::new()),
            Event::Continuation(_) => {}
            Event::Node {
                name_span,
                annotation,
                ..
            } => self.node(*name_span, annotation.as_ref()),
            Event::Argument(argument) => {
                self.gap();
                self.annotation(argument.annotation.as_ref());
                self.copy(argument.span);
            }
            Event::Property(property) => {
                self.gap();
                self.copy(property.key_span);
                self.out.push('=');
                self.annotation(property.annotation.as_ref());
                self.copy(property.value_span);
            }
            Event::Open(_) => self.open(),
            Event::Close(_) => self.close(),
            Event::EndNode { .. } => self.end_node(),
            Event::Skip { start } => {
                self.skip_start = *start;
                self.skips = 1;
            }
            Event::EndSkip { .. } => {}
        }
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn copy(&mut self, span: Span) {
        self.out.push_str(self.slice(span));
    }

    fn annotation(&mut self, annotation: Option<&Annotation<'_>>) {
        if let Some(annotation) = annotation {
            self.out.push('(');
            self.copy(annotation.name_span);
            self.out.push(')');
        }
    }

    fn new_line(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push_str("    ");
        }
    }

    /// Goes where the next node or comment of its own begins.
    fn begin_item(&mut self) {
        match self.tail {
            Tail::Start => {}
            Tail::Prefix if self.newlines == 0 => self.out.push(' '),
            Tail::Brace => self.new_line(self.depth),
            _ => {
                if self.newlines > 1 {
                    self.out.push('\n');
                }
                self.new_line(self.depth);
            }
        }
        self.newlines = 0;
    }

    fn node(&mut self, name: Span, annotation: Option<&Annotation<'_>>) {
        self.begin_item();
        self.node_start = self.out.len();
        self.annotation(annotation);
        self.copy(name);
        self.in_node = true;
        self.tail = Tail::Node;
    }

    /// Goes where the next part of the node begins: a space further, or on the next line where the
    /// author broke it.
    fn gap(&mut self) {
        if self.continued.is_empty() {
            return self.out.push(' ');
        }
        let mut lines = std::mem::take(&mut self.continued);
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            lines.push(Vec::new());
        }
        for line in lines {
            self.out.push_str(" \\");
            for comment in line {
                self.out.push(' ');
                self.copy_comment(comment);
            }
            self.new_line(self.depth + 1);
        }
    }

    fn copy_comment(&mut self, span: Span) -> bool {
        let comment = self.slice(span);
        let line = comment.starts_with("//");
        self.out
            .push_str(if line { comment.trim_end() } else { comment });
        line
    }

    fn comment(&mut self, span: Span) {
        if self.in_node {
            return self.comment_in_node(span);
        }
        let trails = self.newlines == 0 && !matches!(self.tail, Tail::Start | Tail::LineComment);
        if trails {
            self.out.push(' ');
        } else {
            self.begin_item();
            self.tail = Tail::Prefix;
        }
        if self.copy_comment(span) {
            self.tail = Tail::LineComment;
        }
        self.newlines = 0;
    }

    fn comment_in_node(&mut self, span: Span) {
        let is_line = |span: &Span| self.slice(*span).starts_with("//");
        match self.continued.last() {
            None if !is_line(&span) => {
                self.out.push(' ');
                self.copy(span);
                return;
            }
            // A line comment needs a line that ends after it.
            None => self.continued.push(Vec::new()),
            Some(line) if line.last().is_some_and(is_line) => self.continued.push(Vec::new()),
            Some(_) => {}
        }
        if let Some(line) = self.continued.last_mut() {
            line.push(span);
        }
    }

    fn open(&mut self) {
        if self.continued.iter().any(|line| !line.is_empty()) {
            self.gap();
        } else {
            self.continued.clear();
            self.out.push(' ');
        }
        self.out.push('{');
        self.depth += 1;
        self.in_node = false;
        self.tail = Tail::Brace;
        self.newlines = 0;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.tail != Tail::Brace || !self.out.ends_with('{') {
            self.new_line(self.depth);
        }
        self.out.push('}');
        self.in_node = true;
        self.tail = Tail::Node;
    }

    fn end_node(&mut self) {
        self.in_node = false;
        self.tail = Tail::Node;
        self.newlines = 0;
        for comment in std::mem::take(&mut self.continued).into_iter().flatten() {
            self.comment(comment);
        }
    }

    fn skipped_event(&mut self, event: &Event<'_>) {
        match event {
            Event::Skip { .. } => self.skips += 1,
            Event::EndSkip { end } => {
                self.skips -= 1;
                if self.skips == 0 {
                    self.end_skip(*end);
                }
            }
            Event::Comment(span) => self.skipped.push(Event::Comment(*span)),
            Event::Continuation(start) => self.skipped.push(Event::Continuation(*start)),
            _ => {}
        }
    }

    /// Copies what a slashdash takes out, then lays out the comments that lie behind it.
    fn end_skip(&mut self, end: usize) {
        if self.in_node {
            self.gap();
        } else {
            self.begin_item();
            self.tail = Tail::Node;
        }
        self.out
            .push_str(self.text.get(self.skip_start..end).unwrap_or(""));
        for event in std::mem::take(&mut self.skipped) {
            let start = match &event {
                Event::Comment(span) => span.start as usize,
                Event::Continuation(start) => *start,
                _ => continue,
            };
            if start >= end {
                self.event(&event);
            }
        }
    }

    /// Writes the block that opens here on its line if it may stay there; the events after it.
    fn one_line_block<'e, 'a>(
        &mut self,
        event: &Event<'a>,
        after: &'e [Event<'a>],
    ) -> Option<&'e [Event<'a>]> {
        let fits = matches!(event, Event::Open(_))
            && self.skips == 0
            && self.continued.iter().all(Vec::is_empty)
            && !self.out.get(self.node_start..)?.contains('\n');
        let (Event::Node { .. }, _) = after.split_first()? else {
            return None;
        };
        if !fits {
            return None;
        }
        let end = 1 + after
            .iter()
            .skip(1)
            .position(|event| !matches!(event, Event::Argument(_) | Event::Property(_)))?;
        let [Event::EndNode { .. }, Event::Close(_), rest @ ..] = after.get(end..)? else {
            return None;
        };
        let child = one_line(self.text, after.get(..end)?)?;
        let line = self.out.rsplit('\n').next().unwrap_or("");
        if line.chars().count() + child.chars().count() + " {  }".len() > WIDTH {
            return None;
        }
        self.continued.clear();
        self.out.push_str(" { ");
        self.out.push_str(&child);
        self.out.push_str(" }");
        Some(rest)
    }
}

/// A node without a block as one line, if it has no newline in it.
fn one_line(text: &str, events: &[Event<'_>]) -> Option<String> {
    let mut layout = Layout::new(text);
    events.iter().for_each(|event| layout.event(event));
    (!layout.out.contains('\n')).then_some(layout.out)
}

#[cfg(test)]
mod tests {
    use super::format;

    #[track_caller]
    fn check(before: &str, after: &str) {
        let once = format(before).unwrap();
        assert_eq!(once, after);
        assert_eq!(
            format(&once).unwrap(),
            after,
            "not the same when formatted again"
        );
    }

    #[test]
    fn white_space_is_made_regular() {
        check(
            "a   1  k = 2;b{c;d}\n\n\n\ne",
            "a 1 k=2\nb {\n    c\n    d\n}\n\ne\n",
        );
        check("\u{feff}\n\n ( t ) a ( u )1\r\n", "(t)a (u)1\n");
        check("", "");
        check("\n\n", "");
        check("a {\n\n}", "a {}\n");
    }

    #[test]
    fn a_block_of_one_node_stays_on_its_line_if_it_was_there() {
        check("a { b 1 k=2; }", "a { b 1 k=2 }\n");
        check("a {\nb }", "a {\n    b\n}\n");
        check("a { b { c } }", "a {\n    b { c }\n}\n");
        let long = "x".repeat(95);
        check(
            &format!("a {{ {long} }}"),
            &format!("a {{\n    {long}\n}}\n"),
        );
    }

    #[test]
    fn comments_keep_their_place() {
        check(
            "// one\n\n/* two */ a /* three */ 1 // four\nb { // five\n// six\nc // seven\n// eight\n} // nine\n// ten",
            "// one\n\n/* two */ a /* three */ 1 // four\nb { // five\n    // six\n    c // seven\n    // eight\n} // nine\n// ten\n",
        );
        check("a;/* x */b", "a /* x */\nb\n");
        check("a {/* x */}", "a { /* x */\n}\n");
        check(
            "a k /*1*/ = /*2*/ v (/*3*/t)/*4*/ 5",
            "a k=v /*1*/ /*2*/ (t)5 /*3*/ /*4*/\n",
        );
    }

    #[test]
    fn lines_joined_by_a_backslash_stay_apart() {
        check(
            "a 1 \\\n 2 \\ // why\n 3 {\n b\n}",
            "a 1 \\\n    2 \\ // why\n    3 {\n    b\n}\n",
        );
        check("a \\\n{ b\n}", "a {\n    b\n}\n");
        check("a \\ // x\n \\ // y\n\nb", "a // x\n// y\nb\n");
        check("a \\ // x\n// y\nb", "a // x\n// y\nb\n");
    }

    #[test]
    fn what_a_slashdash_takes_out_is_copied_whole() {
        check("/-  a  1 {b;\n  c}// x\n", "/-  a  1 {b;\n  c} // x\n");
        check(
            "a  /- 1  /-k = 2 3 /-{ b } {c\n} /-{}",
            "a /- 1 /-k = 2 3 /-{ b } {\n    c\n} /-{}\n",
        );
        check(
            "a /- // one\n 1 /* two */ 2",
            "a /- // one\n 1 /* two */ 2\n",
        );
    }

    #[test]
    fn spellings_stay() {
        let text = "a 0x_F \"x\\u{41}\"";
        assert!(format(text).is_err());
        check(
            "a 0xF_F 1.50 \"\\u{41}\" #\"b\"# c \"\"\"\n  x\n  \"\"\"",
            "a 0xF_F 1.50 \"\\u{41}\" #\"b\"# c \"\"\"\n  x\n  \"\"\"\n",
        );
    }
}
