//! Values that are known at compile time: their filters and escapes are done at once.

use base64::Engine as _;
use gated_engine::program::{Escape, Filter};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The same, with `/` left between path segments.
const PATH: &AsciiSet = &COMPONENT.remove(b'/');

/// The text that a constant becomes.
pub(super) fn render(text: &str, filters: &[Filter], escape: Escape) -> String {
    let value = filters.iter().fold(text.to_owned(), apply);
    let safe = |filter: &Filter| matches!(filter, Filter::Json | Filter::UrlEncode | Filter::Raw);
    match filters.iter().any(safe) {
        true => value,
        false => escaped(&value, escape),
    }
}

fn apply(value: String, filter: &Filter) -> String {
    match filter {
        Filter::Upper => value.to_uppercase(),
        Filter::Lower => value.to_lowercase(),
        Filter::Trim => value.trim().to_owned(),
        Filter::Default(text) if value.is_empty() => text.clone(),
        Filter::Json => serde_json::Value::String(value).to_string(),
        Filter::UrlEncode => utf8_percent_encode(&value, COMPONENT).to_string(),
        Filter::Base64 => base64::engine::general_purpose::STANDARD.encode(value),
        Filter::Truncate(length) => value.chars().take(*length as usize).collect(),
        Filter::Int => value
            .trim()
            .parse::<i64>()
            .map(|n| n.to_string())
            .unwrap_or_default(),
        Filter::Replace(old, new) => value.replace(old.as_str(), new),
        Filter::Length => value.chars().count().to_string(),
        Filter::Date(format) => dated(value, format),
        Filter::Default(_) | Filter::Raw => value,
    }
}

fn dated(value: String, format: &str) -> String {
    match value.parse::<jiff::Timestamp>() {
        Ok(time) => time
            .to_zoned(jiff::tz::TimeZone::UTC)
            .strftime(format)
            .to_string(),
        Err(_) => value,
    }
}

fn escaped(value: &str, escape: Escape) -> String {
    match escape {
        Escape::None => value.to_owned(),
        Escape::Json => {
            let quoted = serde_json::Value::String(value.to_owned()).to_string();
            quoted
                .get(1..quoted.len().saturating_sub(1))
                .unwrap_or("")
                .to_owned()
        }
        Escape::Html => value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        Escape::Header => value
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect(),
        Escape::Url => utf8_percent_encode(value, PATH).to_string(),
    }
}
