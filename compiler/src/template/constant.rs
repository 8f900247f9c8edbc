//! Values that are known at compile time: their filters and escapes are done at once.

use base64::Engine as _;
use gated_engine::program::{Escape, Filter};
use gated_engine::template::{escape_json, escape_text};

/// What a constant is on its way through the filters, as the engine has it.
enum Value {
    Text(String),
    /// Nothing.
    Missing,
    /// JSON.
    Json(String),
    /// A whole number.
    Whole(String),
    /// Percent-encoded.
    Encoded(String),
}

impl Value {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Json(text) | Self::Whole(text) | Self::Encoded(text) => text,
            Self::Missing => "",
        }
    }

    /// Changes the text; what is percent-encoded counts as that still.
    fn map(self, change: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Missing => Self::Missing,
            Self::Encoded(text) => Self::Encoded(change(&text)),
            other => Self::Text(change(other.text())),
        }
    }
}

/// The text that a constant becomes.
pub(super) fn render(text: &str, filters: &[Filter], escape: Escape) -> String {
    let value = filters
        .iter()
        .fold(Value::Text(text.to_owned()), |value, filter| {
            apply(value, filter)
        });
    let mut out = String::new();
    match (&value, escape) {
        _ if filters.contains(&Filter::Raw) => out.push_str(value.text()),
        (Value::Missing, Escape::JsonValue | Escape::ScriptValue) => out.push_str("null"),
        (Value::Json(json) | Value::Whole(json), _) => escape_json(escape, json, &mut out),
        (Value::Encoded(text), Escape::Url | Escape::UrlPart | Escape::Cookie) => {
            out.push_str(text);
        }
        _ => escape_text(escape, value.text(), &mut out),
    }
    out
}

fn apply(value: Value, filter: &Filter) -> Value {
    match filter {
        Filter::Upper => value.map(str::to_uppercase),
        Filter::Lower => value.map(str::to_lowercase),
        Filter::Trim => value.map(|text| text.trim().to_owned()),
        Filter::Default(text) if value.text().is_empty() => Value::Text(text.clone()),
        Filter::DefaultWhole(number) if value.text().is_empty() => Value::Whole(number.to_string()),
        Filter::Json => match value {
            Value::Missing => Value::Json("null".to_owned()),
            Value::Whole(number) => Value::Json(number),
            other => Value::Json(escaped(Escape::JsonValue, other.text())),
        },
        Filter::UrlEncode if matches!(value, Value::Missing) => value,
        Filter::UrlEncode => Value::Encoded(escaped(Escape::UrlPart, value.text())),
        Filter::Base64 if matches!(value, Value::Missing) => value,
        Filter::Base64 => {
            Value::Text(base64::engine::general_purpose::STANDARD.encode(value.text()))
        }
        Filter::Truncate(length) => value.map(|text| text.chars().take(*length as usize).collect()),
        Filter::Int => match value.text().trim().parse::<i128>() {
            Ok(number) => Value::Whole(number.to_string()),
            Err(_) => Value::Missing,
        },
        Filter::Replace(old, new) => value.map(|text| text.replace(old.as_str(), new)),
        Filter::Length => Value::Whole(value.text().chars().count().to_string()),
        Filter::Date(format) => dated(value, format),
        Filter::Default(_) | Filter::DefaultWhole(_) | Filter::Number | Filter::Raw => value,
    }
}

fn escaped(escape: Escape, text: &str) -> String {
    let mut out = String::new();
    escape_text(escape, text, &mut out);
    out
}

fn dated(value: Value, format: &str) -> Value {
    match value.text().trim().parse::<jiff::Timestamp>() {
        Ok(time) => Value::Text(
            time.to_zoned(jiff::tz::TimeZone::UTC)
                .strftime(format)
                .to_string(),
        ),
        Err(_) => value,
    }
}
