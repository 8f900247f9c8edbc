//! Methods, statuses, header names and values (RFC 9110).

use serde::{Deserialize, Serialize};

use super::{Format, text_value};

text_value! {
    /// A request method, in upper case as it is sent.
    Method, METHOD = "method", "a method, such as `GET`", ["GET", "POST", "PUT", "PATCH", "DELETE"],
    check_method
}

impl Method {
    /// A method that is known to be right.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// The methods of RFC 9110 and RFC 5789.
pub const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

/// Words that say "any method" elsewhere, and never are one.
const ANY_METHOD: &[&str] = &["*", "ANY", "ALL", "ANY_METHOD", "ALL_METHODS"];

fn check_method(text: &str) -> Result<(), String> {
    if ANY_METHOD.contains(&text.to_ascii_uppercase().as_str()) {
        return Err(format!(
            "`{text}` is not a method; where every method is meant, leave it out"
        ));
    }
    if text.contains(['|', ',', ' ', ';']) && listed_methods(text).len() > 1 {
        return Err(format!(
            "`{text}` is several methods in one text; each is a value of its own"
        ));
    }
    if text.contains('*') {
        return Err(format!(
            "`{text}` is not a method; a method is written out, or left out where every one is meant"
        ));
    }
    if !is_token(text) {
        return Err(format!(
            "`{text}` is not a method; expected a word such as `GET`"
        ));
    }
    let upper = text.to_ascii_uppercase();
    if METHODS.contains(&upper.as_str()) && text != upper {
        return Err(format!("methods are written in upper case: `{upper}`"));
    }
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(format!(
            "`{text}` is not a method; methods are written in upper case, such as `GET`"
        ));
    }
    Ok(())
}

/// The methods of a text that holds several, as `GET|POST` and `get, post` do; empty where a part of
/// it is no method.
pub fn listed_methods(text: &str) -> Vec<String> {
    let parts = text.split(['|', ',', ' ', ';']);
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let is_word = |part: &String| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    };
    match parts.iter().all(is_word) && parts.iter().all(|part| check_method(part).is_ok()) {
        true => parts,
        false => Vec::new(),
    }
}

/// A token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

text_value! {
    /// The name of a header.
    HeaderName, HEADER_NAME = "header-name", "a header name, such as `x-request-id`",
    ["x-request-id", "content-type"],
    |text| match is_token(text) {
        true => Ok(()),
        false => Err(format!("`{text}` is not a header name: letters, digits and `-` are")),
    }
}

impl HeaderName {
    /// A name that is known to be right.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

text_value! {
    /// The value of a header, without templates.
    HeaderValue, HEADER_VALUE = "header-value", "a header value: one line of text", ["public, max-age=3600"],
    |text| match http::HeaderValue::from_str(text) {
        Ok(_) => Ok(()),
        Err(_) => Err("a header value is one line without control characters".to_owned()),
    }
}

text_value! {
    /// Media types: one, all of a type, or all with a suffix.
    MediaRange, MEDIA_RANGE = "media-range", "a media type, such as `text/html`, `text/*` or `application/*+json`",
    ["text/html", "text/*", "application/*+json"],
    check_media_range
}

/// A type and a subtype (RFC 9110, section 8.3.1); `*` stands for any subtype, for what is before a
/// suffix (RFC 6838, section 4.2.8), and, in `*/*`, for all.
fn check_media_range(text: &str) -> Result<(), String> {
    if text.contains(';') {
        return Err(format!(
            "`{text}` has parameters; media types are compared without them"
        ));
    }
    let sound = text.split_once('/').is_some_and(|(kind, subtype)| {
        let kind_is_sound = is_token(kind) && (!kind.contains('*') || text == "*/*");
        let rest = match subtype.strip_prefix('*') {
            Some("") => return kind_is_sound,
            Some(suffix) => suffix.strip_prefix('+').unwrap_or(""),
            None => subtype,
        };
        kind_is_sound && is_token(rest) && !rest.contains('*')
    });
    match sound {
        true => Ok(()),
        false => Err(format!(
            "`{text}` is not a media type: a type and a subtype with `/` between them are, such as `text/html`, `text/*` or `application/*+json`"
        )),
    }
}

pub(super) const COOKIE_NAME: Format = Format {
    name: "cookie-name",
    expected: "a cookie name, such as `sid`",
    examples: &["sid"],
    check: |text| match is_token(text) {
        true => Ok(()),
        false => Err(format!(
            "`{text}` is not a cookie name: letters, digits, `-` and `_` are"
        )),
    },
};

pub(super) const ERROR_STATUS: Format = Format {
    name: "error-status",
    expected: "an error status from 400 to 599, or `4xx`, `5xx`",
    examples: &["404", "5xx"],
    check: |text| match text {
        "4xx" | "5xx" => Ok(()),
        _ if text.len() == 3
            && text
                .parse::<u16>()
                .is_ok_and(|code| (400..600).contains(&code)) =>
        {
            Ok(())
        }
        _ => Err(format!(
            "`{text}` is not an error status: expected 400 to 599, `4xx` or `5xx`"
        )),
    },
};

/// A response status from 200 to 599.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Status(u16);

impl Status {
    /// 200.
    pub const OK: Status = Status(200);
    /// 307.
    pub const TEMPORARY_REDIRECT: Status = Status(307);

    /// The number.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Status {
    type Error = String;
    fn try_from(code: u16) -> Result<Self, String> {
        match (200..600).contains(&code) {
            true => Ok(Self(code)),
            false => Err(format!("`{code}` is not a status: expected 200 to 599")),
        }
    }
}

impl From<Status> for u16 {
    fn from(status: Status) -> u16 {
        status.0
    }
}

impl schemars::JsonSchema for Status {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Status".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 200, "maximum": 599, "x-what": "status" })
    }
    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_upper_case() {
        assert_eq!(
            check_method("get").unwrap_err(),
            "methods are written in upper case: `GET`"
        );
        assert!(check_method("PURGE").is_ok());
        assert!(check_method("GE T").is_err());
    }
}
