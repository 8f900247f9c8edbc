//! The grammar in a reader's words: what is expected, what was found, how to write it.

use gatec_syntax::{Node, SourceId, Sources, Span, Value};
use serde_json::Value as Json;

use super::grammar::{Field, Grammar, ObjectType, ScalarKind, ScalarType, Type, TypeId};
use super::names::listed;
use crate::load::Format;

/// What is needed to put a finding in words: the grammar, the texts, and their languages.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The grammar.
    pub grammar: &'static Grammar,
    /// The texts.
    pub sources: &'a Sources,
    /// The language of each text, by its number.
    pub formats: &'a [Format],
}

impl Context<'_> {
    /// The language of a text.
    pub fn format(&self, source: SourceId) -> Format {
        self.formats
            .get(source.0 as usize)
            .copied()
            .unwrap_or(Format::Kdl)
    }

    /// What is expected where a type is.
    pub fn expected(&self, id: TypeId, format: Format) -> String {
        match self.grammar.kind(id) {
            Type::Scalar(scalar) => expected_scalar(scalar, format),
            Type::List(list) => match self.grammar.kind(list.item) {
                Type::Scalar(scalar) => {
                    format!("a list, each item {}", expected_scalar(scalar, format))
                }
                _ => "a list of objects".to_owned(),
            },
            Type::Map(_) => "names with their values".to_owned(),
            Type::Object(object) => {
                let keys = object.fields.iter().map(|field| match format {
                    Format::Kdl => field.kdl_name(),
                    Format::Yaml => field.key.as_str(),
                });
                let keys: Vec<&str> = keys.take(4).collect();
                format!("an object with keys such as {}", listed(keys, "and"))
            }
        }
    }

    /// What was found, with its words where they are short.
    pub fn found(&self, node: &Node) -> String {
        let kind = node.value.kind();
        match &node.value {
            Value::Null | Value::Array(_) | Value::Object(_) => kind.to_owned(),
            _ => format!("{kind} `{}`", self.shown(node.span)),
        }
    }

    /// The words of a span, cut short.
    pub fn shown(&self, span: Span) -> String {
        const MOST: usize = 40;
        let words = self.sources.slice(span);
        let line = words.lines().next().unwrap_or("");
        match line.chars().count() > MOST || line.len() < words.len() {
            true => format!("{}…", line.chars().take(MOST).collect::<String>()),
            false => line.to_owned(),
        }
    }

    /// Whether a value was written out where its span is, and does not come from outside.
    pub fn is_literal(&self, span: Span) -> bool {
        let words = self.sources.slice(span);
        !words.is_empty() && !words.starts_with(['(', '!', '*'])
    }

    /// An object by the name a reader knows: `listener "web"` in KDL, `web` in YAML.
    pub fn owner(&self, path: &[String], format: Format) -> String {
        let Some((last, above)) = path.split_last() else {
            return String::new();
        };
        let steps = |path: &[String]| self.grammar.at(path.iter().map(String::as_str));
        let container = steps(above).and_then(|(id, field)| Some((self.grammar.kind(id), field?)));
        match (container, format) {
            (Some((Type::Map(_), field)), Format::Kdl) => format!("{} {last:?}", field.kdl_name()),
            (Some((Type::List(_), field)), Format::Kdl) => field.kdl_name().to_owned(),
            (Some((Type::List(_), field)), Format::Yaml) => field.key.clone(),
            _ => last.clone(),
        }
    }

    /// How to write a key, with an example of a value.
    pub fn sample(&self, field: &Field, format: Format) -> String {
        match format {
            Format::Kdl if self.grammar.is_inline(field) => {
                format!("{}={}", field.key, self.value(field.kind, format))
            }
            Format::Kdl => format!("{} {}", field.kdl_name(), self.content(field, format)),
            Format::Yaml => format!("{}: {}", field.key, self.value(field.kind, format)),
        }
    }

    /// What stands after the name of a KDL node.
    fn content(&self, field: &Field, format: Format) -> String {
        let (id, name) = match self.grammar.kind(field.kind) {
            Type::List(list) => (list.item, ""),
            Type::Map(map) => (map.value, "\"name\" "),
            _ => (field.kind, ""),
        };
        match self.grammar.object(id) {
            Some(object) => format!("{name}{}", self.arguments(object, format)),
            None => format!("{name}{}", self.value(id, format)),
        }
    }

    fn arguments(&self, object: &ObjectType, format: Format) -> String {
        let first = object.arguments.first().into_iter().flatten();
        let fields = first.filter_map(|argument| object.fields.get(argument.field));
        let values: Vec<String> = fields.map(|field| self.value(field.kind, format)).collect();
        match values.is_empty() {
            true => "{ … }".to_owned(),
            false => values.join(" "),
        }
    }

    fn value(&self, id: TypeId, format: Format) -> String {
        match self.grammar.kind(id) {
            Type::Scalar(scalar) => example(scalar, format),
            Type::List(list) if format == Format::Kdl => self.value(list.item, format),
            Type::List(list) => format!("[{}]", self.value(list.item, format)),
            Type::Map(_) => "{ … }".to_owned(),
            Type::Object(object) => {
                let required = object.fields.iter().filter(|field| field.required);
                let keys: Vec<String> = required.map(|field| self.sample(field, format)).collect();
                match keys.is_empty() {
                    true => "{ … }".to_owned(),
                    false => format!("{{ {} }}", keys.join(", ")),
                }
            }
        }
    }
}

fn expected_scalar(scalar: &ScalarType, format: Format) -> String {
    if let Some(text) = scalar.format {
        return text.expected.to_owned();
    }
    let choices: Vec<String> = scalar.choices.iter().map(plain).collect();
    if !choices.is_empty() {
        return format!(
            "one of {}",
            listed(choices.iter().map(String::as_str), "or")
        );
    }
    let words = match (scalar.kind, format) {
        (Some(ScalarKind::Text), _) => "a string",
        (Some(ScalarKind::Integer), _) if scalar.what.as_deref() == Some("status") => {
            "a status from 200 to 599"
        }
        (Some(ScalarKind::Integer), _) => "a whole number",
        (Some(ScalarKind::Number), _) => "a number",
        (Some(ScalarKind::Boolean), Format::Kdl) => "`#true` or `#false`",
        (Some(ScalarKind::Boolean), Format::Yaml) => "`true` or `false`",
        (None, _) => "a value",
    };
    words.to_owned()
}

fn example(scalar: &ScalarType, format: Format) -> String {
    if let Some(text) = scalar.format.and_then(|format| format.examples.first()) {
        return quoted(text);
    }
    match (scalar.choices.first(), scalar.kind, format) {
        (Some(choice), ..) => choice.to_string(),
        (_, Some(ScalarKind::Boolean), Format::Kdl) => "#true".to_owned(),
        (_, Some(ScalarKind::Boolean), Format::Yaml) => "true".to_owned(),
        (_, Some(ScalarKind::Integer | ScalarKind::Number), _) => {
            scalar.minimum.unwrap_or(1).to_string()
        }
        _ => "\"…\"".to_owned(),
    }
}

/// A string in the quotes that KDL and YAML share.
pub fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// A choice without the quotes of JSON.
pub fn plain(choice: &Json) -> String {
    match choice {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
