//! Patterns over text and JSON.

use super::text_value;

text_value! {
    /// A regular expression of the linear-time kind, matched against the whole text.
    Pattern, REGEX = "linear-regex", "a regular expression without look-around or back-references",
    ["v[0-9]+", "/v(?<version>[0-9]+)/.*"],
    check_regex
}

/// Compiled size of a pattern is bounded by the engine; here only its text is.
const MAX_REGEX: usize = 4096;

fn check_regex(text: &str) -> Result<(), String> {
    if text.len() > MAX_REGEX {
        return Err(format!(
            "a regular expression is at most {MAX_REGEX} bytes long"
        ));
    }
    match regex_syntax::Parser::new().parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(regex_words(&error)),
    }
}

/// The parser's own sentence, without its drawing of the pattern.
fn regex_words(error: &regex_syntax::Error) -> String {
    let (kind, span) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), *error.span()),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span()),
        _ => return "not a regular expression".to_owned(),
    };
    let hint = if kind.contains("look-around") || kind.contains("backreferences") {
        "; only what runs in linear time is taken"
    } else {
        ""
    };
    format!(
        "not a regular expression, at character {}: {kind}{hint}",
        span.start.column
    )
}

text_value! {
    /// A JSON path (RFC 9535).
    JsonPath, JSON_PATH = "json-path", "a JSON path, such as `$.user.id`", ["$.user.id", "$.items[*].sku"],
    |text| match text.starts_with('$') {
        true => Ok(()),
        false => Err(format!("`{text}` is not a JSON path: it begins with `$`, as in `$.user.id`")),
    }
}

text_value! {
    /// JSON, written as text.
    JsonText, JSON_TEXT = "json-text", "JSON, such as `{\"id\": 7}`", ["{\"id\": 7}"],
    |text| match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("not JSON: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_linear_time_expressions_are_taken() {
        assert!(check_regex("v[0-9]+").is_ok());
        assert!(check_regex("(?=x)").unwrap_err().contains("linear time"));
        assert!(check_regex(r"(a)\1").unwrap_err().contains("linear time"));
        assert!(
            check_regex("(")
                .unwrap_err()
                .starts_with("not a regular expression, at character 1")
        );
    }
}
