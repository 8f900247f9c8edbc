//! Large bodies, which go from socket to socket unseen where the system can do that: the same bytes, the
//! same ends and the same bounds as of those that are read, and nothing is left open.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{Backend, Client, Gated, PATIENCE, proxy_to, values, wait_for};

/// Bytes that no two places have the same of.
fn bytes(length: usize, seed: usize) -> Vec<u8> {
    (0..length)
        .map(|at| ((at + seed).wrapping_mul(0x9e37_79b1) >> 13) as u8)
        .collect()
}

/// A server that sends back what it gets, or as much as the path says; and how many connections it has
/// had.
fn echo() -> (SocketAddr, Arc<AtomicUsize>) {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let address = Backend::each(move |client| {
        count.fetch_add(1, Ordering::SeqCst);
        loop {
            let head = client.head();
            let Some(path) = head.split(' ').nth(1) else {
                return;
            };
            let body = match path.trim_start_matches('/').parse() {
                Ok(length) => bytes(length, length),
                Err(_) => client.body(&head, false).0,
            };
            if !send(client, &body) {
                return;
            }
        }
    });
    (address, connections)
}

/// Sends an answer; whether it was taken.
fn send(client: &mut Client, body: &[u8]) -> bool {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let socket = client.stream.get_mut();
    socket.write_all(head.as_bytes()).is_ok() && socket.write_all(body).is_ok()
}

fn post(client: &mut Client, body: &[u8]) {
    let length = body.len();
    client.send(format!(
        "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n"
    ));
    let mut writer = client.stream.get_ref().try_clone().unwrap();
    let body = body.to_vec();
    std::thread::spawn(move || drop(writer.write_all(&body)));
}

/// A number of `/metrics`, all its lines together.
fn metric(gated: &Gated, name: &str) -> u64 {
    let text = gated.manage("/metrics").text();
    let lines = text.lines().filter(|line| line.starts_with(name));
    lines
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum()
}

/// The files that a replica has open, and how many of them are ends of pipes.
#[cfg(target_os = "linux")]
fn files(gated: &Gated) -> (usize, usize) {
    let folder = format!("/proc/{}/fd", gated.id());
    let targets: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|file| std::fs::read_link(file.ok()?.path()).ok())
        .collect();
    let pipes = targets
        .iter()
        .filter(|target| target.to_string_lossy().starts_with("pipe:"))
        .count();
    (targets.len(), pipes)
}

#[test]
fn bodies_of_all_lengths_come_through_both_ways_on_one_connection() {
    let (address, connections) = echo();
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    let (mut up, mut down) = (0, 0);
    for length in [
        0, 1, 8_191, 16_384, 32_767, 32_768, 49_152, 65_535, 65_536, 65_537, 81_920, 82_500,
        131_072, 262_143, 262_144, 262_145, 1_048_576, 7_000_001,
    ] {
        let answer = client.get(&format!("/{length}"));
        assert!(answer.body == bytes(length, length), "{length} down");
        let body = bytes(length, 3);
        post(&mut client, &body);
        assert!(client.answer().body == body, "{length} up and down");
        up += length as u64;
        down += 2 * length as u64;
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
    let counted = wait_for(|| {
        let seen = (
            metric(&gated, "gated_request_bytes_total"),
            metric(&gated, "gated_response_bytes_total"),
        );
        (seen == (up, down)).then_some(())
    });
    assert!(counted.is_some(), "{}", gated.manage("/metrics").text());
}

#[test]
fn a_body_behind_an_expectation_and_one_that_drips_come_through() {
    let (address, _) = echo();
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    let body = bytes(900_000, 9);
    client.send(
        "POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 900000\r\n\r\n",
    );
    assert!(client.head().starts_with("HTTP/1.1 100"));
    let mut writer = client.stream.get_ref().try_clone().unwrap();
    let sent = body.clone();
    std::thread::spawn(move || {
        for piece in sent.chunks(70_001) {
            writer.write_all(piece).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    assert!(client.answer().body == body);
}

/// Sends half of it, a byte that is urgent and no part of it, and the rest.
fn send_with_urgent(socket: &TcpStream, body: &[u8]) {
    let (half, rest) = body.split_at(body.len() / 2);
    let mut writer = socket;
    writer.write_all(half).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    let urgent = socket2::SockRef::from(socket).send_out_of_band(b"!");
    assert_eq!(urgent.unwrap(), 1);
    std::thread::sleep(Duration::from_millis(100));
    writer.write_all(rest).unwrap();
}

/// A pipe stops where urgent data stands, for ever; who reads goes on behind it.
#[test]
fn urgent_data_holds_up_no_body() {
    let address = Backend::each(|client| {
        let head = client.head();
        let (body, _) = client.body(&head, false);
        let length = body.len();
        client.send(format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n"
        ));
        send_with_urgent(client.stream.get_ref(), &body);
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    let body = bytes(400_000, 5);
    client.send("POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 400000\r\n\r\n");
    send_with_urgent(client.stream.get_ref(), &body);
    assert!(client.answer().body == body);
}

#[test]
fn a_client_that_takes_slowly_gets_all_of_it() {
    let (address, _) = echo();
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    client.send("GET /20000000 HTTP/1.1\r\nhost: a\r\n\r\n");
    client.head();
    let mut all = Vec::new();
    while all.len() < 20_000_000 {
        let count = (20_000_000 - all.len()).min(400_000);
        all.extend(client.bytes(count));
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(all == bytes(20_000_000, 20_000_000));
    // The connection is as good as new.
    assert!(client.get("/100000").body == bytes(100_000, 100_000));
}

#[test]
fn a_server_that_breaks_off_or_halts_is_cut_off_where_it_did() {
    let address = Backend::each(|client| {
        loop {
            let head = client.head();
            let path = head.split(' ').nth(1).unwrap_or_default();
            if path == "/good" {
                send(client, b"good");
                continue;
            }
            client.send("HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n");
            client.send(bytes(1_000_000, 1));
            if path == "/halts" {
                std::thread::sleep(PATIENCE);
            }
            return;
        }
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], "timeout idle=\"300ms\""));
    for (path, reason) in [
        ("/breaks", "closed before the end of the body"),
        ("/halts", "came to a halt"),
    ] {
        let mut client = gated.connect();
        client.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"));
        let head = client.head();
        assert_eq!(values(&head, "content-length"), ["3000000"]);
        let mut all = Vec::new();
        let _ = client.stream.read_to_end(&mut all);
        assert!(all == bytes(1_000_000, 1), "{path}: {}", all.len());
        gated.logged(&["a response broke off", reason]);
        assert_eq!(gated.get("/good").text(), "good");
    }
}

/// A server that takes what comes until it ends, and how much each connection brought.
fn counts() -> (SocketAddr, Receiver<usize>) {
    let (counts, counted) = channel();
    let counts = Mutex::new(counts);
    let address = Backend::each(move |client| {
        client.head();
        let mut taken = Vec::new();
        let _ = client.stream.read_to_end(&mut taken);
        counts.lock().unwrap().send(taken.len()).unwrap();
    });
    (address, counted)
}

#[test]
fn an_upload_that_breaks_off_or_halts_never_looks_whole() {
    let (address, counted) = counts();
    let spec = proxy_to(&[(address, 1)], "").replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n limits {\n  idle-timeout \"1s\"\n }\n}",
    );
    let gated = Gated::start(&spec);
    for (how, status) in [
        (Some(Shutdown::Both), None),
        (Some(Shutdown::Write), Some(400)),
        (None, Some(408)),
    ] {
        let mut client = gated.connect();
        client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n");
        client.send(bytes(1_000_000, 1));
        if let Some(how) = how {
            client.stream.get_ref().shutdown(how).unwrap();
        }
        if status.is_some() {
            assert_eq!(client.status(), status, "{how:?}");
        }
        let count = counted.recv_timeout(PATIENCE).unwrap();
        assert!(count <= 1_000_000, "{count}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn who_leaves_in_the_middle_leaves_nothing_open() {
    let (address, _) = echo();
    let spec = proxy_to(&[(address, 1)], "").replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n limits {\n  idle-timeout \"1s\"\n }\n}",
    );
    let gated = Gated::start(&spec);
    assert_eq!(gated.get("/10").body.len(), 10);
    let (before, _) = files(&gated);
    let request = "GET /50000000 HTTP/1.1\r\nhost: a\r\n\r\n";
    for _ in 0..30 {
        let mut leaves = gated.connect();
        leaves.send(request);
        leaves.bytes(300_000);
    }
    // These stay, and take nothing: the listener's own bound ends them.
    let stay: Vec<TcpStream> = (0..10)
        .map(|_| {
            let mut client = gated.connect();
            client.send(request);
            client.bytes(1000);
            client.stream.into_inner()
        })
        .collect();
    // What is kept for the next body is no more than a few pipes.
    let settled = wait_for(|| (files(&gated).0 <= before + 16).then_some(()));
    assert!(settled.is_some(), "{before}, now {:?}", files(&gated));
    drop(stay);
    assert!(gated.get("/3000000").body == bytes(3_000_000, 3_000_000));
}

#[cfg(target_os = "linux")]
#[test]
fn more_slow_clients_than_pipes_all_get_their_bytes() {
    let (address, _) = echo();
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut slow: Vec<Client> = (0..90).map(|_| gated.connect()).collect();
    for client in &mut slow {
        client.send("GET /12000000 HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    let all_wait = wait_for(|| (files(&gated).1 >= 128).then_some(()));
    assert!(all_wait.is_some(), "{:?}", files(&gated));
    assert!(files(&gated).1 <= 132, "{:?}", files(&gated));
    let expected = bytes(12_000_000, 12_000_000);
    for client in &mut slow {
        assert!(client.answer().body == expected);
    }
    let settled = wait_for(|| (files(&gated).1 <= 20).then_some(()));
    assert!(settled.is_some(), "{:?}", files(&gated));
}
