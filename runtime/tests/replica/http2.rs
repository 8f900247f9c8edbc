use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::frames::{frame, get};
use super::support::{Backend, Client, Gated, proxy_to, values, wait_for, with_listener, word};

/// Sends requests at once over one HTTP/2 connection; status, headers and body of each.
pub(crate) fn exchange(
    gated: &Gated,
    requests: Vec<Request<Full<Bytes>>>,
) -> Vec<(StatusCode, http::HeaderMap, Bytes)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let address = gated.web();
    runtime.block_on(async move {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let sent: Vec<_> = requests
            .into_iter()
            .map(|request| {
                let mut sender = sender.clone();
                tokio::spawn(async move {
                    let response = sender.send_request(request).await.unwrap();
                    let (parts, body) = response.into_parts();
                    (
                        parts.status,
                        parts.headers,
                        body.collect().await.unwrap().to_bytes(),
                    )
                })
            })
            .collect();
        let mut answers = Vec::new();
        for answer in sent {
            answers.push(answer.await.unwrap());
        }
        answers
    })
}

pub(crate) fn request(method: &str, path: &str, body: &'static str) -> Request<Full<Bytes>> {
    Request::builder()
        .method(method)
        .uri(format!("http://shop.example{path}"))
        .body(Full::from(body))
        .unwrap()
}

/// The headers of an answer to a client that takes brotli, but those that differ each time.
pub(crate) fn headers(gated: &Gated, method: &str, path: &str) -> http::HeaderMap {
    let mut request = request(method, path, "");
    let accepted = http::HeaderValue::from_static("br");
    request.headers_mut().insert("accept-encoding", accepted);
    let (_, mut headers, _) = exchange(gated, vec![request]).remove(0);
    headers.remove("date");
    headers.remove("x-request-id");
    headers
}

#[test]
fn many_requests_share_a_connection() {
    let gated = Gated::routes(&word("n", "/n/{n}", "{{ path.n }}"));
    let requests = (0..50)
        .map(|n| request("GET", &format!("/n/{n}"), ""))
        .collect();
    for (n, (status, headers, body)) in exchange(&gated, requests).into_iter().enumerate() {
        assert_eq!((status, body), (StatusCode::OK, n.to_string().into()));
        assert!(headers.contains_key("x-request-id"));
    }
    assert_eq!(gated.status()["connections"]["accepted"], 1);
}

#[test]
fn requests_are_passed_on_as_http_1_1() {
    let backend = Backend::named("ok");
    let gated = Gated::start(&proxy_to(&[(backend.address, 1)], ""));
    let answers = exchange(&gated, vec![request("POST", "/a?b", "body")]);
    assert_eq!(
        (answers[0].0, answers[0].2.as_ref()),
        (StatusCode::OK, &b"ok"[..])
    );
    let received = backend.last();
    assert!(
        received.head.starts_with("POST /a?b HTTP/1.1\n"),
        "{}",
        received.head
    );
    assert_eq!(received.body, b"body");
    assert_eq!(values(&received.head, "x-forwarded-host"), ["shop.example"]);
    assert_eq!(values(&received.head, "via"), ["2 gated"]);
}

#[test]
fn a_head_has_no_body_and_limits_hold() {
    let gated =
        Gated::routes("route \"a\" public=#true {\n match \"/a\"\n respond 200 \"hello\"\n}");
    let mut large = request("GET", "/a", "");
    large
        .headers_mut()
        .insert("x", "a".repeat(60_000).try_into().unwrap());
    large
        .headers_mut()
        .insert("y", "a".repeat(10_000).try_into().unwrap());
    let answers = exchange(
        &gated,
        vec![request("HEAD", "/a", ""), large, request("GET", "/a", "")],
    );
    assert_eq!(answers[0].1["content-length"], "5");
    assert!(answers[0].2.is_empty());
    assert_eq!(answers[1].0, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(answers[2].2, "hello");
}

#[test]
fn a_listener_speaks_only_what_it_is_told() {
    let spec = with_listener(&word("a", "/a", "a"));
    let one = spec.replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n protocols \"http1\"\n}",
    );
    let gated = Gated::start(&one);
    assert_eq!(gated.get("/a").status, 200);
    let mut client = gated.connect();
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert!(!client.head().contains("200"));
    let two = spec.replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n protocols \"http2\"\n}",
    );
    let gated = Gated::start(&two);
    assert_eq!(
        exchange(&gated, vec![request("GET", "/a", "")])[0].0,
        StatusCode::OK
    );
    let mut client = gated.connect();
    client.send("GET /a HTTP/1.1\r\nhost: a\r\n\r\n");
    assert!(!client.is_closed() || client.stream.buffer().is_empty());
}

/// A connection whose client gives each response room for so many bytes and asks for `path` once.
fn with_window(gated: &Gated, window: u32, path: &str) -> Client {
    let mut client = gated.connect();
    let mut settings = vec![0, 4];
    settings.extend(window.to_be_bytes());
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend(frame(4, 0, 0, &settings));
    bytes.extend(get(1, path));
    client.send(bytes);
    client
}

#[test]
fn a_client_that_takes_nothing_is_let_go_and_one_that_waits_is_not() {
    let backend = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab");
        std::thread::sleep(std::time::Duration::from_secs(3));
        client.send("cd");
    });
    let spec = format!(
        "upstream \"slow\" {{\n server \"http://{backend}\"\n}}\nroute \"slow\" public=#true {{\n match \"/slow\"\n proxy \"slow\"\n}}\nroute \"big\" public=#true {{\n match prefix=\"/\"\n files \"site\" live=#true\n}}"
    );
    let spec = with_listener(&spec).replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n limits {\n  idle-timeout \"1s\"\n }\n}",
    );
    let (folder, _) = super::support::folder_with(&spec);
    std::fs::create_dir(folder.path().join("site")).unwrap();
    std::fs::write(folder.path().join("site/big"), vec![b'x'; 3 << 20]).unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &[]);
    for window in [0, 1] {
        let mut client = with_window(&gated, window, "/big");
        let mut rest = Vec::new();
        // Ends by itself; the reading itself gives up after a while.
        let read = std::io::Read::read_to_end(&mut client.stream, &mut rest);
        assert!(read.is_ok() || read.unwrap_err().kind() == std::io::ErrorKind::ConnectionReset);
        assert!(rest.len() < 10_000, "{}", rest.len());
    }
    wait_for(|| (gated.status()["connections"]["open"] == 0).then_some(())).unwrap();
    let answers = exchange(&gated, vec![request("GET", "/slow", "")]);
    assert_eq!(answers[0].2.as_ref(), b"abcd");
}

#[cfg(target_os = "linux")]
#[test]
fn many_that_take_next_to_nothing_of_a_file_cost_little_memory() {
    let (folder, _) = super::support::folder_with(&with_listener(
        "route \"big\" public=#true {\n match prefix=\"/\"\n files \"site\" live=#true\n}",
    ));
    std::fs::create_dir(folder.path().join("site")).unwrap();
    std::fs::write(folder.path().join("site/big"), vec![b'x'; 3 << 20]).unwrap();
    let gated = Gated::start_in(folder, "gate.kdl", &[]);
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", gated.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM:"))
            .unwrap();
        let number = line.split_whitespace().nth(1).unwrap();
        number.parse::<usize>().unwrap() / 1024
    };
    let before = peak();
    let mut clients: Vec<_> = (0..20)
        .map(|_| {
            let mut client = with_window(&gated, 1, "/big");
            for stream in 1..100 {
                client.send(get(stream * 2 + 1, "/big"));
            }
            client
        })
        .collect();
    wait_for(|| (gated.status()["requests"]["in_flight"] == 2_000).then_some(())).unwrap();
    for client in &mut clients {
        // Room for the first piece and one byte of the next.
        let room =
            (0..100).flat_map(|stream| frame(8, 0, stream * 2 + 1, &32_768_u32.to_be_bytes()));
        let all = frame(8, 0, 0, &1_000_000_000_u32.to_be_bytes());
        client.send(room.chain(all).collect::<Vec<u8>>());
        let mut taken = 0;
        while taken < 100 * 32_768 {
            let read = std::io::Read::read(&mut client.stream, &mut [0; 65_536]).unwrap();
            assert_ne!(read, 0);
            taken += read;
        }
    }
    // Who takes what was asked for is served meanwhile.
    assert_eq!(gated.get("/big").body.len(), 3 << 20);
    let after = peak();
    assert!(after < before + 150, "from {before} to {after} MiB");
}
