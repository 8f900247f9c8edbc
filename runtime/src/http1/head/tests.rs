//! What is taken and what is refused, and that the way bytes are cut into reads changes nothing.

use bytes::Bytes;
use http::{Method, Version};

use super::{Kind, Limits, Refused, RequestHead, Scan, request, response};

const LIMITS: Limits = Limits {
    size: 4096,
    target: 100,
    lines: 10,
};

/// The head at the begin of a text that comes in pieces of one size; `None`: it does not end.
fn cut(text: &[u8], piece: usize) -> Result<Option<Vec<u8>>, Refused> {
    let mut scan = Scan::request();
    let mut read = Vec::new();
    for bytes in text.chunks(piece) {
        read.extend_from_slice(bytes);
        read.drain(..scan.empty_lines(&read));
        if let Some(end) = scan.end(&read, &LIMITS)? {
            return Ok(Some(read[..end].to_vec()));
        }
    }
    Ok(None)
}

fn read(text: &str) -> Result<Box<RequestHead>, Refused> {
    let whole = cut(text.as_bytes(), text.len().max(1));
    for piece in 1..text.len() {
        assert_eq!(
            cut(text.as_bytes(), piece),
            whole,
            "cut into {piece}: {text:?}"
        );
    }
    request(&Bytes::from(whole?.unwrap()), &LIMITS)
}

fn refused(lines: &str) {
    let head = read(&format!("POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n"));
    assert_eq!(head.err(), Some(Refused::Malformed), "taken: {lines:?}");
}

fn taken(lines: &str) -> Box<RequestHead> {
    read(&format!("POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n"))
        .unwrap_or_else(|refused| panic!("{refused}: {lines:?}"))
}

#[test]
fn ordinary_heads_are_read() {
    let head =
        read("\r\n\r\nGET /a?b HTTP/1.1\r\nHost: a\r\nX:\t y z \t\r\nx: \r\nz: \u{e9}\r\n\r\nrest")
            .unwrap();
    assert_eq!(head.parts.method, Method::GET);
    assert_eq!(head.parts.uri, "/a?b");
    assert_eq!(head.parts.version, Version::HTTP_11);
    let values: Vec<_> = head.parts.headers.get_all("x").iter().collect();
    assert_eq!(values, ["y z", ""]);
    assert_eq!(head.parts.headers["z"].as_bytes(), "\u{e9}".as_bytes());
    assert!(head.keep_alive && !head.expects && !head.trailers);
    assert_eq!(head.body, Kind::Empty);
    assert_eq!(cut(b"GET / HTTP/1.1\r\nHost: a\r\n", 7), Ok(None));
}

#[test]
fn framing_and_persistence_are_told() {
    assert_eq!(taken("Content-Length:  5\t\r\n").body, Kind::Length(5));
    assert_eq!(taken("Content-Length: 0\r\n").body, Kind::Empty);
    assert_eq!(taken("Transfer-Encoding: Chunked\r\n").body, Kind::Chunked);
    assert!(!taken("Connection: x, Close\r\n").keep_alive);
    assert!(taken("Connection: keep-alive\r\n").keep_alive);
    assert!(taken("Expect: 100-Continue\r\n").expects);
    assert!(taken("TE: gzip, trailers\r\n").trailers);
    let old = |lines: &str| read(&format!("GET / HTTP/1.0\r\n{lines}\r\n")).unwrap();
    assert!(!old("").keep_alive && old("Connection: Keep-Alive\r\n").keep_alive);
}

#[test]
fn a_message_has_one_end() {
    refused("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
    refused("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
    refused("Content-Length: 5\r\nContent-Length: 5\r\n");
    refused("Content-Length: 5, 5\r\n");
    refused("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n");
    let old = read("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert!(old.is_err());
}

#[test]
fn lengths_and_codings_are_plain() {
    for length in [
        "",
        "+5",
        "-5",
        "5 5",
        "0x5",
        "5a",
        "99999999999999999999",
        "\u{b2}",
    ] {
        refused(&format!("Content-Length: {length}\r\n"));
    }
    for coding in [
        "",
        "xchunked",
        "chunkedx",
        "chunked, identity",
        "identity",
        "gzip, chunked",
        "chunk ed",
        "\"chunked\"",
        "\x0bchunked",
        "\x0cchunked",
        "chunked\x0c",
    ] {
        refused(&format!("Transfer-Encoding: {coding}\r\n"));
    }
}

#[test]
fn lines_are_plain() {
    for line in [
        "a: b\nc: d\r\n",
        "a: b\rc\r\n",
        "a:\rb\r\n",
        "a: b\r\r\n",
        "a: b\0\r\n",
        " a: b\r\n",
        "a: b\r\n c\r\n",
        "a: b\r\n\tc\r\n",
        "a : b\r\n",
        ": b\r\n",
        "a\r\n",
        "a\0: b\r\n",
        "a: \x7f\r\n",
        "\u{e9}: b\r\n",
        "Host: a\r\n",
    ] {
        refused(line);
    }
    for text in [
        "GET / HTTP/1.1\nHost: a\n\n",
        "\nGET / HTTP/1.1\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n",
        "\r\n GET / HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 \r\n\r\n",
        "GET /  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.2\r\n\r\n",
        "GET / http/1.1\r\n\r\n",
        "GET /\tx HTTP/1.1\r\n\r\n",
        "GET\t/ HTTP/1.1\r\n\r\n",
        "GET /\r\n\r\n",
        "G{T / HTTP/1.1\r\n\r\n",
        "\x16\x03\x01\x02",
    ] {
        assert_eq!(read(text).err(), Some(Refused::Malformed), "{text:?}");
    }
}

#[test]
fn heads_are_bounded() {
    let target =
        |length: usize| read(&format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(length))).err();
    assert_eq!(target(99), None);
    assert_eq!(target(100), Some(Refused::Target));
    assert_eq!(target(5000), Some(Refused::Target));
    let lines = |count: usize| {
        read(&format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "x: y\r\n".repeat(count)
        ))
        .err()
    };
    assert_eq!(lines(10), None);
    assert_eq!(lines(11), Some(Refused::Headers));
    assert_eq!(lines(1000), Some(Refused::Headers));
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(4096));
    assert_eq!(cut(long.as_bytes(), 100), Err(Refused::Headers));
}

#[test]
fn answers_are_read_and_odd_ones_refused() {
    let read =
        |text: &str, method: Method| response(&Bytes::from(text.to_owned()), &LIMITS, &method);
    let ok = |text: &str| read(text, Method::GET).unwrap();
    let head = ok("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    assert_eq!(
        (head.status.as_u16(), head.body, head.keep_alive),
        (200, Kind::Length(5), true)
    );
    assert_eq!(ok("HTTP/1.1 200\r\n\r\n").body, Kind::UntilClose);
    assert!(!ok("HTTP/1.1 200 OK\r\n\r\n").keep_alive);
    assert_eq!(
        ok("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").body,
        Kind::Empty
    );
    assert!(!ok("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n").keep_alive);
    let head = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Method::HEAD).unwrap();
    assert_eq!(head.body, Kind::Empty);
    for text in [
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\0K\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx : y\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx: y\r\n folded\r\n\r\n",
    ] {
        assert!(read(text, Method::GET).is_err(), "{text:?}");
    }
}

/// A head that is nearly right: a good one with a few bytes put in the place of others.
fn nearly() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
    use proptest::prelude::*;
    let good = prop_oneof![
        Just("GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-Y: z\r\n\r\n"),
        Just("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nConnection: close\r\n\r\n"),
        Just("\r\nPUT http://b/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ];
    let odd = prop::sample::select(b"\r\n\0 :\t,/aH0\x7f\xe9".to_vec());
    let changes = prop::collection::vec((any::<prop::sample::Index>(), odd), 0..4);
    (good, changes).prop_map(|(good, changes)| {
        let mut bytes = good.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes
    })
}

proptest::proptest! {
    /// How a head is cut into reads changes nothing, and whatever is taken has one meaning: written
    /// out plainly and read again, it is the same.
    #[test]
    fn a_head_means_one_thing(bytes in nearly(), piece in 1_usize..20) {
        let whole = cut(&bytes, bytes.len());
        proptest::prop_assert_eq!(cut(&bytes, piece), whole.clone());
        if let Ok(Some(head)) = whole
            && let Ok(read) = request(&Bytes::from(head), &LIMITS)
        {
            let mut plain = format!("{} {} {:?}\r\n", read.parts.method, read.parts.uri, read.parts.version).into_bytes();
            for (name, value) in &read.parts.headers {
                plain.extend_from_slice(name.as_str().as_bytes());
                plain.extend_from_slice(b": ");
                plain.extend_from_slice(value.as_bytes());
                plain.extend_from_slice(b"\r\n");
            }
            plain.extend_from_slice(b"\r\n");
            let again = request(&Bytes::from(plain), &LIMITS);
            let again = again.map_err(|refused| proptest::test_runner::TestCaseError::fail(refused.to_string()))?;
            proptest::prop_assert_eq!(again.parts.headers, read.parts.headers);
            proptest::prop_assert_eq!((again.body, again.keep_alive), (read.body, read.keep_alive));
        }
    }
}
