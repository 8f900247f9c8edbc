//! Values within a request: query parameters, form fields, cookies, path segments. All decode as they
//! are asked for, and allocate only where something was encoded.

use std::borrow::Cow;

use http::{HeaderMap, header};
use percent_encoding::percent_decode;

/// The parameters of a query, or the fields of a form body, in the order written, decoded: `+` is a
/// space, percent escapes are bytes, what is not UTF-8 becomes `�` (WHATWG URL,
/// `application/x-www-form-urlencoded`).
pub fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_form(name), decode_form(value))
        })
}

/// The cookies of all `Cookie` headers in the order sent: name and value, without the quotes around a
/// value (RFC 6265). A header that is not UTF-8 is passed over.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| std::str::from_utf8(line.as_bytes()).ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), unquote(value.trim())))
}

/// A part of a path, decoded. Where the bytes are not UTF-8, `�` stands in their place.
pub fn decode_segment(segment: &str) -> Cow<'_, str> {
    percent_decode(segment.as_bytes()).decode_utf8_lossy()
}

fn unquote(value: &str) -> &str {
    value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value)
}

fn decode_form(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        Cow::Owned(decode_segment(&spaced).into_owned())
    } else {
        decode_segment(text)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn queries() {
        let pairs: Vec<_> = query_pairs("a=1&b=x+y%2B&&c&=d&a=2&e=%zz&f=%FF&%67=1=2").collect();
        let expected = [
            ("a", "1"),
            ("b", "x y+"),
            ("c", ""),
            ("", "d"),
            ("a", "2"),
            ("e", "%zz"),
            ("f", "\u{FFFD}"),
            ("g", "1=2"),
        ];
        assert_eq!(pairs.len(), expected.len());
        for ((name, value), expected) in pairs.iter().zip(expected) {
            assert_eq!((&**name, &**value), expected);
        }
    }

    #[test]
    fn cookies_of_all_headers() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; b=\"x y\";c=d=e; nonsense"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("a=2"));
        headers.append(header::COOKIE, HeaderValue::from_bytes(b"z=\xFF").unwrap());
        let found: Vec<_> = cookies(&headers).collect();
        assert_eq!(found, [("a", "1"), ("b", "x y"), ("c", "d=e"), ("a", "2")]);
    }

    #[test]
    fn segments_are_decoded_once() {
        assert_eq!(decode_segment("a%20b+c%2Fd"), "a b+c/d");
        assert_eq!(decode_segment("%2541"), "%41");
        assert!(matches!(decode_segment("plain"), Cow::Borrowed("plain")));
    }
}
