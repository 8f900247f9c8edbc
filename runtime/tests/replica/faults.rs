//! Servers that fail, at every point of an answer. The client sees 502 or an answer that is visibly cut
//! off, never a whole one; nothing is asked twice that must not be; and nobody else's answers are
//! touched.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::frames::{DATA, END_STREAM, HEADERS, RST_STREAM, Raw, frame, post};
use super::support::{Backend, Client, Gated, PATIENCE, proxy_to, reply};

/// How a server goes on after what it sent.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Close,
    Reset,
    /// Sends nothing more, and still reads.
    HalfClose,
    /// Goes on as if all were well.
    Stay,
}

use Then::{Close, HalfClose, Reset, Stay};

const WHOLE: &str = "whole";
const CUT: &str = "cut";
const BAD: &str = "502";

/// A fault: its name, what the server sends, what it does then, and what the client sees.
type Fault = (&'static str, Vec<u8>, Then, &'static str);

fn faults() -> Vec<Fault> {
    let fault = |name, sent: &str, then, seen| (name, sent.as_bytes().to_vec(), then, seen);
    let long = "a".repeat(300_000);
    let chunked =
        |rest: &str| format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{rest}");
    let length = |rest: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{rest}");
    let head = |line: &str| format!("HTTP/1.1 200 OK\r\n{line}\r\n\r\nhello");
    let whole_long = reply(&long);
    let half_long = &whole_long[..200_000];
    vec![
        fault("nothing", "", Close, BAD),
        fault("nothing, reset", "", Reset, BAD),
        fault("nothing, half closed", "", HalfClose, BAD),
        fault("half a first line", "HTTP/1.", Close, BAD),
        fault("half a head", "HTTP/1.1 200 OK\r\ncontent-le", Close, BAD),
        fault(
            "half a head, reset",
            "HTTP/1.1 200 OK\r\ncontent-le",
            Reset,
            BAD,
        ),
        fault("a head alone", &length(""), Close, CUT),
        fault("a head alone, reset", &length(""), Reset, CUT),
        fault("half a body", &length("he"), Close, CUT),
        fault("half a body, reset", &length("he"), Reset, CUT),
        fault("half a body, half closed", &length("he"), HalfClose, CUT),
        fault("half of a long body", half_long, Close, CUT),
        fault("half of a long body, reset", half_long, Reset, CUT),
        fault(
            "half of a long body, half closed",
            half_long,
            HalfClose,
            CUT,
        ),
        fault("a whole long body, closed", &whole_long, Close, WHOLE),
        fault(
            "a whole long body, half closed",
            &whole_long,
            HalfClose,
            WHOLE,
        ),
        fault(
            "more than a long body",
            &format!("{whole_long}{}", reply("stolen")),
            Stay,
            WHOLE,
        ),
        fault("a whole body, closed", &length("hello"), Close, WHOLE),
        fault(
            "a whole body, half closed",
            &length("hello"),
            HalfClose,
            WHOLE,
        ),
        fault(
            "more than the length",
            &length(&format!("hello{}", reply("stolen"))),
            Stay,
            WHOLE,
        ),
        fault("no chunk", &chunked(""), Close, CUT),
        fault("half a size", &chunked("5"), Close, CUT),
        fault("half a chunk", &chunked("5\r\nhe"), Close, CUT),
        fault("half a chunk, reset", &chunked("5\r\nhe"), Reset, CUT),
        fault(
            "one chunk and no last",
            &chunked("5\r\nhello\r\n"),
            Close,
            CUT,
        ),
        fault("one chunk, reset", &chunked("5\r\nhello\r\n"), Reset, CUT),
        fault(
            "no line end behind a chunk",
            &chunked("5\r\nhello0\r\n\r\n"),
            Stay,
            CUT,
        ),
        fault(
            "a size that is none",
            &chunked("5\r\nhello\r\nzz\r\n\r\n"),
            Stay,
            CUT,
        ),
        fault(
            "a size that overflows",
            &chunked("5\r\nhello\r\n10000000000000000\r\n"),
            Stay,
            CUT,
        ),
        fault(
            "a negative size",
            &chunked("5\r\nhello\r\n-1\r\n"),
            Stay,
            CUT,
        ),
        fault("half an end", &chunked("5\r\nhello\r\n0\r\n"), Close, CUT),
        fault(
            "half a trailer",
            &chunked("5\r\nhello\r\n0\r\nx: y\r\n"),
            Close,
            CUT,
        ),
        fault(
            "a broken trailer",
            &chunked("5\r\nhello\r\n0\r\nx : y\r\n\r\n"),
            Stay,
            CUT,
        ),
        fault(
            "chunks and more",
            &chunked(&format!("5\r\nhello\r\n0\r\n\r\n{}", reply("stolen"))),
            Stay,
            WHOLE,
        ),
        fault(
            "until the end",
            "HTTP/1.1 200 OK\r\n\r\nhello",
            Close,
            WHOLE,
        ),
        fault(
            "until the end, reset",
            "HTTP/1.1 200 OK\r\n\r\nhello",
            Reset,
            CUT,
        ),
        fault("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Stay, BAD),
        fault("a body alone", "hello\r\n\r\n", Stay, BAD),
        fault(
            "HTTP/2",
            "\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64",
            Stay,
            BAD,
        ),
        fault(
            "another version",
            "HTTP/3.0 200 OK\r\ncontent-length: 0\r\n\r\n",
            Stay,
            BAD,
        ),
        fault(
            "no status",
            "HTTP/1.1 OK\r\ncontent-length: 0\r\n\r\n",
            Stay,
            BAD,
        ),
        fault(
            "a status of two digits",
            "HTTP/1.1 99 No\r\ncontent-length: 0\r\n\r\n",
            Stay,
            BAD,
        ),
        fault(
            "a status of four digits",
            "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
            Stay,
            BAD,
        ),
        fault(
            "length and coding",
            &head("content-length: 5\r\ntransfer-encoding: chunked"),
            Stay,
            BAD,
        ),
        fault(
            "two lengths",
            &head("content-length: 5\r\ncontent-length: 6"),
            Stay,
            BAD,
        ),
        fault(
            "a length that is none",
            &head("content-length: five"),
            Stay,
            BAD,
        ),
        fault(
            "a coding nobody asked for",
            &head("transfer-encoding: gzip, chunked"),
            Stay,
            BAD,
        ),
        fault("a NUL", &head("x: \0"), Stay, BAD),
        fault("a bare CR", &head("x: a\rb"), Stay, BAD),
        fault(
            "a bare LF",
            "HTTP/1.1 200 OK\ncontent-length: 5\n\nhello",
            Stay,
            BAD,
        ),
        fault(
            "a folded line",
            &head("x: a\r\n b\r\ncontent-length: 5"),
            Stay,
            BAD,
        ),
        fault(
            "a head without end",
            &format!("HTTP/1.1 200 OK\r\nx: {long}"),
            Stay,
            BAD,
        ),
        fault(
            "lines without end",
            &format!("HTTP/1.1 200 OK\r\n{}", "x: y\r\n".repeat(300)),
            Stay,
            BAD,
        ),
        fault(
            "101 unasked",
            "HTTP/1.1 101 Go\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
            Stay,
            BAD,
        ),
        fault(
            "interim answers first",
            &format!(
                "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 103 Hint\r\nlink: </a>\r\n\r\n{}",
                length("hello")
            ),
            Stay,
            WHOLE,
        ),
        fault(
            "interim answers without end",
            &"HTTP/1.1 103 Hint\r\n\r\n".repeat(50),
            Stay,
            BAD,
        ),
        fault(
            "an interim answer and no more",
            "HTTP/1.1 103 Hint\r\n\r\n",
            Close,
            BAD,
        ),
    ]
}

/// A server that fails where it is asked to, and else says back what it is asked for.
struct Failing {
    gated: Gated,
    /// How often each path was asked for.
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl Failing {
    fn start() -> Self {
        let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let faults = faults();
        let address = Backend::each(move |client| {
            loop {
                let head = client.head();
                let Some(path) = head.split(' ').nth(1).map(str::to_owned) else {
                    return;
                };
                client.body(&head, false);
                *seen.lock().unwrap().entry(path.clone()).or_default() += 1;
                let number = path
                    .strip_prefix("/fault/")
                    .and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
                let Some((_, sent, then, _)) = number.and_then(|number| faults.get(number)) else {
                    client.send(reply(&path));
                    continue;
                };
                // The gateway may have had enough before all is sent.
                let _ = client.stream.get_mut().write_all(sent);
                if !goes_on(client.stream.get_ref(), *then) {
                    return;
                }
            }
        });
        Self {
            gated: Gated::start(&proxy_to(&[(address, 1)], "")),
            asked,
        }
    }

    fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}

fn goes_on(stream: &TcpStream, then: Then) -> bool {
    match then {
        Stay => return true,
        Close => {}
        Reset => {
            // What was sent is to be there first.
            std::thread::sleep(Duration::from_millis(30));
            let socket = socket2::SockRef::from(stream);
            socket.set_linger(Some(Duration::ZERO)).unwrap();
        }
        HalfClose => {
            stream.shutdown(Shutdown::Write).unwrap();
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    false
}

/// What a client of HTTP/1.1 sees.
fn by_http1(gated: &Gated, path: &str) -> String {
    let mut client = gated.connect();
    client.send(format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc"
    ));
    let mut all = Vec::new();
    let ended = client.stream.read_to_end(&mut all).is_ok();
    let text = String::from_utf8_lossy(&all);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    if head.starts_with("HTTP/1.1 502 ") {
        return BAD.to_owned();
    }
    assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {text}");
    let is_whole = match super::support::values(head, "content-length").first() {
        Some(length) => body.len().to_string() == *length,
        None => body.ends_with("0\r\n\r\n"),
    };
    if ended && is_whole { WHOLE } else { CUT }.to_owned()
}

/// What a client of HTTP/2 sees.
fn by_http2(gated: &Gated, path: &str) -> String {
    let mut raw = Raw::connect(gated);
    raw.send(&post(1, path));
    raw.send(&frame(DATA, END_STREAM, 1, b"abc"));
    let mut good = false;
    while let Some(came) = raw.next() {
        match (came.kind, came.stream) {
            (RST_STREAM, 1) => return CUT.to_owned(),
            (HEADERS, 1) if !good && came.payload[0] != 0x88 => return BAD.to_owned(),
            (HEADERS | DATA, 1) => {
                good = true;
                if came.flags & END_STREAM != 0 {
                    return WHOLE.to_owned();
                }
            }
            _ => {}
        }
    }
    "closed".to_owned()
}

#[test]
fn every_fault_shows_and_touches_nobody_else() {
    let failing = Failing::start();
    let over = Arc::new(AtomicBool::new(false));
    let others: Vec<_> = (0..4)
        .map(|number| {
            let (over, address) = (Arc::clone(&over), failing.gated.web());
            std::thread::spawn(move || {
                let mut client = Client::connect(address);
                let mut count = 0;
                while !over.load(Ordering::SeqCst) {
                    let path = format!("/echo/{number}/{count}");
                    assert_eq!(client.get(&path).text(), path);
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut wrong = Vec::new();
    for (number, (name, _, _, expected)) in faults().iter().enumerate() {
        for (protocol, see) in [
            ("HTTP/1.1", by_http1 as fn(&Gated, &str) -> String),
            ("HTTP/2", by_http2),
        ] {
            if name.contains("long body") && protocol == "HTTP/2" {
                continue; // Its client here gives no room for one.
            }
            let path = format!("/fault/{number}/{}", protocol.len());
            let seen = see(&failing.gated, &path);
            if seen != *expected {
                wrong.push(format!("{name}, {protocol}: {seen}, not {expected}"));
            }
            let asked = failing.asked(&path);
            if asked != 1 {
                wrong.push(format!(
                    "{name}, {protocol}: a POST was asked {asked} times"
                ));
            }
        }
    }
    over.store(true, Ordering::SeqCst);
    for other in others {
        assert!(other.join().unwrap() > 0);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_what_may_be_repeated_is_and_only_once() {
    let failing = Failing::start();
    let gated = &failing.gated;
    let mut client = gated.connect();
    // On a connection that is used for the first time, nothing is repeated.
    assert_eq!(client.get("/fault/0/fresh").status, 502);
    assert_eq!(failing.asked("/fault/0/fresh"), 1);
    for (method, most) in [
        ("GET", 2),
        ("PUT", 1),
        ("POST", 1),
        ("PATCH", 1),
        ("DELETE", 2),
    ] {
        // A connection that was used already is there.
        assert_eq!(client.get("/warm").status, 200);
        let path = format!("/fault/0/{method}");
        let body = if most == 1 {
            "content-length: 1\r\n\r\nx"
        } else {
            "\r\n"
        };
        client.send(format!("{method} {path} HTTP/1.1\r\nhost: a\r\n{body}"));
        assert_eq!(client.answer().status, 502, "{method}");
        assert_eq!(failing.asked(&path), most, "{method}");
    }
    // Once something of an answer came, it is nobody's to ask again.
    assert_eq!(client.get("/warm").status, 200);
    assert_eq!(client.get("/fault/3/GET").status, 502);
    assert_eq!(failing.asked("/fault/3/GET"), 1);
}

#[test]
fn a_server_that_stops_reading_an_upload_costs_its_time_and_no_more() {
    let address = Backend::each(|client| {
        client.head();
        client.bytes(1000);
        std::thread::sleep(Duration::from_millis(100));
        // Closed with a rest unread.
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    let mut client = gated.connect();
    client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n");
    let mut writer = client.stream.get_ref().try_clone().unwrap();
    let writing = std::thread::spawn(move || drop(writer.write_all(&vec![b'x'; 3_000_000])));
    assert_eq!(client.status(), Some(502));
    writing.join().unwrap();

    let deaf = Backend::each(|_| std::thread::sleep(PATIENCE));
    let gated = Gated::start(&proxy_to(&[(deaf, 1)], "timeout request=\"2s\""));
    let mut client = gated.connect();
    client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 15000000\r\n\r\n");
    let mut writer = client.stream.get_ref().try_clone().unwrap();
    let writing = std::thread::spawn(move || drop(writer.write_all(&vec![b'x'; 15_000_000])));
    assert_eq!(client.status(), Some(504));
    let _ = client.stream.get_ref().shutdown(Shutdown::Both);
    writing.join().unwrap();
}

#[test]
fn an_answer_that_drips_comes_through() {
    let address = Backend::each(|client| {
        let head = client.head();
        client.body(&head, false);
        for byte in b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-sum: 1\r\n\r\n" {
            client.send([*byte]);
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    let gated = Gated::start(&proxy_to(&[(address, 1)], ""));
    assert_eq!(gated.get("/").text(), "hello");
    assert_eq!(by_http2(&gated, "/"), WHOLE);
}
