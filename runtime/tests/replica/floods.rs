//! Floods and misuse of HTTP/2: the connection they come on is closed or costs little, everybody else
//! is served all the while, memory stays within bounds, and afterwards the replica rests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::frames::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PRIORITY, RST_STREAM, Raw,
    SETTINGS, WINDOW_UPDATE, frame, get, header, length, post, pseudo,
};
use super::support::{Backend, Client, Gated, PATIENCE, memory, reply, wait_for, with_listener};

/// Most that a flood may cost, in KiB.
const MOST: usize = 64 * 1024;

/// A gateway with a mock, a proxied path, and one whose server never reads.
struct Target {
    gated: Gated,
    /// Connections to the server behind.
    connections: Arc<AtomicUsize>,
}

impl Target {
    fn start() -> Self {
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let back = Backend::each(move |client| {
            count.fetch_add(1, Ordering::SeqCst);
            loop {
                let head = client.head();
                if head.is_empty() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
                client.send(reply("ok"));
            }
        });
        let deaf = Backend::each(|_| std::thread::sleep(PATIENCE));
        let gated = Gated::start(&with_listener(&format!(
            r#"upstream "back" {{
                server "http://{back}"
            }}
            upstream "deaf" {{
                server "http://{deaf}"
            }}
            route "mock" public=#true {{
                match "/mock"
                respond 200 "mock"
            }}
            route "back" public=#true {{
                match prefix="/back"
                proxy "back"
            }}
            route "deaf" public=#true {{
                match prefix="/deaf"
                proxy "deaf"
            }}"#
        )));
        Self { gated, connections }
    }

    #[expect(
        clippy::print_stderr,
        reason = "figures for whoever asks by `--nocapture`"
    )]
    /// Runs an attack while an honest client asks on; both get what they deserve.
    fn withstands(&self, name: &str, attack: impl FnOnce(&Gated)) {
        let address = self.gated.web();
        let over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&over);
        assert_eq!(self.gated.get("/mock").text(), "mock");
        let before = memory(self.gated.id(), "VmHWM");
        let honest = std::thread::spawn(move || {
            let mut client = Client::connect(address);
            let (mut served, mut longest) = (0, Duration::ZERO);
            loop {
                let begun = Instant::now();
                assert_eq!(client.get("/mock").text(), "mock");
                longest = longest.max(begun.elapsed());
                served += 1;
                if stop.load(Ordering::SeqCst) {
                    return (served, longest);
                }
            }
        });
        attack(&self.gated);
        over.store(true, Ordering::SeqCst);
        let (served, longest) = honest
            .join()
            .unwrap_or_else(|_| panic!("{name}: somebody else was harmed"));
        let cost = memory(self.gated.id(), "VmHWM").saturating_sub(before);
        // Shown by `--nocapture`.
        eprintln!("{name}: {served} others served, each within {longest:?}; {cost} KiB more");
        assert!(cost < MOST, "{name}: {cost} KiB");
        self.rests(name);
    }

    /// Waits until the replica has next to nothing to do.
    fn rests(&self, name: &str) {
        let spent = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.gated.id())).unwrap();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
            let ticks = |index: usize| fields[index].parse::<u64>().unwrap();
            ticks(11) + ticks(12)
        };
        wait_for(|| {
            let before = spent();
            std::thread::sleep(Duration::from_millis(200));
            (spent() - before <= 2).then_some(())
        })
        .unwrap_or_else(|| panic!("{name}: it does not come to rest"));
    }
}

/// Sends pieces until the other side takes no more, or all are sent; whether all were.
fn flood(raw: &mut Raw, count: usize, mut piece: impl FnMut(usize) -> Vec<u8>) -> bool {
    let mut batch = Vec::new();
    for number in 0..count {
        batch.extend(piece(number));
        if batch.len() > 32_768 || number + 1 == count {
            if !raw.send(&batch) {
                return false;
            }
            batch.clear();
        }
    }
    true
}

fn id(number: usize) -> u32 {
    u32::try_from(number).unwrap() * 2 + 1
}

#[test]
fn rapid_resets_end_the_connection_and_ask_no_server_for_much() {
    let target = Target::start();
    for path in ["/mock", "/back", "/deaf"] {
        target.withstands(&format!("rapid reset of {path}"), |gated| {
            let mut raw = Raw::connect(gated);
            let reading = raw.drain();
            let all = flood(&mut raw, 200_000, |number| {
                let reset = frame(RST_STREAM, 0, id(number), &8_u32.to_be_bytes());
                [get(id(number), path), reset].concat()
            });
            assert!(!all, "the connection stands");
            reading.join().unwrap();
        });
    }
    let connections = target.connections.load(Ordering::SeqCst);
    assert!(connections < 600, "{connections} connections to the server");
}

/// Waits until everything sent so far was worked through; whether the connection still stands.
fn is_settled(raw: &mut Raw) -> bool {
    raw.send(&frame(PING, 0, 0, &[7; 8]));
    while let Some(came) = raw.next() {
        if came.kind == PING && came.payload == [7; 8] {
            return true;
        }
    }
    false
}

#[test]
fn whoever_gives_up_most_requests_is_let_go() {
    let target = Target::start();
    target.withstands("slower resets", |gated| {
        let mut raw = Raw::connect(gated);
        let mut given_up = 0;
        for round in 0..100 {
            let streams = || (0..20).map(|number| id(round * 20 + number));
            let asked: Vec<u8> = streams().flat_map(|stream| get(stream, "/deaf")).collect();
            raw.send(&asked);
            if !is_settled(&mut raw) {
                break;
            }
            let reset = |stream| frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
            raw.send(&streams().flat_map(reset).collect::<Vec<u8>>());
            given_up += 20;
        }
        assert!((200..=240).contains(&given_up), "{given_up}");
    });
    // Giving up now and then is everybody's right.
    let mut raw = Raw::connect(&target.gated);
    for number in 0..300 {
        let (mocks, deaf) = (number * 3, number * 3 + 2);
        for number in mocks..deaf {
            raw.send(&get(id(number), "/mock"));
            assert_eq!(raw.fate(id(number)), "200");
        }
        raw.send(&get(id(deaf), "/deaf"));
        assert!(is_settled(&mut raw));
        raw.send(&frame(RST_STREAM, 0, id(deaf), &8_u32.to_be_bytes()));
    }
    raw.send(&get(id(1000), "/mock"));
    assert_eq!(raw.fate(id(1000)), "200");
}

#[test]
fn floods_of_control_frames_cost_little() {
    let target = Target::start();
    let kinds: [(&str, Vec<u8>); 6] = [
        ("PING", frame(PING, 0, 0, &[0; 8])),
        ("SETTINGS", frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 100])),
        ("PRIORITY", frame(PRIORITY, 0, 1, &[0, 0, 0, 3, 1])),
        ("unknown frames", frame(200, 0, 0, &[0; 30])),
        ("WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1])),
        (
            "header table sizes",
            [
                frame(SETTINGS, 0, 0, &[0, 1, 0, 0, 0, 0]),
                frame(SETTINGS, 0, 0, &[0, 1, 0xff, 0xff, 0xff, 0xff]),
            ]
            .concat(),
        ),
    ];
    for (name, bytes) in kinds {
        target.withstands(&format!("{name}, answers read"), |gated| {
            let mut raw = Raw::connect(gated);
            let reading = raw.drain();
            flood(&mut raw, 300_000, |_| bytes.clone());
            let _ = raw.0.shutdown(std::net::Shutdown::Both);
            reading.join().unwrap();
        });
        // Nobody reads what is sent back: the replica stops reading at some point.
        target.withstands(&format!("{name}, answers not read"), |gated| {
            let mut raw = Raw::connect(gated);
            raw.0
                .set_write_timeout(Some(Duration::from_millis(500)))
                .unwrap();
            flood(&mut raw, 3_000_000, |_| bytes.clone());
        });
    }
}

#[test]
fn headers_without_end_and_bombs_are_cut_off() {
    let target = Target::start();
    target.withstands("CONTINUATION", |gated| {
        let mut raw = Raw::connect(gated);
        let reading = raw.drain();
        raw.send(&frame(HEADERS, 0, 1, &pseudo("GET", "/mock")));
        let piece = header(b"x", &[b'a'; 1000]);
        let all = flood(&mut raw, 100_000, |_| frame(CONTINUATION, 0, 1, &piece));
        assert!(!all, "the connection stands");
        reading.join().unwrap();
    });
    target.withstands("empty CONTINUATION", |gated| {
        let mut raw = Raw::connect(gated);
        let reading = raw.drain();
        raw.send(&frame(HEADERS, 0, 1, &pseudo("GET", "/mock")));
        let all = flood(&mut raw, 100_000, |_| frame(CONTINUATION, 0, 1, &[]));
        assert!(!all, "the connection stands");
        reading.join().unwrap();
    });
    target.withstands("HPACK bomb", |gated| {
        let mut raw = Raw::connect(gated);
        let reading = raw.drain();
        // A header of 4,000 bytes goes into the table, and is then named by a byte each.
        let mut first = pseudo("GET", "/mock");
        first.extend([0x40, 1, b'x']);
        first.extend(length(4000));
        first.extend([b'a'; 4000]);
        raw.send(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &first));
        let mut bomb = pseudo("GET", "/mock");
        bomb.extend([0xbe; 12_000]);
        flood(&mut raw, 2_000, |number| {
            frame(HEADERS, END_STREAM | END_HEADERS, id(number + 1), &bomb)
        });
        let _ = raw.0.shutdown(std::net::Shutdown::Both);
        reading.join().unwrap();
    });
    target.withstands("header lists at the bound on every stream", |gated| {
        let mut raw = Raw::connect(gated);
        let reading = raw.drain();
        let mut list = pseudo("GET", "/deaf");
        for _ in 0..7 {
            list.extend(header(b"x", &[b'a'; 2000]));
        }
        flood(&mut raw, 100, |number| {
            frame(HEADERS, END_STREAM | END_HEADERS, id(number), &list)
        });
        std::thread::sleep(Duration::from_millis(200));
        let _ = raw.0.shutdown(std::net::Shutdown::Both);
        reading.join().unwrap();
    });
}

#[test]
fn bodies_in_tiny_or_empty_frames_cost_little() {
    let target = Target::start();
    for (name, payload) in [("empty", &b""[..]), ("tiny", b"x")] {
        for path in ["/mock", "/deaf"] {
            target.withstands(&format!("{name} DATA to {path}"), |gated| {
                let mut raw = Raw::connect(gated);
                let reading = raw.drain();
                raw.send(&post(1, path));
                flood(&mut raw, 500_000, |_| frame(DATA, 0, 1, payload));
                let _ = raw.0.shutdown(std::net::Shutdown::Both);
                reading.join().unwrap();
            });
        }
    }
    target.withstands("tiny DATA on many streams to /deaf", |gated| {
        let mut raw = Raw::connect(gated);
        let reading = raw.drain();
        for number in 0..100 {
            raw.send(&post(id(number), "/deaf"));
        }
        flood(&mut raw, 1_000_000, |number| {
            frame(DATA, 0, id(number % 100), b"x")
        });
        let _ = raw.0.shutdown(std::net::Shutdown::Both);
        reading.join().unwrap();
    });
}

#[test]
fn errors_that_the_server_must_answer_by_resets_end_the_connection() {
    let target = Target::start();
    // Each has the replica itself reset a stream (CVE-2025-8671).
    type Make = fn(u32) -> Vec<u8>;
    let makers: [(&str, Make); 4] = [
        ("a window of nothing", |stream| {
            [
                get(stream, "/deaf"),
                frame(WINDOW_UPDATE, 0, stream, &[0; 4]),
            ]
            .concat()
        }),
        ("a window too large", |stream| {
            let most = frame(WINDOW_UPDATE, 0, stream, &[0x7f, 0xff, 0xff, 0xff]);
            [get(stream, "/deaf"), most].concat()
        }),
        ("data after the end", |stream| {
            [get(stream, "/deaf"), frame(DATA, 0, stream, b"x")].concat()
        }),
        ("malformed headers", |stream| {
            let block = [pseudo("GET", "/deaf"), header(b"Upper", b"x")].concat();
            frame(HEADERS, END_STREAM | END_HEADERS, stream, &block)
        }),
    ];
    for (name, make) in makers {
        target.withstands(name, |gated| {
            let mut raw = Raw::connect(gated);
            let reading = raw.drain();
            let all = flood(&mut raw, 100_000, |number| make(id(number)));
            assert!(!all, "{name}: the connection stands");
            reading.join().unwrap();
        });
    }
}

#[test]
fn streams_are_numbered_as_they_must_be() {
    let target = Target::start();
    let wrong: [(&str, Vec<u8>); 8] = [
        ("an even number", get(2, "/mock")),
        ("number 0", get(0, "/mock")),
        (
            "a number again",
            [get(3, "/mock"), get(3, "/mock")].concat(),
        ),
        (
            "a number below",
            [get(5, "/mock"), get(3, "/mock")].concat(),
        ),
        ("data on an idle stream", frame(DATA, 0, 1, b"x")),
        (
            "a reset of an idle stream",
            frame(RST_STREAM, 0, 1, &[0; 4]),
        ),
        (
            "CONTINUATION of nothing",
            frame(CONTINUATION, END_HEADERS, 1, &[]),
        ),
        (
            "another frame within a header block",
            [
                frame(HEADERS, 0, 1, &pseudo("GET", "/mock")),
                frame(PING, 0, 0, &[0; 8]),
            ]
            .concat(),
        ),
    ];
    for (name, bytes) in wrong {
        let mut raw = Raw::connect(&target.gated);
        raw.send(&bytes);
        // It ends without anybody closing it from here.
        while let Some(came) = raw.next() {
            assert!(
                came.kind != HEADERS || came.stream == 3 || came.stream == 5,
                "{name}: {came:?}"
            );
        }
    }
    assert_eq!(target.gated.get("/mock").text(), "mock");
}
