//! What clients and servers try, and what must not come of it.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use super::support::{
    Backend, Client, Gated, PATIENCE, dead, proxy_to, reply, values, wait_for, with_listener,
};

#[test]
fn a_routes_time_counts_from_the_request_on_whatever_it_does() {
    let silent = Backend::each(|client| {
        client.head();
        std::thread::sleep(PATIENCE);
    });
    let gated = Gated::start(&with_listener(&format!(
        r#"upstream "back" {{
            server "http://{silent}"
        }}
        route "mock" public=#true timeout="400ms" {{
            match "POST" "/mock"
            respond 200 "{{{{ body }}}}"
        }}
        route "plain" public=#true timeout="400ms" {{
            match "POST" "/plain"
            respond 200 "ok"
        }}
        route "proxied" public=#true timeout="400ms" {{
            match "POST" "/proxied"
            proxy "back"
        }}"#
    )));
    let slow = |path: &str| {
        let begun = Instant::now();
        let mut client = gated.connect();
        client.send(format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n"
        ));
        let mut sender = Client {
            stream: std::io::BufReader::new(client.stream.get_ref().try_clone().unwrap()),
        };
        let sending = std::thread::spawn(move || {
            use std::io::Write;
            // A byte now and then is no halt, but the time of the route is over all the same.
            for _ in 0..15 {
                std::thread::sleep(Duration::from_millis(100));
                if sender.stream.get_mut().write_all(b"x").is_err() {
                    return;
                }
            }
        });
        let status = client.answer().status;
        let took = begun.elapsed();
        sending.join().unwrap();
        assert!(
            (Duration::from_millis(400)..Duration::from_millis(1200)).contains(&took),
            "{path}: {took:?}"
        );
        status
    };
    for path in ["/mock", "/plain", "/proxied"] {
        assert_eq!(slow(path), 408, "{path}");
    }
    let mut client = gated.connect();
    client.send("POST /proxied HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx");
    assert_eq!(client.answer().status, 504);
    client = gated.connect();
    client.send("POST /mock HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc");
    assert_eq!(client.answer().text(), "abc");
}

#[test]
fn trailers_bring_nothing_that_headers_decide() {
    let (send, receive) = channel();
    let send = std::sync::Mutex::new(send);
    let address = Backend::each(move |client| {
        let head = client.head();
        while client.chunk().is_some() {}
        send.lock().unwrap().send((head, client.head())).unwrap();
        client.send(reply("ok"));
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    client.send("POST / HTTP/1.1\r\nhost: a\r\nx-user: ann\r\ntrailer: x-sum, X-Forwarded-For, Authorization\r\ntrailer: x-request-id, x-user\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-sum: 1\r\nx-forwarded-for: 6.6.6.6\r\nauthorization: x\r\nx-request-id: y\r\nx-user: eve\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    let (head, trailers) = receive.recv_timeout(PATIENCE).unwrap();
    assert_eq!(trailers, "x-sum: 1\n");
    assert_eq!(values(&head, "trailer"), ["x-sum"]);
}

#[test]
fn a_get_keeps_its_chunked_body() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    client.send(
        "GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    );
    assert_eq!(client.answer().status, 200);
    assert_eq!(backend.last().body, b"abc");
    assert_eq!(client.get("/").status, 200);
    let plain = backend.last();
    assert!(plain.body.is_empty() && values(&plain.head, "transfer-encoding").is_empty());
}

#[test]
fn clients_cannot_strip_the_id_or_claim_who_they_are() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let mut client = gated.connect();
    client.send("GET / HTTP/1.1\r\nhost: a\r\nconnection: x-request-id\r\nx-request-id: mine\r\nX_Forwarded_For: 6.6.6.6\r\nx-original-url: /admin\r\nx-rewrite-url: /admin\r\ntrue-client-ip: 6.6.6.6\r\ncookie: a=1\r\ncookie: b=2\r\n\r\n");
    let answer = client.answer();
    let head = backend.last().head;
    let sent = values(&head, "x-request-id");
    assert_eq!(sent, answer.all("x-request-id"));
    assert!(sent.len() == 1 && sent[0] != "mine", "{sent:?}");
    assert!(
        !head.contains("6.6.6.6") && !head.contains("/admin"),
        "{head}"
    );
    assert_eq!(values(&head, "cookie"), ["a=1; b=2"]);

    // HTTP/1.0 without a host says nothing about one.
    let mut old = gated.connect();
    old.send("GET / HTTP/1.0\r\n\r\n");
    assert_eq!(old.answer().status, 200);
    assert!(!backend.last().head.contains("x-forwarded-host"));
}

#[test]
fn dots_with_parameters_reach_no_server() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    for path in ["/up/..;/x/%2e%2e/y", "/up/..%3b/y", "/.;x"] {
        assert_eq!(gated.get(path).status, 400, "{path}");
    }
    assert_eq!(backend.count(), 0);
}

#[test]
fn head_of_what_has_no_body_tells_no_length() {
    let gated = Gated::routes(
        "route \"a\" public=#true {\n match \"HEAD\" \"/204\"\n respond 204\n}\nroute \"b\" public=#true {\n match \"HEAD\" \"/304\"\n respond 304\n}\nroute \"c\" public=#true {\n match \"HEAD\" \"/200\"\n respond 200 \"abc\"\n}",
    );
    let mut client = gated.connect();
    for (path, length) in [("/204", None), ("/304", None), ("/200", Some("3"))] {
        client.send(format!("HEAD {path} HTTP/1.1\r\nhost: a\r\n\r\n"));
        let head = client.head();
        let told = values(&head, "content-length");
        assert_eq!(told.first().map(String::as_str), length, "{head}");
    }
}

#[test]
fn where_all_servers_are_down_nobody_waits_and_one_looks_again() {
    let address = dead();
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let tries = || {
        let metrics = gated.manage("/metrics").text();
        let line = metrics
            .lines()
            .find(|line| line.contains("kind=\"connect\""))
            .map(str::to_owned);
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
            .unwrap_or_else(|| panic!("no counter: {metrics}"))
    };
    let begun = Instant::now();
    for _ in 0..50 {
        assert_eq!(gated.get("/").status, 503);
    }
    let most = 2 + begun.elapsed().as_secs();
    assert!(tries() <= most, "{} tries", tries());
    // It is found again once it is up.
    let listener = std::net::TcpListener::bind(address).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut client = Client {
                stream: std::io::BufReader::new(stream),
            };
            client.head();
            client.send(reply("up"));
        }
    });
    let found = wait_for(|| Some(gated.get("/")).filter(|answer| answer.status == 200));
    assert_eq!(found.unwrap().text(), "up");
}
