//! How servers of upstreams are found and reached, and which connections to them are kept.

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{
    Backend, Client, Gated, folder_with, proxy_to, reply, wait_for, with_listener,
};

/// A name server that gives every name these IPv4 addresses, for no time at all.
struct NameServer {
    address: SocketAddr,
    given: Arc<Mutex<Vec<[u8; 4]>>>,
}

impl NameServer {
    fn start(given: &[[u8; 4]]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: socket.local_addr().unwrap(),
            given: Arc::new(Mutex::new(given.to_vec())),
        };
        let given = Arc::clone(&server.given);
        std::thread::spawn(move || {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut packet) {
                let given = given.lock().unwrap().clone();
                let _ = socket.send_to(&answer(&packet[..length], &given), from);
            }
        });
        server
    }

    fn give(&self, given: &[[u8; 4]]) {
        *self.given.lock().unwrap() = given.to_vec();
    }
}

/// An answer (RFC 1035, section 4).
fn answer(question: &[u8], addresses: &[[u8; 4]]) -> Vec<u8> {
    let mut end = 12;
    while question[end] != 0 {
        end += usize::from(question[end]) + 1;
    }
    let is_a = question[end + 1..end + 3] == [0, 1];
    let given = if is_a { addresses } else { &[] };
    let mut answer = question[..2].to_vec();
    answer.extend([0x84, if addresses.is_empty() { 3 } else { 0 }]);
    answer.extend([0, 1, 0, u8::try_from(given.len()).unwrap(), 0, 0, 0, 0]);
    answer.extend(&question[12..end + 5]);
    for address in given {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
        answer.extend(address);
    }
    answer
}

/// Answers with a word; counts connections and how many of them were closed by the other side.
#[derive(Default)]
struct Seen {
    made: usize,
    closed: usize,
}

fn backend(at: &str, word: &'static str) -> (SocketAddr, Arc<Mutex<Seen>>) {
    let listener = TcpListener::bind(at).unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::<Mutex<Seen>>::default();
    let count = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let count = Arc::clone(&count);
            count.lock().unwrap().made += 1;
            std::thread::spawn(move || {
                let mut client = Client {
                    stream: std::io::BufReader::new(stream),
                };
                while !client.head().is_empty() {
                    client.send(reply(word));
                }
                count.lock().unwrap().closed += 1;
            });
        }
    });
    (address, seen)
}

fn named(port: u16, names: &NameServer) -> Gated {
    let spec = with_listener(&format!(
        "upstream \"back\" {{\n server \"http://back.internal:{port}\"\n}}\nroute \"all\" public=#true {{\n match prefix=\"/\"\n proxy \"back\"\n}}"
    ));
    let (folder, _) = folder_with(&spec);
    let at = names.address.to_string();
    Gated::start_in(folder, "gate.kdl", &["--name-server", &at])
}

#[test]
fn connections_follow_the_addresses_of_a_name() {
    let (first, seen) = backend("127.0.0.1:0", "first");
    let (second, _) = backend(&format!("127.0.0.2:{}", first.port()), "second");
    assert_eq!(first.port(), second.port());
    let names = NameServer::start(&[[127, 0, 0, 1]]);
    let gated = named(first.port(), &names);
    assert_eq!(gated.get("/").text(), "first");
    assert_eq!(seen.lock().unwrap().closed, 0);
    names.give(&[[127, 0, 0, 2]]);
    // Nobody asks meanwhile: the idle connection goes by itself.
    let closed = wait_for(|| (seen.lock().unwrap().closed == 1).then_some(()));
    assert!(closed.is_some(), "the connection to the old address stays");
    assert_eq!(gated.get("/").text(), "second");

    // The name server forgets the name: the last address stays in use, and that is told once.
    names.give(&[]);
    gated.logged(&[
        "a name cannot be resolved",
        "back.internal",
        "there is no such name",
    ]);
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(gated.get("/").text(), "second");
    let told = gated.log();
    let told = told
        .iter()
        .filter(|line| line.contains("a name cannot be resolved"));
    assert_eq!(told.count(), 1);
    names.give(&[[127, 0, 0, 1]]);
    let back = wait_for(|| (gated.get("/").text() == "first").then_some(()));
    assert!(back.is_some());
    gated.logged(&["a name can be resolved again"]);
}

#[test]
fn a_name_that_never_resolved_is_503_with_the_reason() {
    let names = NameServer::start(&[]);
    let gated = named(9, &names);
    assert_eq!(gated.get("/").status, 503);
    gated.logged(&[
        "no answer from an upstream",
        "back.internal:9",
        "there is no such name",
    ]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_address_that_leads_nowhere_does_not_hold_requests() {
    let (good, _) = backend("127.0.0.1:0", "good");
    // A listener whose queue is full: connecting to it hangs.
    let hole = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let address: SocketAddr = format!("127.0.0.7:{}", good.port()).parse().unwrap();
    hole.bind(&address.into()).unwrap();
    hole.listen(0).unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) =
        std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100))
    {
        queued.push(stream);
        assert!(queued.len() < 64, "the queue has no end");
    }
    let names = NameServer::start(&[[127, 0, 0, 7], [127, 0, 0, 1]]);
    let gated = named(good.port(), &names);
    // Each on a connection of its own, from either address on.
    let answers: Vec<_> = (0..4)
        .map(|_| {
            let mut client = gated.connect();
            std::thread::spawn(move || client.get("/").status)
        })
        .collect();
    for answer in answers {
        assert_eq!(answer.join().unwrap(), 200);
    }
}

/// How many connections a server sees for so many requests, one after the other.
fn connections(requests: usize, pool: &str) -> usize {
    let (address, seen) = backend("127.0.0.1:0", "ok");
    let gated = Gated::start(&proxy_to(&[(address, 1)], pool));
    for _ in 0..requests {
        assert_eq!(gated.get("/").status, 200);
    }
    let seen = seen.lock().unwrap();
    seen.made
}

#[test]
fn connections_are_kept_as_the_spec_says() {
    assert_eq!(connections(6, ""), 1);
    assert_eq!(connections(6, "pool idle=0"), 6);
    assert_eq!(connections(6, "pool requests=2"), 3);
    assert_eq!(
        connections(3, "pool lifetime=\"1h\" idle-timeout=\"0s\""),
        1
    );
}

#[test]
fn an_old_connection_carries_no_further_request() {
    let (address, seen) = backend("127.0.0.1:0", "ok");
    let gated = Gated::start(&proxy_to(&[(address, 1)], "pool lifetime=\"50ms\""));
    for _ in 0..3 {
        assert_eq!(gated.get("/").status, 200);
        std::thread::sleep(Duration::from_millis(60));
    }
    assert_eq!(seen.lock().unwrap().made, 3);
}

#[test]
fn an_idle_connection_goes_after_its_time() {
    let (address, seen) = backend("127.0.0.1:0", "ok");
    let gated = Gated::start(&proxy_to(&[(address, 1)], "pool idle-timeout=\"100ms\""));
    assert_eq!(gated.get("/").status, 200);
    let closed = wait_for(|| (seen.lock().unwrap().closed == 1).then_some(()));
    assert!(closed.is_some());
}

#[test]
fn upstreams_with_one_server_keep_their_own_connections() {
    let backend = Backend::named("ok");
    let upstream = |name: &str, more: &str| {
        format!(
            "upstream \"{name}\" {{\n server \"http://{}\"\n{more}\n}}\nroute \"{name}\" public=#true {{\n match prefix=\"/{name}\"\n proxy \"{name}\"\n}}\n",
            backend.address
        )
    };
    let spec = with_listener(&[upstream("a", "pool idle=0"), upstream("b", "")].concat());
    let gated = Gated::start(&spec);
    for path in ["/a", "/b", "/a", "/b", "/a", "/b"] {
        assert_eq!(gated.get(path).status, 200);
    }
    let metrics = gated.manage("/metrics").text();
    let made = |name: &str| {
        let label = format!("upstream=\"{name}\"");
        metrics
            .lines()
            .find(|line| line.contains("connections") && line.contains(&label))
            .and_then(|line| line.rsplit(' ').next())
            .map(str::to_owned)
    };
    assert_eq!(
        (made("a").as_deref(), made("b").as_deref()),
        (Some("3"), Some("1"))
    );
}
