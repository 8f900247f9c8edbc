//! What is told about the word under the cursor; Markdown.

use std::fmt::Write;

use gatec_compiler::load::Format;
use gatec_compiler::shape::Grammar;
use gatec_compiler::shape::grammar::{Field, ScalarKind, Type, TypeId};
use gatec_compiler::template::words;
use gatec_schema::Spec;
use gatec_syntax::Rule;
use serde_json::Value;

use crate::template::{self, Kind};
use crate::view::{Place, View};
use crate::{Bytes, inlay, names, route};

/// Something to show, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// The bytes it is about.
    pub at: Bytes,
}

/// What there is to tell about an offset; `spec` is the whole that the text is a part of, where it is
/// known.
pub fn hover(view: &View, offset: usize, spec: Option<&Spec>) -> Option<Hover> {
    let places = view.at(offset);
    let last = places.last()?;
    if let Some(found) = in_template(view, last, offset) {
        return Some(found);
    }
    let key = last
        .key_range()
        .filter(|range| crate::touches(range, offset));
    let at = match (&key, last.field) {
        (Some(key), _) => key.clone(),
        (None, _) if is_leaf(last) => last.node.span.range(),
        _ => return over_block(view, last, offset, spec),
    };
    let mut text = String::new();
    match last.field {
        Some(known) => text.push_str(&field(known, view.format)),
        None => text.push_str(&entry(last)?),
    }
    of_route(&mut text, last, spec);
    Some(Hover { text, at })
}

/// Adds what there is to tell of a route, where the place is one.
fn of_route(text: &mut String, place: &Place<'_>, spec: Option<&Spec>) {
    let Some(told) = route::told(place) else {
        return;
    };
    let _ = write!(text, "\n\n{told}");
    let waits = names::route(place)
        .zip(spec)
        .and_then(|(route, spec)| inlay::waits(route, spec));
    if let Some(waits) = waits {
        let _ = write!(text, "\n\n{waits}");
    }
}

fn is_leaf(place: &Place<'_>) -> bool {
    Grammar::get().scalar(place.kind).is_some()
}

/// The name of a KDL node, which the tree of values does not hold: it stands before what it is about.
fn over_block(view: &View, place: &Place<'_>, offset: usize, spec: Option<&Spec>) -> Option<Hover> {
    let at = word_at(view, offset)?;
    let word = view.slice(&at);
    let keys: Vec<&str> = place.keys().map(|key| key.unwrap_or("0")).collect();
    let grammar = Grammar::get();
    // The nearest key on the way here that is written with this word.
    let known = (1..=keys.len()).rev().find_map(|depth| {
        let (_, known) = grammar.at(keys.iter().take(depth).copied())?;
        known.filter(|known| known.kdl_name() == word || known.key == word)
    })?;
    let mut text = field(known, view.format);
    of_route(&mut text, place, spec);
    Some(Hover { text, at })
}

fn word_at(view: &View, offset: usize) -> Option<Bytes> {
    let belongs = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let before = view.text.get(..offset)?;
    let after = view.text.get(offset..)?;
    let start = before.len()
        - before
            .chars()
            .rev()
            .take_while(|c| belongs(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    let end = offset
        + after
            .chars()
            .take_while(|c| belongs(*c))
            .map(char::len_utf8)
            .sum::<usize>();
    (start < end).then_some(start..end)
}

/// A name that the user chose.
fn entry(place: &Place<'_>) -> Option<String> {
    let (name, _) = place.key?;
    let keys: Vec<&str> = place.keys().map(|key| key.unwrap_or("0")).collect();
    let above = keys.get(..keys.len().checked_sub(1)?)?;
    let (_, field) = Grammar::get().at(above.iter().copied())?;
    let field = field?;
    Some(format!(
        "**{}** `{name}`\n\n{}",
        field.kdl_name(),
        field.description
    ))
}

/// A key with its description, its type and its default.
pub fn field(field: &Field, format: Format) -> String {
    let name = match format {
        Format::Kdl => field.kdl_name(),
        Format::Yaml => field.key.as_str(),
    };
    let mut text = format!("**{name}**");
    let words = type_words(field, format);
    if !words.is_empty() {
        let _ = write!(text, " · {words}");
    }
    if !field.description.is_empty() {
        let _ = write!(text, "\n\n{}", field.description);
    }
    if let Some(default) = default(field, format) {
        let _ = write!(text, "\n\nLeft out: `{default}`.");
    }
    text
}

/// What holds where a key is left out, as it would be written.
pub(crate) fn default(field: &Field, format: Format) -> Option<String> {
    match field.default.as_ref()? {
        Value::Null | Value::Object(_) => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Bool(yes) if format == Format::Kdl => Some(format!("#{yes}")),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// What a key holds, in a few words.
pub(crate) fn type_words(field: &Field, format: Format) -> String {
    let grammar = Grammar::get();
    let mut words = match grammar.kind(field.kind) {
        Type::Scalar(_) => scalar_words(field.kind, format),
        Type::List(list) if grammar.scalar(list.item).is_some() => {
            format!("a list: {}", scalar_words(list.item, format))
        }
        Type::List(_) => "a list".to_owned(),
        Type::Map(_) => "by name".to_owned(),
        Type::Object(_) => String::new(),
    };
    if let Some(section) = &field.reference {
        words = format!("the name of one of the `{section}`");
    }
    if field.required {
        let comma = if words.is_empty() { "" } else { ", " };
        words.push_str(comma);
        words.push_str("required");
    }
    words
}

fn scalar_words(kind: TypeId, format: Format) -> String {
    let Some(scalar) = Grammar::get().scalar(kind) else {
        return String::new();
    };
    if !scalar.choices.is_empty() {
        let choices = scalar.choices.iter().filter(|choice| !choice.is_null());
        let shown: Vec<String> = choices
            .map(|choice| match choice {
                Value::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            })
            .collect();
        return shown.join(", ");
    }
    let range = match (scalar.minimum, scalar.maximum) {
        (Some(low), Some(high)) => format!(" from {low} to {high}"),
        _ => String::new(),
    };
    match (scalar.format, scalar.kind) {
        (Some(known), _) => known.expected.to_owned(),
        (None, Some(ScalarKind::Boolean)) if format == Format::Kdl => {
            "`#true` or `#false`".to_owned()
        }
        (None, Some(ScalarKind::Boolean)) => "`true` or `false`".to_owned(),
        (None, Some(ScalarKind::Integer)) => format!("a whole number{range}"),
        (None, Some(ScalarKind::Number)) => format!("a number{range}"),
        _ => "text".to_owned(),
    }
}

/// A word of a template.
fn in_template(view: &View, place: &Place<'_>, offset: usize) -> Option<Hover> {
    if !names::is_template(place.kind) {
        return None;
    }
    let range = place.node.span.range();
    let words = template::words(view.slice(&range), range.start);
    let word = words
        .into_iter()
        .find(|word| crate::touches(&word.at, offset))?;
    let text = match word.kind {
        Kind::Source => {
            let known = words::sources().find(|known| known.name == word.text)?;
            format!("`{}`: {}", known.name, known.what)
        }
        Kind::Filter => {
            let known = words::filters().find(|known| known.name == word.text)?;
            format!("`| {}`: {}", known.form, known.what)
        }
        Kind::Member if word.of == Some("path") => {
            let route = names::route(place)?;
            format!("the path parameter `{}` of the route `{route}`", word.text)
        }
        _ => return None,
    };
    Some(Hover { text, at: word.at })
}

/// The explanation of a code, as `gatec explain` has it.
pub fn rule(rule: &Rule) -> String {
    let mut text = format!(
        "**{}** ({}): {}\n\n{}",
        rule.code,
        rule.name,
        rule.summary,
        rule.explanation.trim()
    );
    for (heading, example) in [("Wrong", rule.wrong), ("Right", rule.right)] {
        if !example.is_empty() {
            let _ = write!(
                text,
                "\n\n{heading}:\n\n```kdl\n{}\n```",
                example.trim_end()
            );
        }
    }
    text
}
