//! Makes a value safe for where it goes in, so that no request can break out of its place: not out of
//! a JSON string, not out of HTML text, not into a second header, not into another part of a URL.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::value::quoted;
use crate::program::{ArchivedEscape, Escape};

/// Everything but unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is no `cookie-octet` (RFC 6265, section 4.1.1).
const NO_COOKIE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');

impl From<&ArchivedEscape> for Escape {
    fn from(archived: &ArchivedEscape) -> Self {
        match archived {
            ArchivedEscape::None => Self::None,
            ArchivedEscape::Json => Self::Json,
            ArchivedEscape::JsonValue => Self::JsonValue,
            ArchivedEscape::Script => Self::Script,
            ArchivedEscape::ScriptValue => Self::ScriptValue,
            ArchivedEscape::Html => Self::Html,
            ArchivedEscape::Attribute => Self::Attribute,
            ArchivedEscape::Header => Self::Header,
            ArchivedEscape::Cookie => Self::Cookie,
            ArchivedEscape::Url => Self::Url,
            ArchivedEscape::UrlPart => Self::UrlPart,
        }
    }
}

/// Writes a text, made safe.
pub fn text(escape: Escape, text: &str, out: &mut String) {
    match escape {
        Escape::None => out.push_str(text),
        Escape::Json => json_inside(text, out),
        Escape::JsonValue | Escape::ScriptValue => json(escape, &quoted(text), out),
        Escape::Script => script(text, out),
        Escape::Html => html(text, out),
        Escape::Attribute => attribute(text, out),
        Escape::Header => header(text, out),
        Escape::Cookie => out.extend(utf8_percent_encode(text, NO_COOKIE)),
        Escape::Url => url(text, out),
        Escape::UrlPart => out.extend(utf8_percent_encode(text, RESERVED)),
    }
}

/// Writes JSON: as it is where a JSON value may stand, as any other text elsewhere. Within HTML the
/// characters that mean something there are written as escapes, which only strings can hold.
pub fn json(escape: Escape, json: &str, out: &mut String) {
    match escape {
        Escape::JsonValue => out.push_str(json),
        Escape::ScriptValue => {
            let special = |c| matches!(c, '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}');
            unicode_escaped(json, special, out);
        }
        other => text(other, json, out),
    }
}

/// The inside of a JavaScript string in any quotes, in a script of HTML or of XML.
fn script(text: &str, out: &mut String) {
    let special = |c: char| c.is_control() || "\"'`\\<>&/$\u{2028}\u{2029}".contains(c);
    unicode_escaped(text, special, out);
}

fn unicode_escaped(text: &str, special: impl Fn(char) -> bool, out: &mut String) {
    for character in text.chars() {
        match special(character) {
            // Writing to a string cannot fail.
            true => drop(write!(out, "\\u{:04x}", u32::from(character))),
            false => out.push(character),
        }
    }
}

/// An attribute without quotes ends at a blank and at much else: only letters and digits stay.
fn attribute(text: &str, out: &mut String) {
    for character in text.chars() {
        match character.is_ascii() && !character.is_ascii_alphanumeric() {
            true => drop(write!(out, "&#{};", u32::from(character))),
            false => out.push(character),
        }
    }
}

/// Percent-encoded, all but unreserved characters.
pub(super) fn percent_encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// The inside of a JSON string (RFC 8259, section 7).
fn json_inside(text: &str, out: &mut String) {
    let special = |character: char| character.is_ascii_control() || matches!(character, '"' | '\\');
    if !text.contains(special) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_ascii_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
}

fn html(text: &str, out: &mut String) {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

fn header(text: &str, out: &mut String) {
    out.extend(text.chars().map(|character| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    }));
}

/// A part of a path that is encoded already.
pub(super) fn write_encoded(path: &str, out: &mut String) {
    match path.strip_prefix('/') {
        Some(rest) => {
            push_slash(out);
            out.push_str(rest);
        }
        None => out.push_str(path),
    }
}

/// Slashes between segments stay. One that would follow another is encoded: `/` and a value `/host`
/// would make `//host`, which a browser takes for another server.
fn url(text: &str, out: &mut String) {
    let mut parts = text.split('/');
    if let Some(first) = parts.next() {
        out.extend(utf8_percent_encode(first, RESERVED));
    }
    for part in parts {
        push_slash(out);
        out.extend(utf8_percent_encode(part, RESERVED));
    }
}

fn push_slash(out: &mut String) {
    out.push_str(if out.ends_with('/') { "%2F" } else { "/" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escaped(escape: Escape, text: &str) -> String {
        let mut out = String::new();
        super::text(escape, text, &mut out);
        out
    }

    #[test]
    fn each_place_has_its_own_dangers() {
        let text = "a\"b\\c\r\n<i>&'é\u{0}\u{7f}/../?#%";
        let table = [
            (Escape::None, text),
            (Escape::Json, r#"a\"b\\c\r\n<i>&'é\u0000\u007f/../?#%"#),
            (
                Escape::Html,
                "a&quot;b\\c\r\n&lt;i&gt;&amp;&#39;é\u{0}\u{7f}/../?#%",
            ),
            (
                Escape::JsonValue,
                "\"a\\\"b\\\\c\\r\\n<i>&'é\\u0000\u{7f}/../?#%\"",
            ),
            (
                Escape::Script,
                r"a\u0022b\u005cc\u000d\u000a\u003ci\u003e\u0026\u0027é\u0000\u007f\u002f..\u002f?#%",
            ),
            (
                Escape::ScriptValue,
                "\"a\\\"b\\\\c\\r\\n\\u003ci\\u003e\\u0026\\u0027é\\u0000\u{7f}/../?#%\"",
            ),
            (
                Escape::Attribute,
                "a&#34;b&#92;c&#13;&#10;&#60;i&#62;&#38;&#39;é&#0;&#127;&#47;&#46;&#46;&#47;&#63;&#35;&#37;",
            ),
            (Escape::Cookie, "a%22b%5Cc%0D%0A<i>&'%C3%A9%00%7F/../?#%"),
            (
                Escape::UrlPart,
                "a%22b%5Cc%0D%0A%3Ci%3E%26%27%C3%A9%00%7F%2F..%2F%3F%23%25",
            ),
            (Escape::Header, "a\"b\\c  <i>&'é  /../?#%"),
            (
                Escape::Url,
                "a%22b%5Cc%0D%0A%3Ci%3E%26%27%C3%A9%00%7F/../%3F%23%25",
            ),
        ];
        for (escape, expected) in table {
            assert_eq!(escaped(escape, text), expected);
        }
    }

    #[test]
    fn a_url_never_gets_two_slashes_from_a_value() {
        let mut out = "/".to_owned();
        super::text(Escape::Url, "/evil.example//x/", &mut out);
        assert_eq!(out, "/%2Fevil.example/%2Fx/");
        let mut out = "/".to_owned();
        write_encoded("/evil.example", &mut out);
        assert_eq!(out, "/%2Fevil.example");
    }

    proptest! {
        #[test]
        fn json_escapes_always_make_the_same_string_again(text in any::<String>()) {
            let quoted = format!("\"{}\"", escaped(Escape::Json, &text));
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }

        #[test]
        fn html_text_holds_no_tags_and_no_quotes(text in any::<String>()) {
            let html = escaped(Escape::Html, &text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
        }

        #[test]
        fn a_header_stays_one_line(text in any::<String>()) {
            let value = escaped(Escape::Header, &text);
            prop_assert!(http::HeaderValue::from_bytes(value.as_bytes()).is_ok());
        }

        #[test]
        fn a_url_part_leads_to_no_query_fragment_or_host(text in any::<String>()) {
            let url = escaped(Escape::Url, &text);
            prop_assert!(!url.contains(['?', '#', ':', '@', '\\', ' ']) && url.is_ascii());
        }
    }
}
