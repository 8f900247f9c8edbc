//! Headers that belong to one connection only, and those that say for whom a request is passed on.

use std::fmt::Write;
use std::net::IpAddr;

use gated_engine::headers::{is_claim, is_framing, may_trail};
use http::header::{
    CONNECTION, COOKIE, FORWARDED, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VIA,
};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const PROXY_AUTHORIZATION: HeaderName = HeaderName::from_static("proxy-authorization");
const PROXY_AUTHENTICATE: HeaderName = HeaderName::from_static("proxy-authenticate");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the headers that were taken out of a request said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The client takes trailers (RFC 9110, section 10.1.4).
    pub(crate) trailers: bool,
}

/// Takes the headers out that are for one connection only (RFC 9110, section 7.6.1), those named in
/// `Connection` included.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
            .filter(|name| name != HOST && name != http::header::CONTENT_LENGTH)
            .collect();
        for name in named {
            headers.remove(name);
        }
        headers.remove(CONNECTION);
    }
    for name in [
        KEEP_ALIVE,
        PROXY_CONNECTION,
        PROXY_AUTHENTICATE,
        PROXY_AUTHORIZATION,
        TE,
        TRANSFER_ENCODING,
        UPGRADE,
    ] {
        headers.remove(name);
    }
}

/// Takes out of a client's headers what must not reach anything behind: hop-by-hop headers, and
/// whatever the client claims about where the request comes from. No proxy in front is trusted.
pub(crate) fn clean_request(headers: &mut HeaderMap) -> Taken {
    let trailers = headers
        .get_all(TE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"));
    strip_hop_by_hop(headers);
    let claims: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_claim(name.as_str()) || is_disguised_framing(name.as_str()))
        .cloned()
        .collect();
    for name in claims {
        headers.remove(name);
    }
    Taken { trailers }
}

/// `transfer_encoding` and the like, which no server needs and some take for the real one.
fn is_disguised_framing(name: &str) -> bool {
    name.contains('_') && is_framing(name)
}

/// Joins cookies that came in several fields, as HTTP/2 lets clients send them, so that everything
/// behind sees one (RFC 9113, section 8.2.3).
pub(crate) fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().nth(1).is_none() {
        return;
    }
    let fields: Vec<&[u8]> = headers
        .get_all(COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if let Ok(joined) = HeaderValue::from_bytes(&fields.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}

/// Leaves in a trailer only what may come in one: nothing that frames, routes or vouches for the
/// request, and not the id that `own` names.
pub(crate) fn clean_trailers(trailers: &mut HeaderMap, own: Option<&HeaderName>) {
    let unfit: Vec<HeaderName> = trailers
        .keys()
        .filter(|name| !may_trail(name.as_str()) || Some(*name) == own)
        .cloned()
        .collect();
    for name in unfit {
        trailers.remove(name);
    }
}

/// Announces only those trailers that may come. One that has the name of a header could take that
/// header's place with a server that joins them, so it may not.
fn clean_announced(headers: &mut HeaderMap) {
    if !headers.contains_key(TRAILER) {
        return;
    }
    let fit: Vec<HeaderName> = headers
        .get_all(TRAILER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| HeaderName::from_bytes(name.trim().as_bytes()).ok())
        .filter(|name| may_trail(name.as_str()) && !headers.contains_key(name))
        .collect();
    headers.remove(TRAILER);
    for name in fit {
        headers.append(TRAILER, name.into());
    }
}

/// What a server is told about where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The client's address.
    pub(crate) client: IpAddr,
    /// The host as the client sent it.
    pub(crate) authority: &'a str,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// The client's version of HTTP.
    pub(crate) version: Version,
}

/// Says where a request comes from: `X-Forwarded-*`, `Forwarded` (RFC 7239) and `Via`. What the spec
/// itself set stays.
pub(crate) fn announce(headers: &mut HeaderMap, origin: Origin<'_>, taken: Taken) {
    let Origin {
        client,
        authority,
        scheme,
        version,
    } = origin;
    set_missing(
        headers,
        FORWARDED_FOR,
        HeaderValue::try_from(client.to_string()).ok(),
    );
    let host = HeaderValue::from_str(authority).ok();
    set_missing(
        headers,
        FORWARDED_HOST,
        host.filter(|host| !host.is_empty()),
    );
    set_missing(
        headers,
        FORWARDED_PROTO,
        Some(HeaderValue::from_static(scheme)),
    );
    set_missing(headers, FORWARDED, forwarded(client, authority, scheme));
    via(headers, version);
    headers.remove(http::header::EXPECT);
    clean_announced(headers);
    if taken.trailers {
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(CONNECTION, HeaderValue::from_static("te"));
    }
}

/// Adds this hop to `Via` (RFC 9110, section 7.6.3).
pub(crate) fn via(headers: &mut HeaderMap, version: Version) {
    headers.append(
        VIA,
        HeaderValue::from_static(match version {
            Version::HTTP_2 => "2 gated",
            Version::HTTP_10 => "1.0 gated",
            _ => "1.1 gated",
        }),
    );
}

fn set_missing(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    if let (false, Some(value)) = (headers.contains_key(&name), value) {
        headers.insert(name, value);
    }
}

fn forwarded(client: IpAddr, authority: &str, scheme: &str) -> Option<HeaderValue> {
    let mut text = String::with_capacity(64);
    let _ = match client {
        IpAddr::V4(address) => write!(text, "for={address}"),
        IpAddr::V6(address) => write!(text, "for=\"[{address}]\""),
    };
    if !authority.is_empty() && !authority.contains(['"', '\\']) {
        let _ = write!(text, ";host=\"{authority}\"");
    }
    let _ = write!(text, ";proto={scheme}");
    HeaderValue::try_from(text).ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Version};

    use super::{Origin, Taken, announce, clean_request, clean_trailers, join_cookies};

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::try_from(*name).unwrap(),
                    HeaderValue::try_from(*value).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn hop_by_hop_headers_and_claims_go() {
        let mut headers = headers(&[
            ("connection", "close, X-Secret"),
            ("connection", "te, host, Content-Length"),
            ("x-secret", "1"),
            ("te", "gzip, Trailers"),
            ("host", "a"),
            ("content-length", "3"),
            ("upgrade", "h2c"),
            ("keep-alive", "timeout=5"),
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-prefix", "/x"),
            ("forwarded", "for=1.1.1.1"),
            ("x-real-ip", "1.1.1.1"),
            ("x_forwarded_for", "1.1.1.1"),
            ("transfer_encoding", "chunked"),
            ("x-original-url", "/admin"),
            ("true-client-ip", "1.1.1.1"),
            ("x-kept", "2"),
        ]);
        assert_eq!(clean_request(&mut headers), Taken { trailers: true });
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["content-length", "host", "x-kept"]);
    }

    #[test]
    fn cookies_become_one() {
        let mut one = headers(&[("cookie", "a=1")]);
        join_cookies(&mut one);
        assert_eq!(one["cookie"], "a=1");
        let mut several = headers(&[("cookie", "a=1"), ("x", "y"), ("cookie", "b=2; c=3")]);
        join_cookies(&mut several);
        let joined: Vec<_> = several.get_all("cookie").iter().collect();
        assert_eq!(joined, ["a=1; b=2; c=3"]);
    }

    #[test]
    fn trailers_bring_nothing_that_headers_decide() {
        let mut trailers = headers(&[
            ("x-sum", "1"),
            ("x-forwarded-for", "1.1.1.1"),
            ("authorization", "x"),
            ("x-trace", "id"),
        ]);
        clean_trailers(&mut trailers, Some(&HeaderName::from_static("x-trace")));
        let left: Vec<_> = trailers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["x-sum"]);

        let mut announced = headers(&[("trailer", "X-Sum, host, x-user"), ("x-user", "ann")]);
        let origin = Origin {
            client: "10.0.0.1".parse().unwrap(),
            authority: "",
            scheme: "http",
            version: Version::HTTP_10,
        };
        announce(&mut announced, origin, Taken::default());
        let left: Vec<_> = announced.get_all("trailer").iter().collect();
        assert_eq!(left, ["x-sum"]);
        assert!(!announced.contains_key("x-forwarded-host"));
    }

    #[test]
    fn the_origin_is_told_once_and_what_the_spec_sets_stays() {
        let mut headers = headers(&[("x-forwarded-proto", "https"), ("expect", "100-continue")]);
        let origin = Origin {
            client: "2001:db8::1".parse().unwrap(),
            authority: "shop.example:8080",
            scheme: "http",
            version: Version::HTTP_11,
        };
        announce(&mut headers, origin, Taken::default());
        assert_eq!(headers["x-forwarded-for"], "2001:db8::1");
        assert_eq!(headers["x-forwarded-proto"], "https");
        assert_eq!(
            headers["forwarded"],
            "for=\"[2001:db8::1]\";host=\"shop.example:8080\";proto=http"
        );
        assert_eq!(headers["via"], "1.1 gated");
        assert!(!headers.contains_key("expect") && !headers.contains_key("te"));
    }
}
