//! Clients behind a proxy that says who they are, and bounds on what one connection brings.

use super::frames::Raw;
use super::support::{Backend, Client, Gated, proxy_to, values};

/// A gateway that passes everything on and takes PROXY headers so.
fn gateway(backend: &Backend, how: &str) -> Gated {
    let spec = proxy_to(&[(backend.address, 1)], "").replace(
        "bind=\"127.0.0.1:0\"",
        &format!("bind=\"127.0.0.1:0\" {{\n{how}\nlimits {{\nheader-timeout \"300ms\"\nidle-timeout \"1s\"\n}}\n}}"),
    );
    Gated::start(&spec)
}

const TRUSTED: &str = "{\nfrom \"192.0.2.0/24\" \"127.0.0.0/8\"\n}";
const STRANGER: &str = "{\nfrom \"192.0.2.0/24\"\n}";
const LINE: &str = "PROXY TCP4 203.0.113.7 192.0.2.1 4711 80\r\n";
const REQUEST: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
const SIGNATURE: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// Version 2 for this address, with something behind the addresses.
fn version2() -> Vec<u8> {
    let rest = [203, 0, 113, 8, 192, 0, 2, 1, 1, 2, 0, 80, 4, 0, 1, 0];
    [SIGNATURE, &[0x21, 0x11, 0, 16], &rest].concat()
}

/// Who the server is told the client is; `None`: the connection was closed.
fn told(gated: &Gated, backend: &Backend, sent: &[u8]) -> Option<String> {
    let mut client = gated.connect();
    // The gateway may have closed already.
    let _ = std::io::Write::write_all(client.stream.get_mut(), sent);
    // Closed with what was sent unread, which resets the connection.
    let mut byte = [0; 1];
    client
        .stream
        .get_ref()
        .peek(&mut byte)
        .ok()
        .filter(|count| *count > 0)?;
    match client.status() {
        Some(200) => values(&backend.last().head, "x-forwarded-for").pop(),
        Some(400) | None => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_the_client_is_comes_from_whom_the_spec_trusts() {
    let backend = Backend::named("ok");
    let line = [LINE, REQUEST].concat();
    let binary = [&version2()[..], REQUEST.as_bytes()].concat();
    let local = [SIGNATURE, &[0x20, 0, 0, 0], REQUEST.as_bytes()].concat();
    let unknown = format!("PROXY UNKNOWN\r\n{REQUEST}");
    let broken = format!("PROXY TCP4 203.0.113.7\r\n{REQUEST}");
    let me = Some("127.0.0.1");
    for (how, expected) in [
        (
            format!("proxy-protocol \"require\" {TRUSTED}"),
            [Some("203.0.113.7"), Some("203.0.113.8"), me, me, None, None],
        ),
        (
            format!("proxy-protocol \"optional\" {TRUSTED}"),
            [Some("203.0.113.7"), Some("203.0.113.8"), me, me, None, me],
        ),
        (
            format!("proxy-protocol \"optional\" {STRANGER}"),
            [None, None, None, None, None, me],
        ),
        (format!("proxy-protocol \"require\" {STRANGER}"), [None; 6]),
        (
            "proxy-protocol \"off\"".to_owned(),
            [None, None, None, None, None, me],
        ),
    ] {
        let gated = gateway(&backend, &how);
        let sent: [&[u8]; 6] = [
            line.as_bytes(),
            &binary,
            &local,
            unknown.as_bytes(),
            broken.as_bytes(),
            REQUEST.as_bytes(),
        ];
        for (sent, expected) in sent.iter().zip(expected) {
            let told = told(&gated, &backend, sent);
            assert_eq!(told.as_deref(), expected, "{how}: {}", sent.escape_ascii());
        }
    }
}

#[test]
fn a_header_may_come_in_pieces_but_not_for_ever() {
    let backend = Backend::named("ok");
    let gated = gateway(&backend, &format!("proxy-protocol \"require\" {TRUSTED}"));
    for header in [LINE.as_bytes().to_vec(), version2()] {
        let mut client = gated.connect();
        for piece in header.chunks(9) {
            client.send(piece);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert_eq!(client.get("/").status, 200);
        // What comes later on the connection is nobody's header.
        client.send(format!("{LINE}\r\n"));
        assert_eq!(client.status(), Some(400));
        for end in [0, 3, header.len() - 1] {
            let mut half = gated.connect();
            half.send(&header[..end]);
            assert!(half.is_closed());
        }
    }
    let mut endless = gated.connect();
    endless.send(format!("PROXY UNKNOWN {}", "x".repeat(200)));
    assert!(endless.is_closed());
    gated.logged(&["\"client\":\"203.0.113.7\""]);
    gated.logged(&["\"client\":\"203.0.113.8\""]);
}

#[test]
fn a_connection_brings_so_many_requests_and_no_more() {
    let backend = Backend::named("ok");
    let spec = proxy_to(&[(backend.address, 1)], "").replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\nlimits {\nrequests 3\nbacklog 16\n}\n}",
    );
    let gated = Gated::start(&spec);
    let mut client = gated.connect();
    for number in 1..=3 {
        let answer = client.get("/");
        let closes = answer.header("connection").as_deref() == Some("close");
        assert_eq!((answer.status, closes), (200, number == 3), "{number}");
    }
    assert!(client.is_closed());
    let mut raw = Raw::connect(&gated);
    let mut told = false;
    for stream in [1, 3, 5] {
        assert!(!told, "told to go before its last request");
        raw.send(&super::frames::get(stream, "/"));
        told = raw.is_told_to_go(stream);
    }
    assert!(
        told || raw
            .next()
            .is_some_and(|came| came.kind == super::frames::GOAWAY)
    );
    assert_eq!(Client::connect(gated.web()).get("/").status, 200);
}
