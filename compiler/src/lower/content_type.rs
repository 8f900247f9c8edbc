//! Which content type a body has, and how values in it are made safe.

use gatec_schema::Map;
use gatec_schema::value::Template;

use crate::template::Place;

/// The content type of a file by its name. Text is UTF-8.
pub fn of_file(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let essence = guess.essence_str();
    match guess.type_() == mime_guess::mime::TEXT || essence == "application/javascript" {
        true => format!("{essence}; charset=utf-8"),
        false => essence.to_owned(),
    }
}

/// The content type of a text for which none was written: JSON where it is a JSON object or list
/// (each expression standing for any value), plain text otherwise.
pub fn of_text(text: &str) -> &'static str {
    match is_json_container(&without_expressions(text)) {
        true => "application/json",
        false => "text/plain; charset=utf-8",
    }
}

fn is_json_container(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The text with `0` in the place of each expression: right in JSON inside and outside of strings.
fn without_expressions(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        plain.push_str(before);
        match behind.split_once("}}") {
            Some((_, after)) => {
                plain.push('0');
                rest = after;
            }
            None => return text.to_owned(),
        }
    }
    plain.push_str(rest);
    plain
}

/// The `content-type` that was written, if any.
pub fn written(headers: &Map<Template>) -> Option<&str> {
    let found = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.map(|(_, value)| value.as_str())
}

/// The type itself, in lower case, without parameters.
pub fn essence(content_type: &str) -> String {
    content_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase()
}

/// Whether a content type is JSON.
pub fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// What a body of this type is, for the values that go into it.
pub fn place(content_type: &str) -> Place {
    match essence(content_type).as_str() {
        _ if is_json(content_type) => Place::Json,
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Place::JsonLines,
        "text/html" | "text/xml" | "application/xml" => Place::Html,
        essence if essence.ends_with("+xml") => Place::Html,
        "text/javascript" | "application/javascript" => Place::Script,
        "application/x-www-form-urlencoded" => Place::Form,
        _ => Place::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_files() {
        assert_eq!(
            of_text(r#"{"id": {{ path.id }}, "name": "{{ path.name }}"}"#),
            "application/json"
        );
        assert_eq!(of_text("[]"), "application/json");
        assert_eq!(of_text("{{ path.id }}"), "text/plain; charset=utf-8");
        assert_eq!(of_text("[note] hello"), "text/plain; charset=utf-8");
        assert_eq!(of_text("7"), "text/plain; charset=utf-8");
        assert_eq!(of_file("a/b.html"), "text/html; charset=utf-8");
        assert_eq!(of_file("a.json"), "application/json");
        assert_eq!(of_file("a.woff2"), "font/woff2");
        assert_eq!(of_file("LICENSE"), "application/octet-stream");
    }

    #[test]
    fn places() {
        for (content_type, expected) in [
            ("application/problem+json; charset=utf-8", Place::Json),
            ("application/x-ndjson", Place::JsonLines),
            ("Text/HTML", Place::Html),
            ("image/svg+xml", Place::Html),
            ("text/javascript; charset=utf-8", Place::Script),
            ("application/x-www-form-urlencoded", Place::Form),
            ("text/plain", Place::Plain),
        ] {
            assert_eq!(place(content_type), expected, "{content_type}");
        }
    }
}
