//! Servers that are asked in HTTP/2.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use h2::{Reason, RecvStream, server};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};

use super::authority::Authority;
use super::frames::{DATA, END_STREAM, Raw, SETTINGS, WINDOW_UPDATE, frame, get};
use super::support::{Backend, Gated, folder_with, wait_for, with_listener};

/// What a server saw.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    heads: Mutex<Vec<http::request::Parts>>,
}

/// A server that speaks HTTP/2 alone. What it does is in the path.
fn start(tls: Option<ServerConfig>) -> (SocketAddr, Arc<Seen>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::<Seen>::default();
    let shared = Arc::clone(&seen);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let tls = tls.map(|config| tokio_rustls::TlsAcceptor::from(Arc::new(config)));
            while let Ok((socket, _)) = listener.accept().await {
                let (seen, tls) = (Arc::clone(&shared), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(socket, seen).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(socket).await {
                                serve(stream, seen).await;
                            }
                        }
                    };
                });
            }
        });
    });
    (address, seen)
}

async fn serve(io: impl AsyncRead + AsyncWrite + Unpin, seen: Arc<Seen>) {
    let mut builder = server::Builder::new();
    builder
        .max_concurrent_streams(20)
        .initial_window_size(16 * 1024);
    let Ok(mut connection) = builder.handshake::<_, Bytes>(io).await else {
        return;
    };
    seen.connections.fetch_add(1, Ordering::SeqCst);
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let number = seen.requests.fetch_add(1, Ordering::SeqCst);
        match request.uri().path() {
            "/refuse-odd" if number.is_multiple_of(2) => {
                respond.send_reset(Reason::REFUSED_STREAM);
                continue;
            }
            "/fail" => {
                respond.send_reset(Reason::INTERNAL_ERROR);
                continue;
            }
            "/bye" => connection.graceful_shutdown(),
            "/drop" => return,
            _ => {}
        }
        let seen = Arc::clone(&seen);
        tokio::spawn(async move {
            let now = seen.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            seen.most_at_once.fetch_max(now, Ordering::SeqCst);
            let _ = answer(request, respond, &seen).await;
            seen.at_once.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: server::SendResponse<Bytes>,
    seen: &Seen,
) -> Result<(), h2::Error> {
    let (head, mut body) = request.into_parts();
    let path = head.uri.path().to_owned();
    seen.heads.lock().unwrap().push(head);
    match path.as_str() {
        "/hang" => std::future::pending().await,
        "/slow" => tokio::time::sleep(Duration::from_millis(200)).await,
        "/tiny" => {
            let mut stream = respond.send_response(Response::new(()), false)?;
            for _ in 0..6000 {
                stream.send_data(Bytes::from_static(&[b'm'; 20]), false)?;
            }
            return stream.send_data(Bytes::new(), true);
        }
        "/cut" => {
            let mut stream = respond.send_response(Response::new(()), false)?;
            stream.send_data("half".into(), false)?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            stream.send_reset(Reason::INTERNAL_ERROR);
            return Ok(());
        }
        _ => {}
    }
    let mut stream = respond.send_response(Response::new(()), false)?;
    // Sent back as it comes, no faster than it is taken.
    while let Some(data) = body.data().await {
        let mut data = data?;
        body.flow_control().release_capacity(data.len())?;
        while !data.is_empty() {
            stream.reserve_capacity(data.len());
            if let Some(room) = std::future::poll_fn(|context| stream.poll_capacity(context)).await
            {
                let part = data.split_to(room?.min(data.len()));
                stream.send_data(part, false)?;
            }
        }
    }
    let mut trailers = body.trailers().await?.unwrap_or_default();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    stream.send_trailers(trailers)
}

/// A replica that passes everything on to this server.
fn gated(server: &str, more: &str, files: &[(&str, &str)]) -> Gated {
    let spec = with_listener(&format!(
        "upstream \"back\" {{\n server \"{server}\"\n{more}\n}}\nroute \"all\" public=#true {{\n match prefix=\"/\"\n proxy \"back\"\n}}"
    ));
    let (folder, _) = folder_with(&spec);
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Gated::start_in(folder, "gate.kdl", &[])
}

fn clear() -> (Gated, Arc<Seen>) {
    let (address, seen) = start(None);
    let gated = gated(&format!("http://{address}"), "protocol \"http2\"", &[]);
    (gated, seen)
}

/// Asks for something slow by so many clients at once; each must get it.
fn ask_at_once(gated: &Gated, clients: usize) {
    let asking: Vec<_> = (0..clients)
        .map(|_| {
            let mut client = gated.connect();
            std::thread::spawn(move || client.get("/slow").status)
        })
        .collect();
    for asked in asking {
        assert_eq!(asked.join().unwrap(), 200);
    }
}

#[test]
fn requests_of_http_1_clients_share_one_connection() {
    let (gated, seen) = clear();
    assert_eq!(gated.get("/").status, 200);
    ask_at_once(&gated, 12);
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert!(seen.most_at_once.load(Ordering::SeqCst) > 1);
    let heads = seen.heads.lock().unwrap();
    let head = &heads[0];
    assert_eq!(head.uri.scheme_str(), Some("http"));
    assert_eq!(head.headers["x-forwarded-for"], "127.0.0.1");
    assert!(!head.headers.contains_key("host") && !head.headers.contains_key("connection"));
}

#[test]
fn more_than_a_server_allows_goes_on_another_connection() {
    let (gated, seen) = clear();
    ask_at_once(&gated, 50);
    assert!(seen.most_at_once.load(Ordering::SeqCst) <= 50);
    assert!((2..=50).contains(&seen.connections.load(Ordering::SeqCst)));
}

/// A server that takes connections and says this on each, and nothing more; and how many of them it
/// has that are not closed.
fn says(what: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let (made, open) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let counts = (Arc::clone(&made), Arc::clone(&open));
    let address = Backend::each(move |client| {
        counts.0.fetch_add(1, Ordering::SeqCst);
        counts.1.fetch_add(1, Ordering::SeqCst);
        client.send(&what);
        let _ = std::io::copy(&mut client.stream, &mut std::io::sink());
        counts.1.fetch_sub(1, Ordering::SeqCst);
    });
    (address, made, open)
}

/// It may speak HTTP/2 some day, but not now: the next server is asked, and nothing is left open.
#[test]
fn a_server_that_takes_no_request_is_passed_over() {
    let none_at_once = frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 0]);
    for (what, told) in [
        (Vec::new(), "did not begin to speak HTTP/2"),
        (none_at_once, "takes no requests at present"),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            "does not speak HTTP/2",
        ),
    ] {
        let (odd, made, open) = says(what);
        let (good, _) = start(None);
        let gated = gated(
            &format!("http://{odd}\"\n server \"http://{good}"),
            "protocol \"http2\"\n timeout connect=\"200ms\"",
            &[],
        );
        for _ in 0..8 {
            assert_eq!(gated.get("/").status, 200, "{told}");
        }
        gated.logged(&["a server cannot be reached", told]);
        let made = made.load(Ordering::SeqCst);
        assert!((1..=4).contains(&made), "{told}: {made} connections");
        let closed = wait_for(|| (open.load(Ordering::SeqCst) == 0).then_some(()));
        assert!(closed.is_some(), "{told}");
    }
}

#[test]
fn a_first_burst_waits_for_how_much_the_server_takes() {
    for _ in 0..3 {
        let (gated, seen) = clear();
        ask_at_once(&gated, 60);
        assert!(seen.connections.load(Ordering::SeqCst) >= 3);
    }
}

#[test]
fn bodies_stream_both_ways_within_the_windows_and_trailers_too() {
    let (gated, _) = clear();
    let body: Vec<u8> = (0..3_000_000_u32)
        .map(|n| n.to_le_bytes()[n as usize % 3])
        .collect();
    let mut client = gated.connect();
    client.send(
        "POST /echo HTTP/1.1\r\nhost: a\r\nte: trailers\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    let mut reading = super::support::Client {
        stream: std::io::BufReader::new(client.stream.get_ref().try_clone().unwrap()),
    };
    let sent = body.clone();
    let writing = std::thread::spawn(move || {
        for chunk in sent.chunks(70_000) {
            client.send(format!("{:x}\r\n", chunk.len()));
            client.send(chunk);
            client.send("\r\n");
        }
        client.send("0\r\nx-sum: 7\r\n\r\n");
        client
    });
    let answer = reading.answer();
    writing.join().unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        answer.body == body,
        "{} of {}",
        answer.body.len(),
        body.len()
    );
    let mut trailers = answer.trailers;
    trailers.sort();
    assert_eq!(trailers, ["grpc-status: 0", "x-sum: 7"]);
}

#[test]
fn grpc_goes_through() {
    let (gated, seen) = clear();
    let address = gated.web();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (status, message, trailers) = runtime.block_on(async move {
        let socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let (sender, connection) = h2::client::handshake(socket).await.unwrap();
        tokio::spawn(connection);
        let mut sender = sender.ready().await.unwrap();
        let request = Request::post("http://shop.example/orders.Orders/Place")
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(())
            .unwrap();
        let (answer, mut stream) = sender.send_request(request, false).unwrap();
        stream
            .send_data(Bytes::from_static(b"\0\0\0\0\x02hi"), true)
            .unwrap();
        let (head, mut body) = answer.await.unwrap().into_parts();
        let mut message = Vec::new();
        while let Some(data) = body.data().await {
            message.extend(data.unwrap());
        }
        let trailers: HeaderMap = body.trailers().await.unwrap().unwrap();
        (head.status, message, trailers)
    });
    assert_eq!(
        (status, &message[..]),
        (StatusCode::OK, &b"\0\0\0\0\x02hi"[..])
    );
    assert_eq!(trailers["grpc-status"], "0");
    let heads = seen.heads.lock().unwrap();
    assert_eq!(heads[0].headers["te"], "trailers");
    assert_eq!(heads[0].headers["content-type"], "application/grpc");
}

#[test]
fn a_refused_stream_is_tried_once_more_and_a_failed_one_is_not() {
    let (gated, seen) = clear();
    // Nothing was done with it, so even a POST may be sent again.
    let mut client = gated.connect();
    client.send("POST /refuse-odd HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(client.answer().status, 200);
    assert_eq!(seen.requests.load(Ordering::SeqCst), 2);
    assert_eq!(gated.get("/fail").status, 502);
    assert_eq!(seen.requests.load(Ordering::SeqCst), 3);
    gated.logged(&[
        "no answer from an upstream",
        "gave the request up",
        "INTERNAL_ERROR",
    ]);
}

#[test]
fn a_server_that_goes_away_costs_no_request() {
    let (gated, seen) = clear();
    for _ in 0..3 {
        assert_eq!(gated.get("/bye").status, 200);
        assert_eq!(gated.get("/").status, 200);
    }
    assert!(seen.connections.load(Ordering::SeqCst) > 1);
    // Dropped in the middle of a request: that one is lost, and no other.
    assert_eq!(gated.get("/drop").status, 502);
    assert_eq!(gated.get("/").status, 200);
}

#[test]
fn many_small_pieces_that_wait_for_slow_clients_cost_no_connection() {
    let (gated, seen) = clear();
    // Each stream of this client's may bring nothing for now.
    let mut raw = Raw::connect(&gated);
    raw.send(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]));
    for number in 0..8 {
        raw.send(&get(number * 2 + 1, "/tiny"));
    }
    let asked = || (seen.requests.load(Ordering::SeqCst) == 8).then_some(());
    super::support::wait_for(asked).unwrap();
    for _ in 0..20 {
        assert_eq!(gated.get("/").status, 200);
        std::thread::sleep(Duration::from_millis(30));
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    // Now it takes all there is.
    let room = (0..8).map(|number| (number * 2 + 1, 1_000_000_u32));
    for (stream, room) in room.chain([(0, 10_000_000)]) {
        raw.send(&frame(WINDOW_UPDATE, 0, stream, &room.to_be_bytes()));
    }
    let (mut taken, mut ended) = (0, 0);
    while ended < 8 {
        let came = raw.next().unwrap();
        let is_vain = came.kind == DATA && came.payload.is_empty() && came.flags & END_STREAM == 0;
        assert!(!is_vain, "a frame that brings nothing");
        taken += if came.kind == DATA {
            came.payload.len()
        } else {
            0
        };
        ended += usize::from(came.stream != 0 && came.flags & END_STREAM != 0);
    }
    assert_eq!(taken, 8 * 6000 * 20);
}

#[test]
fn what_breaks_off_or_hangs_is_told_like_with_http_1() {
    let (address, _) = start(None);
    let gated = gated(
        &format!("http://{address}"),
        "protocol \"http2\"\ntimeout request=\"300ms\"",
        &[],
    );
    assert_eq!(gated.get("/hang").status, 504);
    gated.logged(&["no answer from an upstream", "no answer in time"]);
    let mut client = gated.connect();
    client.send("GET /cut HTTP/1.1\r\nhost: a\r\n\r\n");
    let head = client.head();
    assert!(head.contains("200"), "{head}");
    assert_eq!(client.chunk().unwrap(), b"half");
    let mut rest = Vec::new();
    let _ = std::io::Read::read_to_end(&mut client.stream, &mut rest);
    assert!(rest.is_empty(), "no end of the body is made up");
    assert_eq!(gated.get("/").status, 200);
}

#[test]
fn a_secure_server_chooses_and_http2_can_be_demanded() {
    let authority = Authority::new();
    let issued = authority.issue(&["127.0.0.1"], 4000);
    let mut config = issued.server(None);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let (address, seen) = start(Some(config));
    let server = format!("https://{address}");
    let pem = authority.pem();
    let files = [("ca.pem", pem.as_str())];
    let automatic = gated(&server, "tls ca=\"ca.pem\"", &files);
    for _ in 0..3 {
        assert_eq!(automatic.get("/").status, 200);
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert_eq!(
        seen.heads.lock().unwrap()[0].uri.scheme_str(),
        Some("https")
    );
    // This server wants HTTP/2 and nothing else.
    let old = gated(&server, "tls ca=\"ca.pem\"\nprotocol \"http1\"", &files);
    assert_eq!(old.get("/").status, 502);

    let plain = super::authority::SecureBackend::start(issued.server(None), true);
    let server = format!("https://{}", plain.address);
    assert_eq!(
        gated(&server, "tls ca=\"ca.pem\"", &files).get("/").status,
        200
    );
    let demanding = gated(&server, "tls ca=\"ca.pem\"\nprotocol \"http2\"", &files);
    assert_eq!(demanding.get("/").status, 502);
    demanding.logged(&["does not offer HTTP/2"]);
}
