//! What the headers of an answer say where it may be sent encoded, and where it is.

use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::files::negotiate::Encoding;

/// Digests of what is sent, coding included (RFC 9530, sections 2 and 3; before it RFC 3230 and RFC
/// 2616): none of them holds for other bytes.
pub const DIGESTS: [HeaderName; 4] = [
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("repr-digest"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("content-md5"),
];

const ACCEPT_ENCODING: &str = "accept-encoding";

/// Tells caches that the answer depends on what the client takes; once, and not beside `*`, which says
/// more.
pub fn vary(headers: &mut HeaderMap) {
    let told = headers
        .get_all(VARY)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|name| name == "*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING));
    if told {
        return;
    }
    let merged = headers
        .get(VARY)
        .and_then(|line| line.to_str().ok())
        .filter(|line| !line.trim().is_empty())
        .and_then(|line| HeaderValue::try_from(format!("{line}, {ACCEPT_ENCODING}")).ok());
    match (headers.get_mut(VARY), merged) {
        (Some(first), Some(merged)) => *first = merged,
        _ => {
            let _ = headers.try_append(VARY, HeaderValue::from_static(ACCEPT_ENCODING));
        }
    }
}

/// Says that the body is encoded, and takes back what is true of the plain one alone.
pub fn encoded(headers: &mut HeaderMap, encoding: Encoding) {
    let token = HeaderValue::from_static(encoding.token());
    let _ = headers.try_insert(CONTENT_ENCODING, token);
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    without_digests(headers);
    weaken(headers);
}

/// Takes out the digests; also those of a trailer.
pub fn without_digests(headers: &mut HeaderMap) {
    for name in &DIGESTS {
        headers.remove(name);
    }
}

/// Makes a strong entity tag a weak one: it means the same, but not the same bytes (RFC 9110, section
/// 8.8.3.3).
fn weaken(headers: &mut HeaderMap) {
    let Some(tag) = headers.get_mut(ETAG) else {
        return;
    };
    if tag.as_bytes().starts_with(b"\"") {
        let weak = [b"W/", tag.as_bytes()].concat();
        if let Ok(weak) = HeaderValue::from_bytes(&weak) {
            *tag = weak;
        }
    }
}

/// Makes an answer 304 fit what the client has: where it asked with the weak form of the tag, it has
/// the encoded answer, and a cache would not hold a strong tag for the same (RFC 9111, section 4.3.4).
pub fn not_modified(asked: &HeaderMap, headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok()) else {
        return;
    };
    if !tag.starts_with('"') {
        return;
    }
    let has_weak = asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .any(|line| {
            line.match_indices(tag)
                .any(|(at, _)| line.get(..at).is_some_and(|before| before.ends_with("W/")))
        });
    if has_weak {
        weaken(headers);
        vary(headers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn values<'h>(headers: &'h HeaderMap, name: &str) -> Vec<&'h str> {
        let lines = headers.get_all(name).iter();
        lines.map(|line| line.to_str().unwrap()).collect()
    }

    #[test]
    fn vary_is_told_once() {
        for (lines, expected) in [
            (&[][..], &["accept-encoding"][..]),
            (&[("vary", "Origin")], &["Origin, accept-encoding"]),
            (
                &[("vary", "origin"), ("vary", "accept")],
                &["origin, accept-encoding", "accept"],
            ),
            (&[("vary", "*")], &["*"]),
            (&[("vary", "a"), ("vary", "*")], &["a", "*"]),
            (
                &[("vary", "origin, Accept-Encoding")],
                &["origin, Accept-Encoding"],
            ),
            (&[("vary", "")], &["", "accept-encoding"]),
        ] {
            let mut headers = map(lines);
            vary(&mut headers);
            assert_eq!(values(&headers, "vary"), expected);
        }
    }

    #[test]
    fn what_is_true_of_the_plain_body_alone_goes() {
        let mut headers = map(&[
            ("etag", "\"a\""),
            ("content-length", "5"),
            ("accept-ranges", "bytes"),
            ("content-digest", "sha-256=:AA==:"),
            ("repr-digest", "sha-256=:AA==:"),
            ("content-md5", "AA=="),
            ("content-type", "text/plain"),
        ]);
        encoded(&mut headers, Encoding::Zstd);
        assert_eq!(
            headers,
            map(&[
                ("etag", "W/\"a\""),
                ("content-type", "text/plain"),
                ("content-encoding", "zstd"),
            ])
        );
    }

    #[test]
    fn a_client_with_the_encoded_answer_is_told_of_that_one() {
        for (asked, expected) in [
            ("W/\"a\"", "W/\"a\""),
            ("\"x\", W/\"a\"", "W/\"a\""),
            ("\"a\"", "\"a\""),
            ("W/\"b\"", "\"a\""),
            ("*", "\"a\""),
        ] {
            let mut headers = map(&[("etag", "\"a\"")]);
            not_modified(&map(&[("if-none-match", asked)]), &mut headers);
            assert_eq!(values(&headers, "etag"), [expected], "{asked}");
            assert_eq!(headers.contains_key(VARY), expected.starts_with('W'));
        }
    }
}
