use std::time::{Duration, Instant};

use super::support::{Client, Gated, wait_for, word};

fn limited() -> Gated {
    Gated::start(&format!(
        r#"gateway "t" workers=1
        listener "web" bind="127.0.0.1:0" {{
            limits {{
                header-size "1KiB"
                header-count 10
                uri-size "100B"
                body-size "1KiB"
                header-timeout "300ms"
                idle-timeout "1s"
                connections 3
            }}
        }}
        route "big" public=#true {{
            match "POST" "/big"
            body-limit "4KiB"
            respond 200 "{{{{ body | length }}}}"
        }}
        {}"#,
        word("a", "/a", "a")
    ))
}

fn post(client: &mut Client, path: &str, length: usize) -> u16 {
    client.send(format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n"
    ));
    client.send("x".repeat(length));
    client.answer().status
}

#[test]
fn targets_headers_and_bodies_are_bounded() {
    let gated = limited();
    let status = |text: String| {
        let mut client = gated.connect();
        client.send(text);
        let status = client.answer().status;
        assert!(status == 200 || client.is_closed());
        status
    };
    assert_eq!(gated.get("/a").status, 200);
    assert_eq!(
        status(format!(
            "GET /{} HTTP/1.1\r\nhost: a\r\n\r\n",
            "a".repeat(100)
        )),
        414
    );
    assert_eq!(
        status(format!(
            "GET /a HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n",
            "a".repeat(1024)
        )),
        431
    );
    assert_eq!(
        status(format!(
            "GET /a HTTP/1.1\r\nhost: a\r\n{}\r\n",
            "x: y\r\n".repeat(10)
        )),
        431
    );
    assert_eq!(
        status(format!(
            "GET /a HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n",
            "a".repeat(90_000)
        )),
        431
    );
    assert_eq!(
        status(format!(
            "GET /a HTTP/1.1\r\nhost: a\r\n{}\r\n",
            "x: y\r\n".repeat(2_000)
        )),
        431
    );
    assert_eq!(
        status("POST /none HTTP/1.1\r\nhost: a\r\ncontent-length: 1025\r\n\r\n".into()),
        413
    );
    assert_eq!(
        status("POST /big HTTP/1.1\r\nhost: a\r\ncontent-length: 4097\r\n\r\n".into()),
        413
    );
    let chunks = format!("{:x}\r\n{}\r\n0\r\n\r\n", 4097, "x".repeat(4097));
    assert_eq!(
        status(format!(
            "POST /big HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"
        )),
        413
    );
    // What is within the bounds is served, and a client that sends too much can still read why.
    assert_eq!(post(&mut gated.connect(), "/big", 4096), 200);
    assert_eq!(post(&mut gated.connect(), "/big", 900_000), 413);
}

#[test]
fn slow_heads_bodies_and_idle_connections_are_closed() {
    let gated = limited();
    let begun = Instant::now();
    let mut slow = gated.connect();
    slow.send("GET /a HTTP/1.1\r\nho");
    assert!(slow.is_closed());
    let head = begun.elapsed();
    assert!(
        head > Duration::from_millis(290) && head < Duration::from_millis(950),
        "{head:?}"
    );

    let begun = Instant::now();
    let mut idle = gated.connect();
    assert_eq!(idle.get("/a").status, 200);
    assert!(idle.is_closed());
    assert!(begun.elapsed() > Duration::from_millis(950));

    let mut stuck = gated.connect();
    stuck.send("POST /big HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc");
    assert_eq!(stuck.answer().status, 408);
    assert!(stuck.is_closed());
}

#[test]
fn connections_beyond_the_bound_wait_their_turn() {
    let gated = limited();
    let mut first: Vec<Client> = (0..3).map(|_| gated.connect()).collect();
    for client in &mut first {
        assert_eq!(client.get("/a").status, 200);
    }
    let mut fourth = gated.connect();
    fourth.send("GET /a HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(gated.status()["listeners"][0]["connections"], 3);
    first.pop();
    assert_eq!(fourth.answer().status, 200);
    drop((first, fourth));
    wait_for(|| (gated.status()["connections"]["open"] == 0).then_some(())).unwrap();
}
