//! What is refused, at which byte, and that the way bytes are cut into reads changes nothing.

use super::Framing;

/// Reads a text in pieces of one size; returns the offset of the refused byte.
fn read(text: &[u8], piece: usize) -> Option<usize> {
    let mut framing = Framing::new(true);
    for (index, bytes) in text.chunks(piece).enumerate() {
        if let Some(at) = framing.inspect(bytes) {
            return Some(index * piece + at);
        }
    }
    None
}

/// The refused byte, after making sure that every way of cutting gives the same.
fn check(text: &str) -> Option<usize> {
    let whole = read(text.as_bytes(), text.len());
    for piece in 1..text.len() {
        assert_eq!(
            read(text.as_bytes(), piece),
            whole,
            "cut into {piece}: {text:?}"
        );
    }
    whole
}

fn refused(head: &str) {
    assert!(
        check(&format!("POST / HTTP/1.1\r\nHost: a\r\n{head}")).is_some(),
        "taken: {head:?}"
    );
}

fn taken(head: &str) {
    let text = format!("POST / HTTP/1.1\r\nHost: a\r\n{head}");
    assert_eq!(check(&text), None, "refused: {head:?}");
}

#[test]
fn ordinary_messages_follow_one_another() {
    taken("\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    taken("Content-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    taken("Content-Length:  5\t\r\n\r\nhe\0\n\r\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    taken(
        "Transfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nx: y\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    );
    taken("x: \u{e9}\r\n\r\n");
}

#[test]
fn a_message_has_one_end() {
    refused("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
    refused("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n");
    refused("Content-Length: 5\r\nContent-Length: 5\r\n\r\n");
    refused("Content-Length: 5, 5\r\n\r\n");
    refused("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n");
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
        refused(&format!("Content-Length: {length}\r\n\r\n"));
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
    ] {
        refused(&format!("Transfer-Encoding: {coding}\r\n\r\n"));
    }
}

#[test]
fn chunks_are_plain() {
    for chunk in [
        "\r\n",
        "g\r\n",
        "5 \r\nhello\r\n",
        "5\nhello\r\n",
        "5\r\nhelloX",
        "5\r\nhello\n",
        "-1\r\n",
        "0x5\r\n",
        "1111111111111111\r\n",
        "5;a\nb\r\n",
        "0\r\n x: y\r\n\r\n",
    ] {
        refused(&format!("Transfer-Encoding: chunked\r\n\r\n{chunk}"));
    }
}

#[test]
fn lines_are_plain() {
    for line in [
        "a: b\nc: d\r\n",
        "a: b\rc\r\n",
        "a: b\0\r\n",
        " a: b\r\n",
        "a: b\r\n c\r\n",
        "a : b\r\n",
        ": b\r\n",
        "a\r\n",
        "a\0: b\r\n",
        "a: \x7f\r\n",
        "Host: a\r\n",
    ] {
        refused(&format!("{line}\r\n"));
    }
    assert_eq!(check("GET / HTTP/1.1\nHost: a\n\n"), Some(14));
    assert_eq!(check("\nGET / HTTP/1.1\r\n\r\n"), Some(0));
    assert_eq!(check(" GET / HTTP/1.1\r\n\r\n"), Some(0));
}

#[test]
fn http2_is_left_alone() {
    assert_eq!(check("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\n\n"), None);
    assert_eq!(check("PRINT / HTTP/1.1\r\nHost: a\r\n\r\n"), None);
    assert_eq!(check("PRI * HTTP/2.0\r\n\r\n\n"), Some(18));
    assert_eq!(
        Framing::new(false).inspect(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0"),
        Some(24)
    );
}
