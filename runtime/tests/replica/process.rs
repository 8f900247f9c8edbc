use std::process::Output;
use std::time::{Duration, Instant};

use super::support::{Backend, Gated, command, folder_with, values, wait_for, with_listener, word};

fn slow_gateway(pause: Duration) -> Gated {
    let backend = Backend::each(move |client| {
        client.head();
        std::thread::sleep(pause);
        client.send(super::support::reply("late"));
    });
    Gated::start(&super::support::proxy_to(&[(backend, 1)], ""))
}

#[test]
fn a_stop_lets_requests_in_flight_finish() {
    let mut gated = slow_gateway(Duration::from_millis(600));
    let mut busy = gated.connect();
    busy.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    let mut idle = gated.connect();
    wait_for(|| (gated.status()["requests"]["in_flight"] == 1).then_some(())).unwrap();
    gated.signal("TERM");
    wait_for(|| (gated.manage("/ready").status == 503).then_some(())).unwrap();
    assert!(wait_for(|| std::net::TcpStream::connect(gated.web()).err()).is_some());
    let answer = busy.answer();
    assert_eq!((answer.status, answer.text().as_str()), (200, "late"));
    assert_eq!(answer.header("connection").unwrap(), "close");
    assert!(idle.is_closed());
    assert_eq!(gated.wait().code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut gated = slow_gateway(Duration::from_secs(15));
    let mut busy = gated.connect();
    busy.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    wait_for(|| (gated.status()["requests"]["in_flight"] == 1).then_some(())).unwrap();
    let begun = Instant::now();
    gated.signal("TERM");
    wait_for(|| (gated.manage("/ready").status == 503).then_some(())).unwrap();
    gated.signal("INT");
    assert_eq!(gated.wait().code(), Some(1));
    assert!(begun.elapsed() < Duration::from_secs(4));
}

#[test]
fn the_drain_has_an_end() {
    let backend = Backend::each(|client| {
        client.head();
        std::thread::sleep(super::support::PATIENCE);
    });
    let spec = super::support::proxy_to(&[(backend, 1)], "").replace("5s", "300ms");
    let mut gated = Gated::start(&spec);
    let mut busy = gated.connect();
    busy.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    wait_for(|| (gated.status()["requests"]["in_flight"] == 1).then_some(())).unwrap();
    gated.signal("TERM");
    assert_eq!(gated.wait().code(), Some(0));
    gated.logged(&["replica.stopped", "connections_cut\":1"]);
}

fn fails(spec: &str, arguments: &[&str]) -> Output {
    let (folder, _) = folder_with(spec);
    command(folder.path(), "gate.kdl", arguments)
        .output()
        .unwrap()
}

#[test]
fn a_spec_with_mistakes_does_not_start() {
    let output = fails(
        &with_listener("route \"a\" public=#true {\n respnod 200\n}"),
        &[],
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("respnod") && text.contains("gate.kdl:4"),
        "{text}"
    );
}

#[test]
fn a_taken_address_is_told_with_the_listeners_name() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let spec = format!(
        "listener \"front\" bind=\"{address}\"\n{}",
        word("a", "/a", "a")
    );
    let output = fails(&spec, &[]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("`front`") && text.contains(&address.to_string()) && text.contains("in use"),
        "{text}"
    );

    let output = fails(
        &with_listener(&word("a", "/a", "a")),
        &["--management", &address.to_string()],
    );
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("management"), "{text}");
}

#[test]
fn a_secret_that_is_missing_refuses_the_bundle_and_one_that_is_there_is_used() {
    let backend = Backend::named("ok");
    let spec = with_listener(&format!(
        "upstream \"b\" {{\n server \"http://{}\"\n}}\nroute \"a\" public=#true {{\n match \"/a\"\n request {{ set \"x-key\" (secret)\"api-key\" }}\n proxy \"b\"\n}}",
        backend.address
    ));
    let output = fails(&spec, &[]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("`api-key`"), "{text}");

    let (folder, _) = folder_with(&spec);
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    std::fs::write(folder.path().join("secrets/api-key"), "k1\n").unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &["--secrets-dir", "secrets"]);
    assert_eq!(gated.get("/a").status, 200);
    assert_eq!(values(&backend.last().head, "x-key"), ["k1"]);
    assert!(!gated.log().concat().contains("k1"));
}
