//! Headers that belong to one connection only, and those that nobody in front may set.

use gated_engine::headers::{is_claim, is_framing, may_trail};
use http::header::{CONNECTION, COOKIE, HOST, TE, TRANSFER_ENCODING, UPGRADE, VIA};
use http::{HeaderMap, HeaderName, HeaderValue, Version};

/// Headers that are for one connection only.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("proxy-authenticate"),
    HeaderName::from_static("proxy-authorization"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// What the headers that were taken out of a request said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The client takes trailers (RFC 9110, section 10.1.4).
    pub(crate) trailers: bool,
}

/// Which of [`HOP_BY_HOP`] there are, by their places.
///
/// Most messages have few or none, and one look at each name costs less than looking for each that might
/// be there.
#[derive(Clone, Copy)]
struct Present(u8);

impl Present {
    fn of(headers: &HeaderMap) -> Self {
        let places = headers
            .keys()
            .filter_map(|name| HOP_BY_HOP.iter().position(|one| one == name));
        Self(places.fold(0, |present, place| present | 1 << place))
    }

    fn names(self) -> impl Iterator<Item = HeaderName> {
        let there = move |place: usize| self.0 & (1 << place) != 0;
        let names = HOP_BY_HOP.into_iter().enumerate();
        names.filter_map(move |(place, name)| there(place).then_some(name))
    }

    fn take_out(self, headers: &mut HeaderMap) {
        if self.0 == 0 {
            return;
        }
        let named: Vec<HeaderName> = headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|name| !is_option(name))
            .filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok())
            .filter(|name| name != HOST && name != http::header::CONTENT_LENGTH)
            .collect();
        for name in self.names().chain(named) {
            headers.remove(name);
        }
    }
}

/// Whether `Connection` says this of the connection itself, and does not name a header; one that is
/// called `keep-alive` goes anyway.
fn is_option(name: &str) -> bool {
    name.eq_ignore_ascii_case("keep-alive") || name.eq_ignore_ascii_case("close")
}

/// Takes the headers out that are for one connection only (RFC 9110, section 7.6.1), those named in
/// `Connection` included.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    Present::of(headers).take_out(headers);
}

/// Takes out of a client's headers what must not reach anything behind: hop-by-hop headers, and
/// whatever the client claims about where the request comes from. No proxy in front is trusted.
pub(crate) fn clean_request(headers: &mut HeaderMap) -> Taken {
    let present = Present::of(headers);
    let trailers = present.0 != 0 && takes_trailers(headers);
    present.take_out(headers);
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

fn takes_trailers(headers: &HeaderMap) -> bool {
    headers
        .get_all(TE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}

/// `transfer_encoding` and the like, which no server needs and some take for the real one.
fn is_disguised_framing(name: &str) -> bool {
    name.contains('_') && is_framing(name)
}

/// Joins cookies that came in several fields, as HTTP/2 lets clients send them, so that everything
/// behind sees one (RFC 9113, section 8.2.3).
pub(crate) fn join_cookies(headers: &mut HeaderMap) {
    let nothing_twice = headers.len() == headers.keys_len();
    if nothing_twice || headers.get_all(COOKIE).iter().nth(1).is_none() {
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

/// Adds this hop to `Via` (RFC 9110, section 7.6.3).
pub(crate) fn via(headers: &mut HeaderMap, version: Version) {
    headers.append(VIA, HeaderValue::from_static(hop(version)));
}

/// This hop as `Via` names it, with the version of HTTP in which the message came.
pub(super) fn hop(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "2 gated",
        Version::HTTP_10 => "1.0 gated",
        _ => "1.1 gated",
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{Taken, clean_request, clean_trailers, join_cookies};

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
    }
}
