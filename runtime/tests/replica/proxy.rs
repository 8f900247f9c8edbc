use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::support::{
    Backend, Client, Gated, PATIENCE, dead, proxy_to, reply, values, wait_for, with_listener,
};

#[test]
fn a_request_is_passed_on_without_what_is_the_connections_own() {
    let backend = Backend::start(|_| {
        "HTTP/1.1 201 Made\r\nconnection: x-private\r\nx-private: 1\r\nkeep-alive: timeout=5\r\nx-kept: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 2\r\n\r\nok".to_owned()
    });
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    client.send("PUT /a//b/./c?x=1&y=%20 HTTP/1.1\r\nHost: shop.example:81\r\nConnection: x-secret, keep-alive\r\nX-Secret: 1\r\nTE: trailers\r\nKeep-Alive: 1\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nForwarded: for=6.6.6.6\r\nX-Kept: a\r\nX-Kept: b\r\nContent-Length: 3\r\n\r\nabc");
    let answer = client.answer();
    assert_eq!((answer.status, answer.text().as_str()), (201, "ok"));
    assert_eq!(answer.all("set-cookie"), ["a=1", "b=2"]);
    assert_eq!(answer.header("x-kept").unwrap(), "2");
    assert!(answer.header("x-private").is_none() && answer.header("keep-alive").is_none());
    assert_eq!(answer.header("via").unwrap(), "1.1 gated");

    let received = backend.last();
    let all = |name: &str| values(&received.head, name);
    assert!(
        received.head.starts_with("PUT /a/b/c?x=1&y=%20 HTTP/1.1\n"),
        "{}",
        received.head
    );
    assert_eq!(received.body, b"abc");
    assert_eq!(all("host"), [backend.address.to_string()]);
    assert_eq!(all("x-kept"), ["a", "b"]);
    assert_eq!(all("x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(all("x-forwarded-proto"), ["http"]);
    assert_eq!(all("x-forwarded-host"), ["shop.example:81"]);
    assert_eq!(
        all("forwarded"),
        ["for=127.0.0.1;host=\"shop.example:81\";proto=http"]
    );
    assert_eq!(all("te"), ["trailers"]);
    assert_eq!(all("connection"), ["te"]);
    assert_eq!(
        all("x-request-id"),
        [answer.header("x-request-id").unwrap()]
    );
    assert!(all("x-secret").is_empty() && all("keep-alive").is_empty());
}

#[test]
fn the_routes_own_headers_cannot_be_taken_out_by_the_client() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&with_listener(&format!(
        "upstream \"b\" {{\n server \"http://{}/base\"\n}}\nroute \"r\" public=#true {{\n match prefix=\"/api\"\n request {{ set \"x-user\" \"ann\" }}\n proxy \"b\" strip-prefix=\"/api\" host=\"inner.example\"\n}}",
        backend.address
    )));
    let mut client = gated.connect();
    client.send("GET /api/v1?q HTTP/1.1\r\nhost: a\r\nconnection: x-user\r\nx-user: eve\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    let received = backend.last();
    assert!(
        received.head.starts_with("GET /base/v1?q HTTP/1.1\n"),
        "{}",
        received.head
    );
    assert_eq!(values(&received.head, "x-user"), ["ann"]);
    assert_eq!(values(&received.head, "host"), ["inner.example"]);
}

#[test]
fn bodies_stream_both_ways_with_their_trailers() {
    let (send, receive) = channel();
    let send = std::sync::Mutex::new(send);
    let address = Backend::each(move |client| {
        let tell = |what: String| send.lock().unwrap().send(what).unwrap();
        client.head();
        // The first chunk is here before the client sent the second.
        tell(String::from_utf8(client.chunk().unwrap()).unwrap());
        client.send(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n3\r\none\r\n",
        );
        tell(String::from_utf8(client.chunk().unwrap()).unwrap());
        assert_eq!(client.chunk(), None);
        tell(client.head());
        client.send("3\r\ntwo\r\n0\r\nx-sum: 6\r\n\r\n");
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    let next = || receive.recv_timeout(PATIENCE).unwrap();
    client.send("POST / HTTP/1.1\r\nhost: a\r\nte: trailers\r\ntrailer: x-in\r\ntransfer-encoding: chunked\r\n\r\n4\r\nping\r\n");
    assert_eq!(next(), "ping");
    assert!(client.head().starts_with("HTTP/1.1 200"));
    assert_eq!(client.chunk().unwrap(), b"one");
    client.send("4\r\npong\r\n0\r\nx-in: 1\r\n\r\n");
    assert_eq!(next(), "pong");
    assert_eq!(next(), "x-in: 1\n");
    assert_eq!(client.chunk().unwrap(), b"two");
    assert_eq!(client.chunk(), None);
    assert_eq!(client.head(), "x-sum: 6\n");
}

#[test]
fn a_client_that_expects_100_gets_it() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    client.send("POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n");
    assert_eq!(client.answer().status, 100);
    client.send("abc");
    assert_eq!(client.answer().status, 200);
    assert_eq!(backend.last().body, b"abc");
    assert!(values(&backend.last().head, "expect").is_empty());
}

#[test]
fn head_and_empty_answers_keep_their_shape() {
    let backend = Backend::start(|request| match request.head.split(' ').nth(1).unwrap() {
        "/304" => "HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n".to_owned(),
        "/204" => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
        _ => "HTTP/1.1 200 OK\r\ncontent-length: 12345\r\n\r\n".to_owned(),
    });
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    for _ in 0..2 {
        client.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
        assert!(client.head().contains("content-length: 12345"));
        assert_eq!(client.get("/304").header("etag").unwrap(), "\"x\"");
        assert_eq!(client.get("/204").status, 204);
    }
    let upstream = gated.manage("/metrics").text();
    assert!(
        upstream.contains("gated_upstream_connections_total{upstream=\"back\"} 1\n"),
        "{upstream}"
    );
}

#[test]
fn failures_have_their_own_status_each() {
    let gated = Gated::start(&proxy_to(&[(dead(), 1), (dead(), 1)], ""));
    let begun = Instant::now();
    assert_eq!(gated.get("/").status, 503);
    assert!(
        begun.elapsed() < Duration::from_millis(500),
        "{:?}",
        begun.elapsed()
    );

    for nonsense in [
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        "",
    ] {
        let address = Backend::each(move |client| {
            client.head();
            client.send(nonsense);
        });
        let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
        assert_eq!(gated.get("/").status, 502, "{nonsense:?}");
    }

    let silent = Backend::each(|client| {
        client.head();
        std::thread::sleep(PATIENCE);
    });
    let gated = Gated::start(&proxy_to(&[(silent, 1)], "timeout request=\"200ms\""));
    let begun = Instant::now();
    assert_eq!(gated.get("/").status, 504);
    assert!(begun.elapsed() >= Duration::from_millis(200));
    let metrics = gated.manage("/metrics").text();
    assert!(
        metrics.contains("gated_upstream_errors_total{upstream=\"back\",kind=\"timeout\"} 1\n")
    );
}

#[test]
fn an_answer_that_breaks_off_is_not_made_whole() {
    let address = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(client.head().contains("content-length: 10"));
    assert_eq!(client.bytes(3), b"abc");
    assert!(client.is_closed());
    gated.logged(&["a response broke off"]);
    gated.logged(&["\"cut_short\":true"]);
}

#[test]
fn a_pause_within_an_answer_is_bounded_as_the_upstream_says() {
    let address = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\none");
        std::thread::sleep(Duration::from_secs(1));
        client.send("two");
    });
    let cut = Gated::start(&proxy_to(&[(address, 1)], "timeout idle=\"200ms\""));
    let mut client = cut.connect();
    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    client.head();
    assert_eq!(client.bytes(3), b"one");
    assert!(client.is_closed());
    cut.logged(&["came to a halt"]);
    let unbound = Gated::start(&proxy_to(&[(address, 1)], "timeout idle=\"0s\""));
    assert_eq!(unbound.get("/").text(), "onetwo");
}

#[test]
fn the_next_server_is_tried_and_shares_follow_the_weights() {
    let (a, b, c) = (
        Backend::named("a"),
        Backend::named("b"),
        Backend::named("c"),
    );
    let gated = Gated::start(&proxy_to(
        &[(a.address, 70), (b.address, 30), (c.address, 0)],
        "",
    ));
    let mut client = gated.connect();
    for _ in 0..200 {
        assert_eq!(client.get("/").status, 200);
    }
    assert_eq!((a.count(), b.count(), c.count()), (140, 60, 0));

    let gated = Gated::start(&proxy_to(&[(dead(), 5), (a.address, 1)], ""));
    let mut client = gated.connect();
    for _ in 0..10 {
        client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc");
        assert_eq!(client.answer().text(), "a");
    }
}

#[test]
fn a_server_that_closes_idle_connections_costs_no_request() {
    // Answers once on each connection and closes it without saying so.
    let address = Backend::each(|client| {
        client.head();
        client.send(reply("ok"));
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    for _ in 0..200 {
        assert_eq!(client.get("/").text(), "ok");
    }
}

#[test]
fn a_large_body_goes_through_in_both_directions() {
    let backend = Backend::start(|request| reply(&"y".repeat(request.body.len())));
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    let mut second = Client::connect(gated.web());
    let length = 8_000_000;
    client.send(format!(
        "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n"
    ));
    client.send("x".repeat(length));
    assert_eq!(client.answer().body.len(), length);
    assert_eq!(backend.last().body.len(), length);
    assert_eq!(second.get("/").status, 200);
}

/// What the log says of a request without an answer, read as JSON.
fn told(gated: &Gated) -> serde_json::Value {
    serde_json::from_str(&gated.logged(&["no answer from an upstream"])).unwrap()
}

#[test]
fn a_failure_is_told_with_server_reason_id_and_route() {
    let refusing = dead();
    let silent = Backend::each(|client| {
        client.head();
        std::thread::sleep(Duration::from_secs(2));
    });
    let broken = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\nx:");
    });
    let odd = Backend::each(|client| {
        client.head();
        client.send("SSH-2.0-server\r\n\r\n");
    });
    for (server, status, reason) in [
        (refusing, 503, "the connection was refused"),
        (silent, 504, "no answer in time"),
        (
            broken,
            502,
            "the server broke off before the end of its answer's headers",
        ),
        (odd, 502, "the answer is no HTTP"),
    ] {
        let gated = Gated::start(&proxy_to(&[(server, 1)], "timeout request=\"300ms\""));
        let answer = gated.get("/");
        assert_eq!(answer.status, status);
        let told = told(&gated);
        assert_eq!(told["level"], "WARN");
        assert_eq!(told["upstream"], "back");
        assert_eq!(told["server"], server.to_string());
        assert_eq!(told["reason"], reason);
        assert_eq!(told["status"], status);
        assert_eq!(told["route"], "all");
        assert_eq!(told["id"], answer.header("x-request-id").unwrap().as_str());
        gated.logged(&["\"WARN\"", "\"request\"", "\"answered_by\":\"gateway\""]);
    }
}

#[test]
fn many_failures_are_told_as_a_number() {
    let gated = Gated::start(&proxy_to(&[(dead(), 1)], ""));
    let mut client = gated.connect();
    for _ in 0..200 {
        assert_eq!(client.get("/").status, 503);
    }
    gated.logged(&["more like it", "\"upstream\":\"back\""]);
    // Each is told or counted, none twice.
    let number = |line: &String| -> Option<usize> {
        let (_, rest) = line.split_once("… and ")?;
        rest.split(' ').next()?.parse().ok()
    };
    wait_for(|| {
        let log = gated.log();
        let withheld: usize = log.iter().filter_map(number).sum();
        let told = log
            .iter()
            .filter(|line| line.contains("no answer from an upstream"))
            .count();
        (told + withheld == 200 && told < 200).then_some(())
    })
    .unwrap_or_else(|| panic!("{:#?}", gated.log()));
}
