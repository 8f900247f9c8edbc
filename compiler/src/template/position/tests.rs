//! How values are made safe, by where they stand.

use gated_engine::program::Escape;

use super::{Place, Position};

/// The escape at each `@` of a text.
fn escapes(place: Place, text: &str) -> Vec<Escape> {
    let mut position = Position::new(place);
    let mut found = Vec::new();
    for (number, piece) in text.split('@').enumerate() {
        if number > 0 {
            found.push(position.escape());
        }
        position.text(piece);
    }
    found
}

#[test]
fn json_tells_strings_from_values() {
    use Escape::{Json, JsonValue};
    assert_eq!(
        escapes(Place::Json, r#"{"a@": @, "b\"@": "@\\", "c": @}"#),
        [Json, JsonValue, Json, Json, JsonValue]
    );
}

#[test]
fn html_tells_text_from_tags_and_scripts() {
    use Escape::{Attribute, Html, Script, ScriptValue};
    let table: [(&str, &[Escape]); 8] = [
        ("<b>@</b>@", &[Html, Html]),
        ("<a href=@ title='@' @>", &[Attribute, Html, Attribute]),
        ("1 < 2 @", &[Html]),
        ("<!-- <script> @ --> @", &[Html, Html]),
        (
            "<SCRIPT src=\"a>b\">var a = @, b = '@'; // it's @\nf(@)</Script> @",
            &[ScriptValue, Script, Script, ScriptValue, Html],
        ),
        ("<script>a = \"x</script>@\"", &[Html]),
        ("<scripts>@</scripts>", &[Html]),
        ("<script src='x'/>@", &[Html]),
    ];
    for (text, expected) in table {
        assert_eq!(escapes(Place::Html, text), expected, "{text}");
    }
}

#[test]
fn scripts_tell_code_from_strings_and_comments() {
    use Escape::{Script, ScriptValue};
    let table: [(&str, &[Escape]); 4] = [
        (
            "a = @ / 2; /* it's @ */ @",
            &[ScriptValue, Script, ScriptValue],
        ),
        ("`\n@` + '\\'@' + @", &[Script, Script, ScriptValue]),
        ("'open\n@", &[ScriptValue]),
        ("/** @ **/ @", &[Script, ScriptValue]),
    ];
    for (text, expected) in table {
        assert_eq!(escapes(Place::Script, text), expected, "{text}");
    }
}

#[test]
fn urls_tell_the_host_from_the_rest() {
    use Escape::{Url, UrlPart};
    let table: [(&str, &[Escape]); 7] = [
        ("@", &[Url]),
        ("/a/@?q=@", &[Url, Url]),
        ("https://@.shop.example/@", &[UrlPart, Url]),
        ("//@?@", &[UrlPart, Url]),
        ("@://@/x", &[Url, UrlPart]),
        ("/to?u=https://x@", &[Url]),
        ("https://a:@x@/@", &[UrlPart, UrlPart, Url]),
    ];
    for (text, expected) in table {
        assert_eq!(escapes(Place::Url, text), expected, "{text}");
    }
}
