//! A value that is there but wrong: in what way, and how to mend it where that is certain.

use gatec_syntax::{Diagnostic, Node, Number, Value};

use super::meant::{self, Meant};
use super::sentence;
use crate::load::Format;
use crate::shape::grammar::{Field, ScalarKind, ScalarType, Type, TypeId};
use crate::shape::names::nearest;
use crate::shape::rules::{out_of_range, status, unknown_value, wrong_format, wrong_type};
use crate::shape::words::{Context, plain, quoted};

/// A wrong value with what was expected in its place.
pub(super) struct Wrong<'a> {
    pub(super) context: Context<'a>,
    pub(super) kind: TypeId,
    pub(super) node: &'a Node,
    pub(super) format: Format,
}

impl Wrong<'_> {
    /// Nothing where a template without quotes is the cause, which the front end has told.
    pub(super) fn of_type(&self) -> Option<Diagnostic> {
        let words = self.context.sources.slice(self.node.span);
        if self.format == Format::Yaml && words.starts_with("{{") && words.ends_with("}}") {
            return None;
        }
        let expected = self.context.expected(self.kind, self.format);
        let found = wrong_type::found(self.node.span, &expected, &self.context.found(self.node));
        let mend = match self.context.is_literal(self.node.span) {
            true => self.mended(),
            false => None,
        };
        Some(match (mend, self.meant_number(), self.right_form()) {
            (Some(text), ..) => found.fix(format!("write `{text}`"), self.node.span, text),
            (None, Some(meant), _) => self.offer(found, meant),
            (None, None, Some(form)) => found.help(format!("write for example `{form}`")),
            (None, None, None) => match self.habit() {
                Some(help) => found.help(help),
                None => found,
            },
        })
    }

    /// What a bare number was meant to be where a unit is expected.
    fn meant_number(&self) -> Option<Meant> {
        let format = self.context.grammar.scalar(self.kind)?.format?;
        match self.node.value {
            Value::Number(Number::Integer(number)) => meant::number(format, number),
            _ => None,
        }
    }

    /// What to write instead, as a mend where it is certain; what came from outside is not shown.
    fn offer(&self, found: Diagnostic, meant: Meant) -> Diagnostic {
        if !self.context.is_literal(self.node.span) {
            return found;
        }
        match meant {
            Meant::Surely(text) => {
                let text = quoted(&text);
                found.fix(format!("write `{text}`"), self.node.span, text)
            }
            Meant::Either(one, other) => {
                found.help(format!("write `{}` or `{}`", quoted(&one), quoted(&other)))
            }
        }
    }

    /// An example in YAML of an object, and of a list of some: that each stands in the list is easily
    /// forgotten.
    fn right_form(&self) -> Option<String> {
        let (item, listed) = match self.context.grammar.kind(self.kind) {
            Type::List(list) => (list.item, true),
            _ => (self.kind, false),
        };
        let object = self.context.grammar.object(item)?;
        let row = object.arguments.iter().max_by_key(|row| row.len())?;
        let fields = row
            .iter()
            .filter_map(|argument| object.fields.get(argument.field));
        let keys: Vec<String> = fields
            .map(|field| self.context.sample(field, Format::Yaml))
            .collect();
        let form = format!("{{{}}}", keys.join(", "));
        (self.format == Format::Yaml && !keys.is_empty()).then(|| match listed {
            true => format!("[{form}]"),
            false => form,
        })
    }

    /// What to do about a value as other formats have it.
    fn habit(&self) -> Option<String> {
        let kind = self.context.grammar.kind(self.kind);
        match (kind, &self.node.value, self.format) {
            (Type::Map(_), Value::Array(_), Format::Yaml) => Some(
                "each stands under its name, not in a list: `name: …` instead of `- name: …`"
                    .to_owned(),
            ),
            (Type::Scalar(scalar), Value::Object(_) | Value::Array(_), Format::Yaml)
                if scalar.kind == Some(ScalarKind::Text) =>
            {
                let words = self.context.sources.slice(self.node.span);
                let json = serde_json::from_str::<serde::de::IgnoredAny>(words).is_ok();
                Some(match json && !words.contains(['\n', '\'']) {
                    true => format!("JSON is written as text: `'{words}'`"),
                    false => "this is text: write it in quotes, or in lines of its own after `|`"
                        .to_owned(),
                })
            }
            _ => None,
        }
    }

    /// The value as it was surely meant, in the words of its language.
    fn mended(&self) -> Option<String> {
        let words = self.context.sources.slice(self.node.span);
        match (self.context.grammar.kind(self.kind), &self.node.value) {
            (Type::Scalar(scalar), value) => self.mended_scalar(scalar, value, words),
            (Type::List(list), Value::String(text)) if self.format == Format::Yaml => {
                let item = self.context.grammar.scalar(list.item)?;
                let sound = item.kind == Some(ScalarKind::Text) && fits(item, text);
                (sound && !words.contains('\n')).then(|| format!("[{words}]"))
            }
            (Type::Object(object), Value::Number(Number::Integer(_)))
                if self.format == Format::Yaml =>
            {
                let whole = |field: &&Field| {
                    let scalar = self.context.grammar.scalar(field.kind);
                    scalar.is_some_and(|scalar| scalar.kind == Some(ScalarKind::Integer))
                };
                let rows = object.arguments.iter().filter(|row| row.len() == 1);
                let field = rows
                    .filter_map(|row| object.fields.get(row.first()?.field))
                    .find(whole)?;
                Some(format!("{{{}: {words}}}", field.key))
            }
            (Type::Object(object), Value::String(text)) if self.format == Format::Yaml => {
                if object.arguments.is_empty() && object.key("servers").is_some() {
                    let is_url = text.contains("://") && !words.contains('\n');
                    return is_url.then(|| format!("{{servers: [{{url: {}}}]}}", quoted(text)));
                }
                let only = object
                    .arguments
                    .iter()
                    .find(|row| row.len() == 1)?
                    .first()?;
                let field = object.fields.get(only.field)?;
                let scalar = self.context.grammar.scalar(field.kind)?;
                let sound = scalar.kind == Some(ScalarKind::Text) && fits(scalar, text);
                (sound && !words.contains('\n')).then(|| format!("{{{}: {words}}}", field.key))
            }
            _ => None,
        }
    }

    fn mended_scalar(&self, scalar: &ScalarType, value: &Value, words: &str) -> Option<String> {
        match (scalar.kind?, value) {
            (ScalarKind::Text, Value::Number(Number::Integer(_)) | Value::Bool(_)) => {
                let words = words.trim_start_matches('#');
                fits(scalar, words).then(|| quoted(words))
            }
            (ScalarKind::Integer, Value::String(text)) => {
                let whole: i64 = text.trim().parse().ok()?;
                let low = scalar.minimum.is_none_or(|low| whole >= low);
                let high = scalar.maximum.is_none_or(|high| whole <= high);
                (low && high).then(|| whole.to_string())
            }
            (ScalarKind::Boolean, Value::String(text)) => match (text.as_str(), self.format) {
                ("true" | "yes" | "on" | "#true", Format::Kdl) => Some("#true".to_owned()),
                ("false" | "no" | "off" | "#false", Format::Kdl) => Some("#false".to_owned()),
                ("true" | "yes" | "on", Format::Yaml) => Some("true".to_owned()),
                ("false" | "no" | "off", Format::Yaml) => Some("false".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn no_choice(&self) -> Diagnostic {
        let scalar = self.context.grammar.scalar(self.kind);
        let known: Vec<String> = scalar.map_or(Vec::new(), |scalar| {
            scalar.choices.iter().map(plain).collect()
        });
        let near = self.node.as_str().and_then(|text| {
            let known = || known.iter().map(String::as_str);
            meant::choice(text, known()).or_else(|| nearest(text, known()))
        });
        let span = self.node.span;
        let found = unknown_value::unknown(span, &self.context.found(self.node), &known, near);
        match near.filter(|near| near.certain && self.context.is_literal(span)) {
            Some(near) => {
                let text = match self.format {
                    Format::Kdl => quoted(near.name),
                    Format::Yaml => near.name.to_owned(),
                };
                found.fix(format!("write `{text}`"), span, text)
            }
            None => found,
        }
    }

    pub(super) fn of_format(&self, name: &str) -> Diagnostic {
        let text = self.node.as_str().unwrap_or_default();
        let found = wrong_format(self.node.span, name, sentence(name, text));
        let upper = text.to_ascii_uppercase();
        let known = gatec_schema::FORMATS
            .iter()
            .find(|known| known.name == name && name == "method");
        if let Some(meant) = meant::text(name, text) {
            return self.offer(found, meant);
        }
        if name == "server-url"
            && let Some(variable) = meant::variable(text)
        {
            return found.help(self.taken_outside(variable));
        }
        if name == "method"
            && let Some(help) = self.methods(text)
        {
            return found.help(help);
        }
        match known.filter(|known| (known.check)(&upper).is_ok() && upper != text) {
            Some(_) if self.context.is_literal(self.node.span) => {
                let text = match self.format {
                    Format::Kdl => quoted(&upper),
                    Format::Yaml => upper,
                };
                found.fix(format!("write `{text}`"), self.node.span, text)
            }
            _ => found,
        }
    }

    /// How a whole value is taken from a variable.
    fn taken_outside(&self, variable: &str) -> String {
        let written = match self.format {
            Format::Kdl => format!("(env)\"{variable}\""),
            Format::Yaml => format!("!env {variable}"),
        };
        format!("to take the whole URL from a variable, write `{written}`")
    }

    /// How several methods, or all of them, are written.
    fn methods(&self, text: &str) -> Option<String> {
        let several = gatec_schema::value::listed_methods(text);
        if several.len() > 1 {
            let quoted: Vec<String> = several.iter().map(|one| quoted(one)).collect();
            return Some(match self.format {
                Format::Kdl => format!(
                    "in the block of `match`, write `method {}`",
                    quoted.join(" ")
                ),
                Format::Yaml => format!("write `method: [{}]`", several.join(", ")),
            });
        }
        if text.contains(['/', '~']) || text.starts_with("*.") {
            // One value alone was taken for a method, since it is no path.
            return Some(
                gatec_schema::value::parse_path(text)
                    .err()
                    .unwrap_or_else(|| {
                        "the method stands before the path: `match \"GET\" \"/path\"`".to_owned()
                    }),
            );
        }
        let upper = text.to_ascii_uppercase();
        matches!(upper.as_str(), "*" | "ANY" | "ALL").then(|| match self.format {
            Format::Kdl => {
                "a `match` without a method takes every one: `match \"/path\"`".to_owned()
            }
            Format::Yaml => "a `match` without `method` takes every one".to_owned(),
        })
    }

    pub(super) fn out_of_range(&self) -> Diagnostic {
        let shown = format!("`{}`", self.context.shown(self.node.span));
        match self.context.grammar.scalar(self.kind) {
            Some(scalar) if scalar.what.as_deref() == Some("status") => {
                status::number(self.node.span, &shown)
            }
            Some(scalar) => {
                out_of_range::number(self.node.span, &shown, scalar.minimum, scalar.maximum)
            }
            None => out_of_range::number(self.node.span, &shown, None, None),
        }
    }
}

/// Whether a text would be right for a scalar.
fn fits(scalar: &ScalarType, text: &str) -> bool {
    let chosen =
        scalar.choices.is_empty() || scalar.choices.iter().any(|choice| plain(choice) == text);
    chosen
        && scalar
            .format
            .is_none_or(|format| (format.check)(text).is_ok())
}
