//! The header lines with which a request is passed on: the client's, as the spec changed them, and
//! those that say where it comes from: `X-Forwarded-*`, `Forwarded` (RFC 7239) and `Via`.

use std::net::IpAddr;

use gated_engine::headers::may_trail;
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, FORWARDED, HOST, TE, TRAILER, TRANSFER_ENCODING, VIA,
};
use http::{HeaderMap, HeaderName, Version};

use super::headers::{Taken, hop};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What a server is told about where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The client's address.
    pub(crate) client: IpAddr,
    /// The same as text.
    pub(crate) client_text: &'a str,
    /// The host as the client sent it.
    pub(crate) authority: &'a str,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// The client's version of HTTP.
    pub(crate) version: Version,
    /// What the headers that belonged to the client's connection said.
    pub(crate) taken: Taken,
}

/// Hands each line on, but not those that the connection to the server decides: the host, and how the
/// body is framed. What the spec itself set about the origin stays.
pub(super) fn each(
    headers: &HeaderMap,
    origin: &Origin<'_>,
    mut line: impl FnMut(&HeaderName, &[u8]),
) {
    for (name, value) in headers {
        if !is_settled_elsewhere(name) {
            line(name, value.as_bytes());
        }
    }
    if headers.contains_key(TRAILER) {
        trailers(headers, &mut line);
    }
    line(&VIA, hop(origin.version).as_bytes());
    claims(headers, origin, &mut line);
    if origin.taken.trailers {
        line(&TE, b"trailers");
        line(&CONNECTION, b"te");
    }
}

fn is_settled_elsewhere(name: &HeaderName) -> bool {
    *name == HOST
        || *name == CONTENT_LENGTH
        || *name == TRANSFER_ENCODING
        || *name == EXPECT
        || *name == TRAILER
}

/// Announces only those trailers that may come. One that has the name of a header could take that
/// header's place with a server that joins them, so it may not.
fn trailers(headers: &HeaderMap, line: &mut impl FnMut(&HeaderName, &[u8])) {
    headers
        .get_all(TRAILER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .filter(|name| may_trail(name.as_str()) && !headers.contains_key(name))
        .for_each(|name| line(&TRAILER, name.as_str().as_bytes()));
}

fn claims(headers: &HeaderMap, origin: &Origin<'_>, line: &mut impl FnMut(&HeaderName, &[u8])) {
    let mut claim = |name: &HeaderName, value: &str| {
        if !value.is_empty() && !headers.contains_key(name) {
            line(name, value.as_bytes());
        }
    };
    claim(&FORWARDED_FOR, origin.client_text);
    claim(&FORWARDED_HOST, origin.authority);
    claim(&FORWARDED_PROTO, origin.scheme);
    claim(&FORWARDED, &forwarded(origin));
}

fn forwarded(origin: &Origin<'_>) -> String {
    let (open, close) = match origin.client {
        IpAddr::V4(_) => ("for=", ""),
        IpAddr::V6(_) => ("for=\"[", "]\""),
    };
    let authority = origin.authority;
    let mut text = String::with_capacity(64 + authority.len());
    let mut add = |part: &str| text.push_str(part);
    [open, origin.client_text, close]
        .into_iter()
        .for_each(&mut add);
    let quotable = !authority.bytes().any(|byte| matches!(byte, b'"' | b'\\'));
    if !authority.is_empty() && quotable {
        [";host=\"", authority, "\""].into_iter().for_each(&mut add);
    }
    [";proto=", origin.scheme].into_iter().for_each(&mut add);
    text
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Version};

    use super::super::headers::Taken;
    use super::{Origin, each};

    fn announced(lines: &[(&'static str, &str)], origin: &Origin<'_>) -> HeaderMap {
        let headers = lines
            .iter()
            .map(|(name, value)| {
                let value = HeaderValue::from_str(value).unwrap();
                (HeaderName::from_static(name), value)
            })
            .collect();
        let mut announced = HeaderMap::new();
        each(&headers, origin, |name, value| {
            announced.append(name.clone(), HeaderValue::from_bytes(value).unwrap());
        });
        announced
    }

    fn origin(client: &'static str, authority: &'static str) -> Origin<'static> {
        Origin {
            client: client.parse().unwrap(),
            client_text: client,
            authority,
            scheme: "http",
            version: Version::HTTP_11,
            taken: Taken::default(),
        }
    }

    #[test]
    fn only_trailers_that_may_come_are_announced() {
        let lines = [("trailer", "X-Sum, host, x-user"), ("x-user", "ann")];
        let announced = announced(&lines, &origin("10.0.0.1", ""));
        let left: Vec<_> = announced.get_all("trailer").iter().collect();
        assert_eq!(left, ["x-sum"]);
        assert!(!announced.contains_key("x-forwarded-host"));
    }

    #[test]
    fn the_origin_is_told_once_and_what_the_spec_sets_stays() {
        let lines = [
            ("x-forwarded-proto", "https"),
            ("expect", "100-continue"),
            ("via", "1.0 older"),
            ("host", "shop.example:8080"),
            ("x-kept", "1"),
        ];
        let told = announced(&lines, &origin("2001:db8::1", "shop.example:8080"));
        assert_eq!(told["x-forwarded-for"], "2001:db8::1");
        assert_eq!(told["x-forwarded-host"], "shop.example:8080");
        assert_eq!(told.get_all("x-forwarded-proto").iter().count(), 1);
        assert_eq!(told["x-forwarded-proto"], "https");
        assert_eq!(
            told["forwarded"],
            "for=\"[2001:db8::1]\";host=\"shop.example:8080\";proto=http"
        );
        let hops: Vec<_> = told.get_all("via").iter().collect();
        assert_eq!(hops, ["1.0 older", "1.1 gated"]);
        assert_eq!(told["x-kept"], "1");
        for name in ["expect", "te", "host"] {
            assert!(!told.contains_key(name), "{name}");
        }
    }

    #[test]
    fn whoever_takes_trailers_says_so_on_the_next_connection() {
        let mut origin = origin("10.0.0.1", "a");
        origin.taken = Taken { trailers: true };
        let told = announced(&[], &origin);
        assert_eq!(
            (&told["te"], &told["connection"]),
            (
                &HeaderValue::from_static("trailers"),
                &HeaderValue::from_static("te")
            )
        );
    }
}
