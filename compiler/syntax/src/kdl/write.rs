//! A tree written as canonical text: what `gatec convert` and `gatec import` produce.
//!
//! The text reads back to the same tree (spans aside), and [`format()`](super::format()) leaves it alone.

use std::fmt::Write as _;

use crate::document::Comments;

use super::chars::{is_bare, is_disallowed, is_newline, is_space};
use super::event::{Argument, Property};
use super::tree::{Annotation, KdlNode, Scalar, Tree};

/// Writes a tree: four spaces for each level, one node on a line, blank lines between top-level nodes
/// that have blocks or differ in name.
///
/// Names are bare where they can be and string values are always quoted: raw where that saves escapes,
/// over several lines where they have several.
pub fn write(tree: &Tree<'_>) -> String {
    let mut writer = Writer {
        out: String::new(),
        depth: 0,
    };
    let mut before: Option<&KdlNode<'_>> = None;
    for node in &tree.nodes {
        if before.is_some_and(|before| !stays_close(before, node)) {
            writer.out.push('\n');
        }
        writer.node(node);
        before = Some(node);
    }
    if before.is_some() && !tree.trailing_comments.is_empty() {
        writer.out.push('\n');
    }
    writer.comments(&tree.trailing_comments);
    writer.out
}

/// Writes one node and what is in it, at the left margin, with a newline at its end.
pub fn write_node(node: &KdlNode<'_>) -> String {
    let mut writer = Writer {
        out: String::new(),
        depth: 0,
    };
    writer.node(node);
    writer.out
}

/// Whether two top-level nodes stand together without a blank line: short ones of one name.
fn stays_close(before: &KdlNode<'_>, node: &KdlNode<'_>) -> bool {
    let short = |node: &KdlNode<'_>| node.children.is_none();
    let has_leading = node
        .comments
        .as_ref()
        .is_some_and(|comments| !comments.leading.is_empty());
    short(before) && short(node) && before.name == node.name && !has_leading
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
    }

    fn comments(&mut self, lines: &[String]) {
        for line in lines.iter().flat_map(|text| text.split(is_newline)) {
            self.indent();
            self.comment(line);
            self.out.push('\n');
        }
    }

    /// One line of comment. Characters that may not stand in a text are left out.
    fn comment(&mut self, line: &str) {
        let text: String = line
            .chars()
            .filter(|c| !is_disallowed(*c) && !is_newline(*c))
            .collect();
        let text = text.trim_end();
        self.out
            .push_str(if text.is_empty() { "//" } else { "// " });
        self.out.push_str(text);
    }

    fn node(&mut self, node: &KdlNode<'_>) {
        let comments = node.comments.as_deref();
        self.comments(comments.map_or(&[], |comments: &Comments| &comments.leading));
        self.indent();
        self.annotation(node.annotation.as_ref());
        self.name(&node.name);
        node.arguments
            .iter()
            .for_each(|argument| self.argument(argument));
        node.properties
            .iter()
            .for_each(|property| self.property(property));
        let trailing = comments.and_then(|comments| comments.trailing.as_deref());
        match &node.children {
            None => self.end_line("", trailing),
            Some(children)
                if children.nodes.is_empty() && children.trailing_comments.is_empty() =>
            {
                self.end_line(" {}", trailing);
            }
            Some(children) => {
                self.end_line(" {", trailing);
                self.depth += 1;
                children.nodes.iter().for_each(|node| self.node(node));
                self.comments(&children.trailing_comments);
                self.depth -= 1;
                self.indent();
                self.out.push_str("}\n");
            }
        }
    }

    fn end_line(&mut self, end: &str, trailing: Option<&str>) {
        self.out.push_str(end);
        if let Some(comment) = trailing {
            self.out.push(' ');
            self.comment(&comment.replace(is_newline, " "));
        }
        self.out.push('\n');
    }

    fn annotation(&mut self, annotation: Option<&Annotation<'_>>) {
        if let Some(annotation) = annotation {
            self.out.push('(');
            self.name(&annotation.name);
            self.out.push(')');
        }
    }

    fn name(&mut self, name: &str) {
        if is_bare(name) {
            self.out.push_str(name);
        } else {
            self.quoted(name);
        }
    }

    fn argument(&mut self, argument: &Argument<'_>) {
        self.out.push(' ');
        self.annotation(argument.annotation.as_ref());
        self.scalar(&argument.value);
    }

    fn property(&mut self, property: &Property<'_>) {
        self.out.push(' ');
        self.name(&property.key);
        self.out.push('=');
        self.annotation(property.annotation.as_ref());
        self.scalar(&property.value);
    }

    fn scalar(&mut self, value: &Scalar<'_>) {
        match value {
            Scalar::Null => self.out.push_str("#null"),
            Scalar::Bool(true) => self.out.push_str("#true"),
            Scalar::Bool(false) => self.out.push_str("#false"),
            Scalar::Integer(value) => self.display(value),
            Scalar::Float(value) => self.float(*value),
            Scalar::BigNumber(words) => self.out.push_str(words),
            Scalar::String(text) => self.string(text),
        }
    }

    fn display(&mut self, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    fn float(&mut self, value: f64) {
        if value.is_nan() {
            self.out.push_str("#nan");
        } else if value.is_infinite() {
            self.out
                .push_str(if value > 0.0 { "#inf" } else { "#-inf" });
        } else {
            // The debug form always has a point or an exponent, so it reads back as a float.
            let _ = write!(self.out, "{value:?}");
        }
    }

    /// A string value, in the quotes that suit it.
    fn string(&mut self, text: &str) {
        if text.contains('\n') {
            self.lines(text);
        } else if text.contains(['"', '\\'])
            && is_raw(text)
            && !text.starts_with("\"\"")
            && text != "\""
        {
            let hashes = hashes(text, "\"");
            for part in [hashes.as_str(), "\"", text, "\"", &hashes] {
                self.out.push_str(part);
            }
        } else {
            self.quoted(text);
        }
    }

    /// A string on one line with escapes.
    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        text.chars().for_each(|c| self.escaped(c));
        self.out.push('"');
    }

    fn escaped(&mut self, c: char) {
        match c {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\u{8}' => self.out.push_str("\\b"),
            '\u{C}' => self.out.push_str("\\f"),
            c if is_newline(c) || is_disallowed(c) => {
                let _ = write!(self.out, "\\u{{{:X}}}", u32::from(c));
            }
            c => self.out.push(c),
        }
    }

    /// A string over several lines, one level deeper than its node.
    fn lines(&mut self, text: &str) {
        let blank = |line: &str| !line.is_empty() && line.chars().all(is_space);
        let raw =
            text.contains(['\\', '"']) && text.split('\n').all(|line| is_raw(line) && !blank(line));
        let hashes = if raw && (text.contains('\\') || text.contains("\"\"\"")) {
            hashes(text, "\"\"\"")
        } else {
            String::new()
        };
        self.out.push_str(&hashes);
        self.out.push_str("\"\"\"\n");
        self.depth += 1;
        for line in text.split('\n') {
            if !line.is_empty() {
                self.indent();
            }
            if hashes.is_empty() {
                self.escaped_line(line, blank(line));
            } else {
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.indent();
        self.depth -= 1;
        self.out.push_str("\"\"\"");
        self.out.push_str(&hashes);
    }

    /// A line within `"""`, where only the third of three quotes needs an escape. A line of nothing but
    /// white space would be read as empty, so its last space is escaped.
    fn escaped_line(&mut self, line: &str, blank: bool) {
        let mut quotes = 0;
        let last = line.chars().count().saturating_sub(1);
        for (index, c) in line.chars().enumerate() {
            quotes = if c == '"' { quotes + 1 } else { 0 };
            match c {
                '"' if quotes < 3 => self.out.push('"'),
                '"' => {
                    quotes = 0;
                    self.out.push_str("\\\"");
                }
                c if blank && index == last => {
                    let _ = write!(self.out, "\\u{{{:X}}}", u32::from(c));
                }
                '\t' => self.out.push('\t'),
                c => self.escaped(c),
            }
        }
    }
}

/// Whether a line can stand in a raw string: there are no escapes to write a character with.
fn is_raw(line: &str) -> bool {
    line.chars().all(|c| !is_newline(c) && !is_disallowed(c))
}

/// As many hashes as it takes for `quotes` and hashes not to appear in the text.
fn hashes(text: &str, quotes: &str) -> String {
    let mut longest = 0;
    let mut rest = text;
    while let Some(at) = rest.find(quotes) {
        // One byte on only, because the quotes of one run overlap.
        let after = rest.get(at + quotes.len()..).unwrap_or("");
        let run = after.bytes().take_while(|byte| *byte == b'#').count();
        longest = longest.max(run);
        rest = rest.get(at + 1..).unwrap_or("");
    }
    "#".repeat(longest + 1)
}
