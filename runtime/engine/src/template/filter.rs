//! What is done to a value before it is written.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rkyv::vec::ArchivedVec;

use crate::program::ArchivedFilter;

use super::value::{Value, is_whole, quoted};
use super::{RENDER_LIMIT, date, escape};

/// Does the filters in their order. The flag says that the outcome goes in as it is: `raw` says that
/// it is safe.
pub(super) fn apply<'v>(
    filters: &'v ArchivedVec<ArchivedFilter>,
    value: Value<'v>,
) -> (Value<'v>, bool) {
    filters
        .iter()
        .fold((value, false), |(value, raw), filter| match filter {
            ArchivedFilter::Json => (json(&value), raw),
            ArchivedFilter::UrlEncode => (encoded(value), raw),
            ArchivedFilter::Raw => (value, true),
            other => (plain(other, value), raw),
        })
}

/// JSON of JSON is a string that holds it.
fn json<'v>(value: &Value<'v>) -> Value<'v> {
    Value::Written(Cow::Owned(match value {
        Value::Written(json) => quoted(json),
        other => other.json(),
    }))
}

fn encoded(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Missing => Value::Missing,
        value => Value::Encoded(escape::percent_encoded(&value.text()).into_owned()),
    }
}

/// The filters that leave escaping to what follows.
fn plain<'v>(filter: &'v ArchivedFilter, value: Value<'v>) -> Value<'v> {
    match filter {
        ArchivedFilter::Upper => text(value, str::to_uppercase),
        ArchivedFilter::Lower => text(value, str::to_lowercase),
        ArchivedFilter::Trim => text(value, |text| text.trim().to_owned()),
        ArchivedFilter::Default(default) if value.is_empty() => {
            Value::Text(Cow::Borrowed(default.as_str()))
        }
        ArchivedFilter::DefaultWhole(default) if value.is_empty() => {
            Value::Whole(default.to_native().into())
        }
        ArchivedFilter::Number => match value {
            Value::Text(text) if is_whole(&text) => Value::Written(text),
            value => value,
        },
        ArchivedFilter::Base64 if !matches!(value, Value::Missing) => {
            owned(STANDARD.encode(value.bytes()))
        }
        ArchivedFilter::Truncate(count) => {
            let count = usize::try_from(count.to_native()).unwrap_or(usize::MAX);
            text(value, |text| text.chars().take(count).collect())
        }
        ArchivedFilter::Date(format) => match date::format(format, &value) {
            Some(formatted) => owned(formatted),
            None => value,
        },
        ArchivedFilter::Int => whole(&value).map_or(Value::Missing, Value::Whole),
        ArchivedFilter::Replace(from, to) => text(value, |text| replace(text, from, to)),
        ArchivedFilter::Length => Value::Whole(i128::try_from(length(&value)).unwrap_or(i128::MAX)),
        _ => value,
    }
}

/// How many items a list of JSON has, how many keys an object, and how many characters any text.
fn length(value: &Value<'_>) -> usize {
    match value {
        Value::Json(serde_json::Value::Array(items)) => items.len(),
        Value::Json(serde_json::Value::Object(keys)) => keys.len(),
        other => other.text().chars().count(),
    }
}

/// Changes the text of a value; what is missing stays missing, and what is percent-encoded counts as
/// that still.
fn text<'v>(value: Value<'v>, change: impl FnOnce(&str) -> String) -> Value<'v> {
    match value {
        Value::Missing => Value::Missing,
        Value::Encoded(text) => Value::Encoded(change(&text)),
        value => owned(change(&value.text())),
    }
}

fn owned<'v>(text: String) -> Value<'v> {
    Value::Text(Cow::Owned(text))
}

fn whole(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Whole(number) => Some(*number),
        other => other.text().trim().parse().ok(),
    }
}

/// Like `str::replace`, but a text that would grow beyond all measure ends early.
fn replace(text: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    for (index, piece) in text.split(from).enumerate() {
        if index > 0 {
            out.push_str(to);
        }
        out.push_str(piece);
        if out.len() > RENDER_LIMIT {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_counted_by_item_and_text_by_character() {
        for (json, expected) in [
            (serde_json::json!([1, "two", []]), 3),
            (serde_json::json!({"a": 1, "b": [1, 2, 3]}), 2),
            (serde_json::json!("gr\u{fc}n"), 4),
            (serde_json::json!(null), 0),
            (serde_json::json!(1200), 4),
        ] {
            assert_eq!(length(&Value::Json(&json)), expected, "{json}");
        }
        assert_eq!(length(&Value::Body(b"[1, 2]")), 6);
    }

    #[test]
    fn replacing_stays_within_the_limit() {
        let text = "a".repeat(1000);
        let grown = replace(&text, "a", &"b".repeat(1024 * 1024));
        assert!(grown.len() < RENDER_LIMIT + 2 * 1024 * 1024);
        assert_eq!(replace("a-b-c", "-", "+"), "a+b+c");
    }
}
