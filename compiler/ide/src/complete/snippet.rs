//! Snippets: text with stops, in the form the Language Server Protocol has.

use gatec_compiler::load::Format;
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Field, ObjectType, ScalarKind, Type, TypeId};
use serde_json::Value;

/// A text with what a snippet would take for more than text made plain.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '}' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A snippet as the text it puts in, its stops taken out: for clients without snippets.
pub fn plain(snippet: &str) -> String {
    let mut out = String::new();
    let mut characters = snippet.chars().peekable();
    let mut open = 0;
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.extend(characters.next()),
            '$' if characters.peek() == Some(&'{') => {
                characters.next();
                while characters.next_if(char::is_ascii_digit).is_some() {}
                characters.next_if_eq(&':');
                open += 1;
            }
            '$' => while characters.next_if(char::is_ascii_digit).is_some() {},
            '}' if open > 0 => open -= 1,
            c => out.push(c),
        }
    }
    out
}

/// A snippet up to its first stop: for clients that do not know them, whose users type on there.
pub fn head(snippet: &str) -> String {
    let stop = snippet.match_indices('$').find(|(at, _)| {
        let before = snippet.get(..*at).unwrap_or("");
        let escapes = before.chars().rev().take_while(|c| *c == '\\').count();
        escapes % 2 == 0
    });
    let end = stop.map_or(snippet.len(), |(at, _)| at);
    let head = plain(snippet.get(..end).unwrap_or(""));
    // Some of them can only take one line.
    head.lines().next().unwrap_or("").to_owned()
}

/// Writes the snippet of a key, its stops numbered from 1.
pub(super) struct Writer {
    grammar: &'static Grammar,
    format: Format,
    stop: u32,
    out: String,
}

/// How deep required parts are written out.
const MAX_DEPTH: usize = 4;

impl Writer {
    pub(super) fn new(format: Format) -> Self {
        Self {
            grammar: Grammar::get(),
            format,
            stop: 0,
            out: String::new(),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// A key with what it needs.
    pub(super) fn field(&mut self, field: &Field) {
        match self.format {
            Format::Kdl => self.kdl(field, 0),
            Format::Yaml => self.yaml(field, 0),
        }
    }

    /// `key=value` on the line of a node.
    pub(super) fn property(&mut self, field: &Field) {
        self.out.push_str(&escaped(&field.key));
        self.out.push('=');
        let kind = match self.grammar.kind(field.kind) {
            Type::List(list) => list.item,
            _ => field.kind,
        };
        self.value(kind, Some(field));
    }

    fn stop(&mut self, text: &str) {
        self.stop += 1;
        let stop = match text.is_empty() {
            true => format!("${}", self.stop),
            false => format!("${{{}:{}}}", self.stop, escaped(text)),
        };
        self.out.push_str(&stop);
    }

    fn indent(&mut self, depth: usize) {
        let unit = match self.format {
            Format::Kdl => "    ",
            Format::Yaml => "  ",
        };
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(unit, depth));
    }

    fn kdl(&mut self, field: &Field, depth: usize) {
        self.out.push_str(&escaped(field.kdl_name()));
        let named = field.node.is_some();
        let inside = match self.grammar.kind(field.kind) {
            Type::Map(map) if named => {
                let example = map.names.and_then(|format| format.examples.first());
                self.out.push_str(" \"");
                self.stop(example.unwrap_or(&"name"));
                self.out.push('"');
                map.value
            }
            Type::List(list) => list.item,
            _ => field.kind,
        };
        match self.grammar.kind(inside) {
            Type::Object(object) => self.kdl_object(object, depth),
            Type::Map(_) => self.block(depth, |_| {}),
            _ => {
                self.out.push(' ');
                self.value(inside, Some(field));
            }
        }
    }

    fn kdl_object(&mut self, object: &ObjectType, depth: usize) {
        let row = object.arguments.iter().max_by_key(|row| row.len());
        let row: Vec<usize> = row.into_iter().flatten().map(|one| one.field).collect();
        for position in &row {
            if let Some(field) = object.fields.get(*position) {
                let kind = match self.grammar.kind(field.kind) {
                    Type::List(list) => list.item,
                    _ => field.kind,
                };
                self.out.push(' ');
                self.value(kind, Some(field));
            }
        }
        let left = |position: &usize| !row.contains(position);
        let needed: Vec<&Field> = required(object, left);
        let (inline, nodes): (Vec<&Field>, Vec<&Field>) = needed
            .into_iter()
            .partition(|field| self.grammar.is_inline(field));
        for field in inline {
            self.out.push(' ');
            self.property(field);
        }
        if (row.is_empty() || !nodes.is_empty()) && depth < MAX_DEPTH {
            self.block(depth, |writer| {
                for field in nodes {
                    writer.indent(depth + 1);
                    writer.kdl(field, depth + 1);
                }
            });
        }
    }

    fn block(&mut self, depth: usize, fill: impl FnOnce(&mut Self)) {
        self.out.push_str(" {");
        let before = self.out.len();
        fill(self);
        if self.out.len() == before {
            self.indent(depth + 1);
            if depth == 0 {
                self.out.push_str("$0");
            }
        }
        self.indent(depth);
        self.out.push_str("\\}");
    }

    fn yaml(&mut self, field: &Field, depth: usize) {
        self.out.push_str(&escaped(&field.key));
        self.out.push(':');
        self.yaml_value(field.kind, Some(field), depth);
    }

    fn yaml_value(&mut self, kind: TypeId, field: Option<&Field>, depth: usize) {
        match self.grammar.kind(kind) {
            Type::Scalar(_) => {
                self.out.push(' ');
                self.value(kind, field);
            }
            Type::List(list) => match self.grammar.kind(list.item) {
                Type::Scalar(_) => {
                    self.out.push_str(" [");
                    self.value(list.item, field);
                    self.out.push(']');
                }
                _ => {
                    self.indent(depth + 1);
                    self.out.push('-');
                    self.keys_of(list.item, depth + 2, true);
                }
            },
            Type::Map(map) => {
                self.indent(depth + 1);
                self.stop("name");
                self.out.push(':');
                match depth < MAX_DEPTH {
                    true => self.yaml_value(map.value, None, depth + 1),
                    false => self.out.push(' '),
                }
            }
            Type::Object(_) => self.keys_of(kind, depth + 1, false),
        }
    }

    /// The required keys of an object, the first on the line of a list's dash.
    fn keys_of(&mut self, kind: TypeId, depth: usize, item: bool) {
        let Some(object) = self.grammar.object(kind) else {
            return;
        };
        let needed: Vec<&Field> = required(object, |_| true);
        let mut first = item;
        for field in &needed {
            match std::mem::take(&mut first) {
                true => self.out.push(' '),
                false => self.indent(depth),
            }
            if depth < MAX_DEPTH + 2 {
                self.yaml(field, depth);
            }
        }
        if needed.is_empty() {
            match item {
                true => self.out.push(' '),
                false => self.indent(depth),
            }
            self.out.push_str("$0");
        }
    }

    /// A value with an example in its place.
    fn value(&mut self, kind: TypeId, field: Option<&Field>) {
        let Some(scalar) = self.grammar.scalar(kind) else {
            return self.stop("");
        };
        let default = field.and_then(|field| field.default.as_ref());
        let word = match (scalar.kind, scalar.choices.first(), default) {
            (Some(ScalarKind::Boolean), _, default) => {
                // Whoever writes it wants the other than what holds anyway.
                let wanted = default != Some(&Value::Bool(true));
                let mark = if self.format == Format::Kdl { "#" } else { "" };
                return self.stop(&format!("{mark}{wanted}"));
            }
            (Some(ScalarKind::Integer | ScalarKind::Number), choice, default) => {
                let what = scalar.what.as_deref();
                let number = choice.or(default).map(Value::to_string);
                let number = number.filter(|number| number != "null");
                let number = number.or_else(|| (what == Some("status")).then(|| "200".to_owned()));
                return self.stop(
                    &number.unwrap_or_else(|| scalar.minimum.unwrap_or(1).max(1).to_string()),
                );
            }
            (_, Some(Value::String(choice)), _) => choice.clone(),
            (_, _, Some(Value::String(default))) => default.clone(),
            _ => {
                let reference = field.is_some_and(|field| field.reference.is_some());
                // Of paths, the first example is a file and the last a folder.
                let folder = field.is_some_and(|field| field.description.starts_with("The folder"));
                let examples = scalar.format.map_or(&[][..], |format| format.examples);
                let example = if folder {
                    examples.last()
                } else {
                    examples.first()
                };
                let is_template = scalar
                    .format
                    .is_some_and(|format| format.name == "template");
                match example {
                    Some(example) if !reference && !is_template => (*example).to_owned(),
                    _ => String::new(),
                }
            }
        };
        let quote = match self.format {
            Format::Kdl => "\"",
            Format::Yaml if word.is_empty() || is_plain(&word) => "",
            Format::Yaml => "\"",
        };
        self.out.push_str(quote);
        self.stop(&word);
        self.out.push_str(quote);
    }
}

/// Whether YAML takes a word without quotes for that text, in any place: not for a number, a truth value
/// or nothing at all.
pub(super) fn is_plain(word: &str) -> bool {
    let starts = |c: char| c.is_ascii_alphanumeric() || "/._".contains(c);
    let belongs = |c: char| c.is_ascii_alphanumeric() || "/._-+*:".contains(c);
    let words = ["true", "false", "null", "yes", "no", "on", "off"];
    word.starts_with(starts)
        && word.chars().all(belongs)
        && !word.ends_with(':')
        && !words.iter().any(|known| word.eq_ignore_ascii_case(known))
        && word.parse::<f64>().is_err()
        && !word.starts_with("0x")
        && !word.starts_with("0o")
        && !word.eq_ignore_ascii_case(".inf")
        && !word.eq_ignore_ascii_case(".nan")
}

fn required(object: &ObjectType, wanted: impl Fn(&usize) -> bool) -> Vec<&Field> {
    let fields = object.fields.iter().enumerate();
    fields
        .filter(|(position, field)| field.required && wanted(position))
        .map(|(_, field)| field)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_come_out() {
        assert_eq!(
            plain("route \"${1:na\\}me}\" {\n    $0\n\\}"),
            "route \"na}me\" {\n    \n}"
        );
        assert_eq!(plain(&escaped("a$b}c\\")), "a$b}c\\");
        assert_eq!(head("route \"${1:name}\" {\n    $0\n\\}"), "route \"");
        assert_eq!(head("a\\$b $1"), "a$b ");
        assert_eq!(head("request {\n    $0\n\\}"), "request {");
        assert_eq!(head("\"orders\""), "\"orders\"");
    }

    #[test]
    fn yaml_words_need_quotes_where_they_would_be_something_else() {
        for word in [
            "orders",
            "GET",
            "/a/b",
            "127.0.0.1:80",
            "text/html",
            "5s",
            "http://x.example",
        ] {
            assert!(is_plain(word), "{word}");
        }
        for word in [
            "123", "1e3", "true", "Null", " x", "a b", "it's", "a: b", "*", "- a", "", "{id}",
            "0x1f",
        ] {
            assert!(!is_plain(word), "{word}");
        }
    }
}
