//! Which content type a body has, and how values in it are made safe.

use gatec_schema::Map;
use gatec_schema::value::Template;
use gated_engine::program::Escape;

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

/// How values are made safe in a body of this type.
pub fn escape(content_type: &str) -> Escape {
    let essence = essence(content_type);
    let markup = ["text/html", "text/xml", "application/xml"].contains(&essence.as_str());
    match () {
        () if is_json(content_type) => Escape::Json,
        () if markup || essence.ends_with("+xml") => Escape::Html,
        () => Escape::None,
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
    fn escapes() {
        assert_eq!(
            escape("application/problem+json; charset=utf-8"),
            Escape::Json
        );
        assert_eq!(escape("Text/HTML"), Escape::Html);
        assert_eq!(escape("image/svg+xml"), Escape::Html);
        assert_eq!(escape("text/plain"), Escape::None);
    }
}
