//! Requests that a page of another site sent with the client's cookie (cross-site request forgery).
//!
//! Browsers say where a request comes from: in `Sec-Fetch-Site` (Fetch Metadata), and where that is missing
//! in `Origin` or `Referer`, which must then name the host that was asked (OWASP, Cross-Site Request Forgery
//! Prevention). Without any of them it was no browser, and no cookie came along by itself.

use http::header::{ORIGIN, REFERER};
use http::{HeaderMap, HeaderName, Method};

use crate::request::{Request, normal_host};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a page of another site sent a request that changes something. `origins`: whose pages may.
pub fn is_foreign<'o>(request: &Request<'_>, origins: impl IntoIterator<Item = &'o str>) -> bool {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE];
    if safe.contains(request.method) {
        return false;
    }
    let origin = match only(request.headers, &ORIGIN) {
        Ok(origin) => origin,
        Err(()) => return true,
    };
    if let Some(origin) = origin
        && origins
            .into_iter()
            .any(|known| known.eq_ignore_ascii_case(origin))
    {
        return false;
    }
    match only(request.headers, &FETCH_SITE) {
        Err(()) => true,
        Ok(Some(site)) => !matches!(site, "same-origin" | "none"),
        Ok(None) => match (origin, only(request.headers, &REFERER)) {
            (Some(origin), _) => !is_here(origin, request.authority),
            (None, Err(())) => true,
            (None, Ok(Some(referer))) => !is_here(referer, request.authority),
            (None, Ok(None)) => false,
        },
    }
}

/// The one value of a header, or none; several are as good as a wrong one.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match (first, values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// Whether a URL is at the host and port that were asked. Behind a proxy that ends TLS the scheme that was
/// asked is not known, so a port that is left out is the one of the URL's scheme.
fn is_here(url: &str, authority: &str) -> bool {
    let (default, rest) = match url.split_once("://") {
        Some(("https", rest)) => (443, rest),
        Some(("http", rest)) => (80, rest),
        _ => return false,
    };
    let there = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match (split(there, default), split(authority, default)) {
        (Some(there), Some(here)) => there == here,
        _ => false,
    }
}

fn split(authority: &str, default: u16) -> Option<(String, u16)> {
    // The colons of an address in brackets begin no port.
    let colon = authority
        .rfind(':')
        .filter(|colon| authority.rfind(']').is_none_or(|end| *colon > end));
    let (host, port) = match colon {
        Some(colon) => {
            let (host, port) = authority.split_at_checked(colon)?;
            (host, port.get(1..)?.parse().ok()?)
        }
        None => (authority, default),
    };
    let host = normal_host(host).ok()?;
    (!host.is_empty()).then(|| (host.into_owned(), port))
}

#[cfg(test)]
mod tests {
    use http::{Uri, Version};

    use super::*;

    fn foreign(method: &str, host: &str, headers: &[(&str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        map.insert("host", host.parse().unwrap());
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        let (method, uri) = (method.parse().unwrap(), Uri::from_static("/pay"));
        let request = Request::normalise(&method, &uri, Version::HTTP_11, &map, "http").unwrap();
        is_foreign(&request, ["https://app.example"])
    }

    /// Header lines.
    type Lines = &'static [(&'static str, &'static str)];

    #[test]
    fn who_sent_a_request_is_seen() {
        let cases: &[(&str, Lines, bool)] = &[
            ("GET", &[("sec-fetch-site", "cross-site")], false),
            ("HEAD", &[("origin", "https://evil.example")], false),
            ("POST", &[], false),
            ("POST", &[("sec-fetch-site", "same-origin")], false),
            ("POST", &[("sec-fetch-site", "none")], false),
            ("POST", &[("sec-fetch-site", "same-site")], true),
            ("POST", &[("sec-fetch-site", "cross-site")], true),
            ("DELETE", &[("sec-fetch-site", "cross-site")], true),
            ("PURGE", &[("sec-fetch-site", "cross-site")], true),
            ("POST", &[("sec-fetch-site", "")], true),
            (
                "POST",
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "cross-site"),
                ],
                true,
            ),
            (
                "POST",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://app.example"),
                ],
                false,
            ),
            (
                "POST",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://shop.example"),
                ],
                true,
            ),
            ("POST", &[("origin", "https://shop.example")], false),
            ("POST", &[("origin", "http://SHOP.example:80")], false),
            ("POST", &[("origin", "https://shop.example:8443")], true),
            (
                "POST",
                &[("origin", "https://shop.example.evil.example")],
                true,
            ),
            ("POST", &[("origin", "https://evil.example")], true),
            ("POST", &[("origin", "null")], true),
            ("POST", &[("origin", "file://shop.example")], true),
            (
                "POST",
                &[("referer", "https://shop.example/cart?a=1")],
                false,
            ),
            (
                "POST",
                &[("referer", "https://evil.example/shop.example")],
                true,
            ),
            (
                "POST",
                &[
                    ("origin", "https://evil.example"),
                    ("referer", "https://shop.example/"),
                ],
                true,
            ),
        ];
        for (method, headers, expected) in cases {
            assert_eq!(
                foreign(method, "shop.example", headers),
                *expected,
                "{method} {headers:?}"
            );
        }
        assert!(!foreign(
            "POST",
            "a.example:8080",
            &[("origin", "http://a.example:8080")]
        ));
        assert!(foreign(
            "POST",
            "a.example:8080",
            &[("origin", "http://a.example")]
        ));
        assert!(!foreign(
            "POST",
            "[::1]:8080",
            &[("origin", "http://[::1]:8080")]
        ));
    }
}
