//! Requests in HTTP/2 that no HTTP/1.1 server must ever see: each is refused, and none reaches the
//! server behind.

use super::frames::{DATA, END_HEADERS, END_STREAM, HEADERS, Raw, frame, header, pseudo};
use super::support::{Backend, Gated, proxy_to, values};

/// A request of these headers, in this order.
fn fate(gated: &Gated, headers: &[(&[u8], &[u8])], body: Option<&[u8]>) -> String {
    let mut raw = Raw::connect(gated);
    let block: Vec<u8> = headers
        .iter()
        .flat_map(|(name, value)| header(name, value))
        .collect();
    let end = if body.is_none() { END_STREAM } else { 0 };
    raw.send(&frame(HEADERS, END_HEADERS | end, 1, &block));
    if let Some(body) = body {
        raw.send(&frame(DATA, END_STREAM, 1, body));
    }
    raw.fate(1)
}

const METHOD: (&[u8], &[u8]) = (b":method", b"POST");
const SCHEME: (&[u8], &[u8]) = (b":scheme", b"http");
const PATH: (&[u8], &[u8]) = (b":path", b"/p");
const HOST: (&[u8], &[u8]) = (b":authority", b"a");

#[test]
fn what_http_1_cannot_say_is_not_passed_on() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let with = |more: (&'static [u8], &'static [u8])| {
        fate(&gated, &[METHOD, SCHEME, PATH, HOST, more], None)
    };
    let lines: [(&[u8], &[u8]); 26] = [
        (b"Upper", b"x"),
        (b"connection", b"close"),
        (b"connection", b"x-user"),
        (b"keep-alive", b"1"),
        (b"proxy-connection", b"close"),
        (b"transfer-encoding", b"chunked"),
        (b"upgrade", b"h2c"),
        (b"te", b"gzip"),
        (b"x", b"a\r\nx-smuggled: 1"),
        (b"x", b"a\nb"),
        (b"x", b"a\rb"),
        (b"x", b"a\0b"),
        (b"x\r\ny", b"a"),
        (b"x: y\r\nz", b"a"),
        (b"x ", b"a"),
        (b" x", b"a"),
        (b"x:", b"a"),
        (b"", b"a"),
        (b"x\0", b"a"),
        (b":path", b"/q"),
        (b":method", b"GET"),
        (b":authority", b"b"),
        (b":status", b"200"),
        (b":unknown", b"x"),
        (b"host", b"b"),
        (b"content-length", b"5"),
    ];
    for (name, value) in lines {
        let fate = with((name, value));
        let told = format!("{}: {}", name.escape_ascii(), value.escape_ascii());
        assert_ne!(fate, "200", "{told}");
    }
    assert_eq!(backend.count(), 0, "{:?}", backend.last());
    assert_eq!(with((b"te", b"trailers")), "200");
    assert_eq!(with((b"x", b"a")), "200");
    assert_eq!(with((b"host", b"a")), "200");
}

#[test]
fn pseudo_headers_are_there_once_first_and_sound() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    type Headers = Vec<(&'static [u8], &'static [u8])>;
    let path = |path: &'static [u8]| -> Headers { vec![METHOD, SCHEME, (b":path", path), HOST] };
    let method =
        |method: &'static [u8]| -> Headers { vec![(b":method", method), SCHEME, PATH, HOST] };
    let wrong: Vec<Headers> = vec![
        vec![SCHEME, PATH, HOST],
        vec![METHOD, PATH, HOST],
        vec![METHOD, SCHEME, HOST],
        vec![METHOD, SCHEME, (b"x", b"y"), PATH, HOST],
        vec![METHOD, METHOD, SCHEME, PATH, HOST],
        vec![METHOD, SCHEME, PATH, HOST, HOST],
        vec![METHOD, SCHEME, PATH, (b":authority", b"me@a")],
        vec![METHOD, SCHEME, PATH, (b":authority", b"a b")],
        vec![METHOD, SCHEME, PATH, (b":authority", b"a\r\nx: y")],
        vec![METHOD, SCHEME, PATH, (b":authority", b"a/b")],
        vec![METHOD, SCHEME, PATH, (b"host", b"a b")],
        path(b""),
        path(b"p"),
        path(b"*"),
        path(b"http://b/p"),
        path(b"/p HTTP/1.1\r\nx: y\r\n\r\nGET /smuggled"),
        path(b"/p q"),
        path(b"/p\0"),
        path(b"/../p"),
        path(b"/%00"),
        method(b""),
        method(b"GET /smuggled HTTP/1.1\r\n\r\n"),
        method(b"GE T"),
        method(b"CONNECT"),
    ];
    for headers in &wrong {
        assert_ne!(fate(&gated, headers, None), "200", "{headers:?}");
    }
    assert_eq!(backend.count(), 0, "{:?}", backend.last());
}

#[test]
fn a_body_is_as_long_as_it_says_or_is_no_whole_request() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let headers =
        |length: &'static [u8]| [METHOD, SCHEME, PATH, HOST, (&b"content-length"[..], length)];
    for (length, body) in [
        (&b"5"[..], &b"hell"[..]),
        (b"5", b"hello!"),
        (b"0", b"x"),
        (b"+5", b"hello"),
        (b"5, 5", b"hello"),
        (b"0x5", b"hello"),
        (b"", b"hello"),
    ] {
        let fate = fate(&gated, &headers(length), Some(body));
        assert_ne!(fate, "200", "{}", length.escape_ascii());
    }
    assert_eq!(backend.count(), 0, "{:?}", backend.last());
    assert_eq!(fate(&gated, &headers(b"5"), Some(b"hello")), "200");
    assert_eq!(backend.last().body, b"hello");
    // The same by an underscore frames nothing.
    let odd = [
        METHOD,
        SCHEME,
        PATH,
        HOST,
        (&b"content_length"[..], &b"99"[..]),
    ];
    assert_eq!(fate(&gated, &odd, Some(b"hello")), "200");
    assert!(values(&backend.last().head, "content_length").is_empty());
    let mut raw = Raw::connect(&gated);
    raw.send(&frame(
        HEADERS,
        END_HEADERS | END_STREAM,
        1,
        &pseudo("GET", "/p#q"),
    ));
    assert_eq!(raw.fate(1), "200");
    assert!(
        backend.last().head.starts_with("GET /p HTTP/1.1"),
        "{}",
        backend.last().head
    );
}
