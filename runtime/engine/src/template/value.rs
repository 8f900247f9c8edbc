//! A value on its way through the filters: it keeps its kind as long as it can, so that a number of a
//! JSON body is still a number for the `json` filter, and a time still a time for `date`.

use std::borrow::Cow;

use jiff::Timestamp;

pub(super) enum Value<'v> {
    /// Not there.
    Missing,
    /// Text.
    Text(Cow<'v, str>),
    /// The request's body.
    Body(&'v [u8]),
    /// A part of a JSON body.
    Json(&'v serde_json::Value),
    /// JSON as text, made by the `json` filter; or a number.
    Written(Cow<'v, str>),
    /// Text that is percent-encoded already.
    Encoded(String),
    /// A whole number.
    Whole(i128),
    /// A moment.
    Time(Timestamp),
}

impl<'v> Value<'v> {
    pub(super) fn from_option(text: Option<Cow<'v, str>>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }

    /// The value as text: JSON strings without their quotes, JSON null as nothing, times in RFC 3339,
    /// bytes that are no UTF-8 as replacement characters.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Missing | Self::Json(serde_json::Value::Null) => Cow::Borrowed(""),
            Self::Text(text) | Self::Written(text) => Cow::Borrowed(text),
            Self::Encoded(text) => Cow::Borrowed(text),
            Self::Body(bytes) => String::from_utf8_lossy(bytes),
            Self::Json(serde_json::Value::String(text)) => Cow::Borrowed(text),
            Self::Json(value) => Cow::Owned(value.to_string()),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Time(time) => Cow::Owned(time.to_string()),
        }
    }

    /// The bytes behind the text.
    pub(super) fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Body(bytes) => Cow::Borrowed(bytes),
            other => match other.text() {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Missing | Self::Json(serde_json::Value::Null) => true,
            Self::Text(text) | Self::Written(text) => text.is_empty(),
            Self::Encoded(text) => text.is_empty(),
            Self::Body(bytes) => bytes.is_empty(),
            Self::Json(serde_json::Value::String(text)) => text.is_empty(),
            Self::Json(_) | Self::Whole(_) | Self::Time(_) => false,
        }
    }

    /// The value as JSON. A body that is JSON stays as it was sent.
    pub(super) fn json(&self) -> String {
        match self {
            Self::Written(json) => json.clone().into_owned(),
            Self::Missing => "null".to_owned(),
            Self::Json(value) => value.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Body(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if is_json(text) => text.trim().to_owned(),
                _ => quoted(&self.text()),
            },
            Self::Text(_) | Self::Encoded(_) | Self::Time(_) => quoted(&self.text()),
        }
    }

    /// Writes the text as it is.
    pub(super) fn write(&self, out: &mut String) {
        out.push_str(&self.text());
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Whether a text is a whole number exactly as JSON writes it: no `+`, no zeros in front.
pub(super) fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// A text as a JSON string, with its quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
