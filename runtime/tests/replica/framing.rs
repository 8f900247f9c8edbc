//! Attacks on the framing of HTTP/1.1: each is answered 400, the connection is closed, and nothing of
//! it reaches the server behind.

use super::support::{Backend, Gated, proxy_to, reply};

const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\n";

fn gateway() -> (Gated, Backend) {
    let backend = Backend::start(|_| reply("ok"));
    (
        Gated::start(&proxy_to(&[(backend.address, 1)], "")),
        backend,
    )
}

#[test]
fn malformed_heads_are_refused_and_reach_nobody() {
    let (gated, backend) = gateway();
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    let lines = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: \r\n",
        "Content-Length : 5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding:\x0bchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "X: y\n",
        "X: y\rZ: w\r\n",
        "X: y\0\r\n",
        "X: y\r\n folded\r\n",
        "X : y\r\n",
        ": y\r\n",
        "X\r\n",
        "X\0: y\r\n",
        "Host: b\r\n",
    ];
    for line in lines {
        let mut client = gated.connect();
        client.send(format!("{HEAD}{line}\r\n{smuggled}"));
        assert_eq!(client.status(), Some(400), "{line:?}");
        assert!(client.is_closed(), "{line:?}");
    }
    for text in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n",
        "GET / HTTP/3.7\r\nHost: a\r\n\r\n",
        "G{T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /../secret HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let mut client = gated.connect();
        client.send(text);
        assert_eq!(client.status(), Some(400), "{text:?}");
        assert!(client.is_closed(), "{text:?}");
    }
    assert_eq!(backend.count(), 0, "{:?}", backend.last());
}

#[test]
fn malformed_chunks_end_the_connection_and_the_server_gets_no_whole_request() {
    let (gated, backend) = gateway();
    for chunk in [
        "g\r\n",
        "5 \r\nhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "5\r\nhelloXX0\r\n\r\n",
        "-5\r\n",
        "0x5\r\nhello\r\n",
        "fffffffffffffffff\r\n",
        "0\r\nX : y\r\n\r\n",
    ] {
        let mut client = gated.connect();
        client.send(format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n{chunk}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(client.status(), Some(400), "{chunk:?}");
        assert!(client.is_closed(), "{chunk:?}");
    }
    assert_eq!(backend.count(), 0, "{:?}", backend.last());
}

#[test]
fn earlier_requests_on_the_connection_are_answered_before_the_refusal() {
    let (gated, backend) = gateway();
    let mut client = gated.connect();
    client.send(format!(
        "GET /one HTTP/1.1\r\nHost: a\r\n\r\n{HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"
    ));
    assert_eq!(client.answer().status, 200);
    assert_eq!(client.answer().status, 400);
    assert!(client.is_closed());
    assert_eq!(backend.count(), 1);
}

#[test]
fn bytes_after_an_upgrade_that_does_not_happen_are_a_request_of_their_own() {
    let (gated, backend) = gateway();
    let mut client = gated.connect();
    client.send("GET /up HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    assert_eq!(client.answer().status, 200);
    let received = backend.received.lock().unwrap();
    assert!(
        !received[0].head.to_lowercase().contains("upgrade"),
        "{}",
        received[0].head
    );
    assert!(received[1].head.starts_with("GET /next "));
}
