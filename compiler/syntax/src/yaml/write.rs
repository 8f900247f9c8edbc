//! A document as canonical YAML: block style, two blanks per level, quotes only where needed.

use crate::document::{Comments, Document, Entry, Node, Number, Object, Value};

use super::quote;

/// Keys longer than this are written with `? `, since readers look for the colon only so far.
const LONG_KEY: usize = 512;

/// A list of words up to this long stands on its key's line.
const SHORT_LIST: usize = 60;

/// Writes a document.
///
/// Reading the result gives the same document, spans aside. Comments stand where the document has
/// them.
pub fn write(document: &Document) -> String {
    let mut writer = Writer { out: String::new() };
    writer.object(&document.root, 0, false);
    for line in document
        .trailing_comments
        .iter()
        .flat_map(|comment| comment.split('\n'))
    {
        writer.line(0, &quote::comment(line));
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.indent(depth);
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Entries, the first one on the current line if it follows a dash.
    fn object(&mut self, object: &Object, depth: usize, after_dash: bool) {
        for (index, entry) in object.entries.iter().enumerate() {
            let inline = after_dash && index == 0;
            if !inline {
                self.leading(entry, depth);
                self.indent(depth);
            }
            self.entry(entry, depth);
        }
    }

    fn leading(&mut self, entry: &Entry, depth: usize) {
        let comments = entry
            .comments
            .as_deref()
            .map_or(&[][..], |comments| &comments.leading);
        for line in comments.iter().flat_map(|comment| comment.split('\n')) {
            self.line(depth, &quote::comment(line));
        }
    }

    fn entry(&mut self, entry: &Entry, depth: usize) {
        let key = quote::inline(&entry.key);
        if key.len() > LONG_KEY {
            self.out.push_str("? ");
            self.out.push_str(&key);
            self.out.push('\n');
            self.indent(depth);
        } else {
            self.out.push_str(&key);
        }
        self.out.push(':');
        self.value(&entry.node, depth, entry.comments.as_deref());
    }

    /// What follows `key:`.
    fn value(&mut self, node: &Node, depth: usize, comments: Option<&Comments>) {
        let trailing = comments.and_then(|comments| comments.trailing.as_deref());
        match &node.value {
            Value::Array(items) if !items.is_empty() => {
                if let Some(words) = words(items) {
                    self.out.push_str(&format!(" [{words}]"));
                    return self.end_line(trailing);
                }
                self.end_line(trailing);
                self.items(items, depth + 1, false);
            }
            Value::Object(object) if !object.entries.is_empty() => {
                self.end_line(trailing);
                self.object(object, depth + 1, false);
            }
            value => self.scalar(value, depth + 1, trailing),
        }
    }

    fn items(&mut self, items: &[Node], depth: usize, after_dash: bool) {
        for (index, item) in items.iter().enumerate() {
            if !(after_dash && index == 0) {
                if let Some(entry) = first_entry(item) {
                    self.leading(entry, depth);
                }
                self.indent(depth);
            }
            self.out.push('-');
            match &item.value {
                Value::Array(items) if !items.is_empty() => {
                    self.out.push(' ');
                    self.items(items, depth + 1, true);
                }
                Value::Object(object) if !object.entries.is_empty() => {
                    self.out.push(' ');
                    self.object(object, depth + 1, true);
                }
                value => self.scalar(value, depth + 1, None),
            }
        }
    }

    fn end_line(&mut self, trailing: Option<&str>) {
        if let Some(comment) = trailing {
            self.out.push_str("  ");
            self.out.push_str(&quote::comment(comment));
        }
        self.out.push('\n');
    }

    fn scalar(&mut self, value: &Value, depth: usize, trailing: Option<&str>) {
        self.out.push(' ');
        if let Value::String(text) = value
            && let Some(header) = quote::block_header(text)
        {
            self.out.push_str(header);
            self.end_line(trailing);
            self.block(text, depth);
            return;
        }
        self.out.push_str(&one_line(value));
        self.end_line(trailing);
    }

    fn block(&mut self, text: &str, depth: usize) {
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            if line.is_empty() {
                self.out.push('\n');
            } else {
                self.line(depth, line);
            }
        }
    }
}

/// A short list of plain words, as it stands on one line.
fn words(items: &[Node]) -> Option<String> {
    let word = |item: &Node| match &item.value {
        Value::String(text) if quote::is_word(text) => Some(text.clone()),
        _ => None,
    };
    let words = items.iter().map(word).collect::<Option<Vec<_>>>()?;
    Some(words.join(", ")).filter(|line| line.len() <= SHORT_LIST)
}

/// The entry that is written on the line of an item's dash.
fn first_entry(item: &Node) -> Option<&Entry> {
    match &item.value {
        Value::Object(object) => object.entries.first(),
        Value::Array(items) => items.first().and_then(first_entry),
        _ => None,
    }
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(Number::Integer(whole)) => whole.to_string(),
        Value::Number(Number::Float(number)) => float(*number),
        Value::String(text) => quote::inline(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        Value::Reference(reference) if reference.kind.is_empty() => {
            quote::inline(&reference.target)
        }
        Value::Reference(reference) => {
            format!(
                "!{} {}",
                tag(&reference.kind),
                quote::inline(&reference.target)
            )
        }
    }
}

/// The shortest digits that read back as the same double, with a point, and a sign in the exponent:
/// YAML 1.1 takes `1e5` for text.
fn float(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let digits = format!("{number:?}");
    let Some((mantissa, exponent)) = digits.split_once('e') else {
        return digits;
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// A tag's word; what a tag cannot hold is percent-encoded.
fn tag(word: &str) -> String {
    let mut out = String::new();
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/') {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
