//! Answers compressed for clients that take it, of every kind that there is.

use std::io::Read;
use std::net::SocketAddr;
use std::sync::mpsc;

use super::http2;
use super::support::{Answer, Backend, Client, Gated, PATIENCE, values, wait_for, with_listener};

const TEXT: &str = "what is said again and again takes little room. ";

pub(crate) fn text(times: usize) -> String {
    TEXT.repeat(times)
}

pub(crate) fn decoded(encoding: &str, encoded: &[u8]) -> std::io::Result<String> {
    let mut plain = String::new();
    match encoding {
        "gzip" => flate2::read::GzDecoder::new(encoded).read_to_string(&mut plain),
        "br" => brotli::Decompressor::new(encoded, 4096).read_to_string(&mut plain),
        "zstd" => zstd::stream::read::Decoder::new(encoded)?.read_to_string(&mut plain),
        other => panic!("{other}"),
    }?;
    Ok(plain)
}

/// As much as can be read of what has no end yet.
fn begun(encoded: &[u8]) -> String {
    let mut plain = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(encoded);
    let mut byte = [0];
    while let Ok(1) = reader.read(&mut byte) {
        plain.push(byte[0]);
    }
    String::from_utf8(plain).unwrap()
}

/// A server whose answers are named by the path.
fn server() -> Backend {
    Backend::start(|request| {
        let path = request.head.split(' ').nth(1).unwrap();
        let body = text(400);
        let length = body.len();
        let plain = |more: &str| {
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n{more}\r\n"
            )
        };
        let head_only = request.head.starts_with("HEAD");
        let whole = |head: String| match head_only {
            true => head,
            false => head + &body,
        };
        match path {
            "/up/trailers" => format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n{length:x}\r\n{body}\r\n0\r\nx-sum: 7\r\ncontent-digest: sha-256=:AA==:\r\n\r\n"
            ),
            "/up/tag" if request.head.contains("if-none-match") => {
                "HTTP/1.1 304 Not Modified\r\netag: \"one\"\r\n\r\n".to_owned()
            }
            "/up/tag" => whole(plain(
                "etag: \"one\"\r\naccept-ranges: bytes\r\nrepr-digest: sha-256=:AA==:\r\nvary: origin\r\n",
            )),
            "/up/no-transform" => whole(plain("cache-control: public, no-transform\r\n")),
            "/up/encoded" => whole(plain("content-encoding: x-own\r\n")),
            "/up/part" => format!(
                "HTTP/1.1 206 Partial Content\r\ncontent-type: text/plain\r\ncontent-range: bytes 0-{}/90000\r\ncontent-length: {length}\r\n\r\n{body}",
                length - 1
            ),
            "/up/image" => whole(plain("").replace("text/plain", "image/png")),
            "/up/short" => {
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nshort"
                    .to_owned()
            }
            "/up/nothing" => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
            _ => whole(plain("")),
        }
    })
}

/// A gateway with an answer of every kind.
fn gateway(backend: SocketAddr) -> Gated {
    let folder = tempfile::tempdir().unwrap();
    for site in ["site", "live"] {
        let site = folder.path().join(site);
        std::fs::create_dir_all(&site).unwrap();
        std::fs::write(site.join("page.txt"), text(400)).unwrap();
        std::fs::write(site.join("large.txt"), text(20_000)).unwrap();
    }
    let body = text(400);
    let spec = format!(
        "gateway \"test\" workers=1 {{\n compress\n}}\n{}",
        with_listener(&format!(
            r#"upstream "back" {{ server "http://{backend}"; }}
upstream "gone" {{ server "http://{gone}"; }}
route "fixed" public=#true {{
    match "/fixed"
    respond 200 "{body}"
}}
route "made" public=#true {{
    match "/made/{{n}}"
    respond 200 "{{{{ path.n }}}} {body}"
}}
route "off" public=#true {{
    match "/off"
    compress #false
    respond 200 "{body}"
}}
route "only" public=#true {{
    match "/only"
    compress "gzip"
    respond 200 "{body}"
}}
route "site" public=#true {{
    match prefix="/site"
    files "site" strip-prefix="/site"
}}
route "live" public=#true {{
    match prefix="/live"
    files "live" live=#true strip-prefix="/live"
}}
route "up" public=#true {{
    match prefix="/up"
    proxy "back"
}}
route "gone" public=#true {{
    match "/gone"
    proxy "gone"
}}
error-page 404 "{body}"
error-page 503 "{{{{ error.status }}}} {body}""#,
            gone = super::support::dead(),
        ))
        .split_once('\n')
        .unwrap()
        .1
    );
    std::fs::write(folder.path().join("gate.kdl"), spec).unwrap();
    Gated::start_in(folder, "gate.kdl", &[])
}

fn ask(client: &mut Client, path: &str, headers: &str) -> Answer {
    client.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\n"));
    client.answer()
}

/// Paths of every kind of answer, each with its status and its text.
fn kinds() -> Vec<(&'static str, u16, String)> {
    vec![
        ("/fixed", 200, text(400)),
        ("/made/7", 200, format!("7 {}", text(400))),
        ("/site/page.txt", 200, text(400)),
        ("/live/page.txt", 200, text(400)),
        ("/live/large.txt", 200, text(20_000)),
        ("/up/any", 200, text(400)),
        ("/up/tag", 200, text(400)),
        ("/nowhere", 404, text(400)),
        ("/site/nowhere.txt", 404, text(400)),
        ("/live/nowhere.txt", 404, text(400)),
        ("/gone", 503, format!("503 {}", text(400))),
    ]
}

#[test]
fn every_kind_of_answer_is_sent_in_the_encoding_that_is_taken() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    for (path, status, expected) in kinds() {
        for encoding in ["gzip", "br", "zstd"] {
            let accepted = format!("accept-encoding: {encoding}\r\n");
            let answer = ask(&mut client, path, &accepted);
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.all("content-encoding"), [encoding], "{path}");
            assert!(answer.body.len() < expected.len() / 4, "{path}");
            assert_eq!(decoded(encoding, &answer.body).unwrap(), expected, "{path}");
            let vary = answer.all("vary");
            assert_eq!(vary.len(), 1, "{path} {vary:?}");
            assert!(vary[0].ends_with("accept-encoding"), "{path}");
        }
        let plain = ask(&mut client, path, "");
        assert_eq!((plain.status, plain.text()), (status, expected), "{path}");
        assert_eq!(plain.header("content-encoding"), None);
        assert!(plain.header("vary").unwrap().ends_with("accept-encoding"));
    }
}

#[test]
fn it_is_the_same_over_http2() {
    let backend = server();
    let gated = gateway(backend.address);
    for encoding in ["gzip", "br", "zstd"] {
        let requests = kinds().into_iter().map(|(path, _, _)| {
            let mut request = http2::request("GET", path, "");
            let accepted = encoding.parse().unwrap();
            request.headers_mut().insert("accept-encoding", accepted);
            request
        });
        let answers = http2::exchange(&gated, requests.collect());
        for ((path, status, expected), (got, headers, body)) in kinds().into_iter().zip(answers) {
            assert_eq!(got, status, "{path}");
            assert_eq!(headers["content-encoding"], encoding, "{path}");
            assert_eq!(decoded(encoding, &body).unwrap(), expected, "{path}");
            if let Some(length) = headers.get("content-length") {
                assert_eq!(length.to_str().unwrap(), body.len().to_string(), "{path}");
            }
        }
    }
}

#[test]
fn what_is_in_memory_tells_its_length() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    for (path, known) in [
        ("/fixed", true),
        ("/made/7", true),
        ("/site/page.txt", true),
        ("/nowhere", true),
        ("/live/page.txt", false),
        ("/up/any", false),
    ] {
        let answer = ask(&mut client, path, "accept-encoding: gzip\r\n");
        let length = answer.header("content-length");
        let expected = known.then(|| answer.body.len().to_string());
        assert_eq!(length, expected, "{path}");
    }
}

#[test]
fn head_tells_what_get_would() {
    let backend = server();
    let gated = gateway(backend.address);
    let told = |head: &str| -> Vec<String> {
        let mut lines: Vec<String> = head
            .lines()
            .filter(|line| !line.starts_with("date:") && !line.starts_with("x-request-id:"))
            .filter(|line| !line.starts_with("transfer-encoding:"))
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    for (path, _, _) in kinds() {
        for accepted in ["", "accept-encoding: br\r\n"] {
            let mut client = gated.connect();
            let get = ask(&mut client, path, accepted);
            client.send(format!("HEAD {path} HTTP/1.1\r\nhost: a\r\n{accepted}\r\n"));
            let head = client.head();
            assert_eq!(told(&head), told(&get.head), "{path} {accepted}");
            assert_eq!(client.get("/off").text(), text(400), "{path}");
            let by_http2 = |method| http2::headers(&gated, method, path);
            assert_eq!(by_http2("HEAD"), by_http2("GET"));
        }
    }
}

#[test]
fn what_must_not_be_compressed_is_not() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    for path in [
        "/off",
        "/up/no-transform",
        "/up/encoded",
        "/up/part",
        "/up/image",
        "/up/short",
        "/up/nothing",
    ] {
        let answer = ask(&mut client, path, "accept-encoding: gzip, br, zstd\r\n");
        let own = answer.header("content-encoding").unwrap_or_default();
        assert!(["", "x-own"].contains(&own.as_str()), "{path} {own}");
        assert_eq!(answer.header("vary"), None, "{path}");
        if !["/up/short", "/up/nothing"].contains(&path) {
            assert_eq!(answer.text(), text(400), "{path}");
        }
    }
}

#[test]
fn the_client_is_taken_at_its_word() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    for (accepted, expected) in [
        ("gzip, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0.9, zstd;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0.5, zstd;q=0", "br"),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=0", ""),
        ("deflate", ""),
        ("", ""),
    ] {
        for path in [
            "/fixed",
            "/made/7",
            "/up/any",
            "/live/page.txt",
            "/site/page.txt",
        ] {
            let answer = ask(
                &mut client,
                path,
                &format!("accept-encoding: {accepted}\r\n"),
            );
            let told = answer.header("content-encoding").unwrap_or_default();
            assert_eq!(told, expected, "{path} {accepted}");
        }
    }
    for (accepted, expected) in [("br, zstd", None), ("gzip, br", Some("gzip".to_owned()))] {
        let answer = ask(
            &mut client,
            "/only",
            &format!("accept-encoding: {accepted}\r\n"),
        );
        assert_eq!(answer.header("content-encoding"), expected);
    }
    let asked = "accept-encoding: gzip\r\ncache-control: no-transform\r\n";
    assert_eq!(
        ask(&mut client, "/up/any", asked).header("content-encoding"),
        None
    );
}

#[test]
fn a_tag_goes_with_its_form_and_comes_back() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    for path in ["/up/tag", "/live/page.txt", "/site/page.txt"] {
        let answer = ask(&mut client, path, "accept-encoding: gzip\r\n");
        let tag = answer.header("etag").unwrap();
        // Files of the bundle have bytes, and so a strong tag, of their own.
        assert_eq!(tag.starts_with("W/"), path != "/site/page.txt", "{tag}");
        if path == "/up/tag" {
            assert_eq!(tag, "W/\"one\"");
            assert_eq!(answer.all("vary"), ["origin, accept-encoding"]);
            for gone in ["accept-ranges", "repr-digest", "content-length"] {
                assert_eq!(answer.header(gone), None, "{gone}");
            }
        }
        let asked = format!("accept-encoding: gzip\r\nif-none-match: {tag}\r\n");
        let again = ask(&mut client, path, &asked);
        assert_eq!(
            (again.status, again.header("etag")),
            (304, Some(tag)),
            "{path}"
        );
        assert_eq!(again.all("vary").len(), 1, "{path} {}", again.head);
        assert_eq!(again.header("content-encoding"), None);
    }
    let plain = ask(&mut client, "/up/tag", "");
    assert_eq!(plain.header("etag").unwrap(), "\"one\"");
    assert_eq!(plain.header("accept-ranges").unwrap(), "bytes");
}

#[test]
fn a_part_is_a_part_of_what_it_says() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    let asked = "accept-encoding: gzip\r\nrange: bytes=5-14\r\n";
    let live = ask(&mut client, "/live/page.txt", asked);
    assert_eq!((live.status, live.text().as_str()), (206, &text(1)[5..15]));
    assert_eq!(live.header("content-encoding"), None);
    assert_eq!(live.all("vary"), ["accept-encoding"]);
    let date = live.header("last-modified").unwrap();
    let asked_on = format!("{asked}if-range: {date}\r\n");
    let whole = ask(&mut client, "/live/page.txt", &asked_on);
    assert_eq!(
        (whole.status, whole.all("content-encoding")),
        (200, vec!["gzip".to_owned()])
    );
    let asked_on = asked_on.replace("gzip", "identity");
    assert_eq!(ask(&mut client, "/live/page.txt", &asked_on).status, 206);
    let site = ask(&mut client, "/site/page.txt", asked);
    let whole = ask(&mut client, "/site/page.txt", "accept-encoding: gzip\r\n");
    assert_eq!((site.status, &site.body[..]), (206, &whole.body[5..15]));
    assert_eq!(site.header("content-encoding").unwrap(), "gzip");
}

#[test]
fn trailers_come_through_behind_an_encoded_stream() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    let asked = "accept-encoding: br\r\nte: trailers\r\nconnection: te\r\n";
    let answer = ask(&mut client, "/up/trailers", asked);
    assert_eq!(decoded("br", &answer.body).unwrap(), text(400));
    assert_eq!(answer.trailers, ["x-sum: 7"]);
}

#[test]
fn an_old_client_gets_it_until_the_connection_closes() {
    let backend = server();
    let gated = gateway(backend.address);
    let mut client = gated.connect();
    client.send("GET /up/any HTTP/1.0\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n");
    let answer = client.answer();
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(decoded("gzip", &answer.body).unwrap(), text(400));
}

/// A server that sends this head and then pieces as they are handed to it, as chunks; without more, it
/// breaks off.
fn piecewise() -> (SocketAddr, mpsc::Sender<&'static str>) {
    let (sender, receiver) = mpsc::channel::<&str>();
    let receiver = std::sync::Mutex::new(receiver);
    let address = Backend::each(move |client| {
        if client.head().is_empty() {
            return;
        }
        client.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
        while let Ok(piece) = receiver.lock().unwrap().recv_timeout(PATIENCE) {
            client.send(format!("{:x}\r\n{piece}\r\n", piece.len()));
        }
    });
    (address, sender)
}

#[test]
fn an_event_arrives_before_the_next_is_sent() {
    let (address, events) = piecewise();
    let gated = gateway(address);
    let mut client = gated.connect();
    events.send("data: one\n\n").unwrap();
    client.send("GET /up/events HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n");
    let head = client.head();
    assert_eq!(values(&head, "content-encoding"), ["gzip"]);
    let mut encoded = Vec::new();
    for (next, expected) in [
        (Some("data: two\n\n"), "data: one\n\n"),
        (Some("data: three\n\n"), "data: one\n\ndata: two\n\n"),
        (None, "data: one\n\ndata: two\n\ndata: three\n\n"),
    ] {
        while begun(&encoded) != expected {
            encoded.extend(client.chunk().unwrap());
        }
        if let Some(next) = next {
            events.send(next).unwrap();
        }
    }
}

#[test]
fn what_breaks_off_behind_does_not_look_whole() {
    let (address, pieces) = piecewise();
    let gated = gateway(address);
    let mut client = gated.connect();
    pieces.send("half of it, ").unwrap();
    client.send("GET /up/broken HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n");
    assert_eq!(values(&client.head(), "content-encoding"), ["gzip"]);
    let first = client.chunk().unwrap();
    assert_eq!(begun(&first), "half of it, ");
    drop(pieces);
    // Neither the last chunk nor the end of the encoded stream comes.
    let mut rest = Vec::new();
    let _ = client.stream.read_to_end(&mut rest);
    assert!(!rest.ends_with(b"0\r\n\r\n"), "{rest:?}");
    assert!(decoded("gzip", &first).is_err());
}

#[test]
fn streams_for_whose_encoders_there_is_no_room_are_sent_as_they_are() {
    // A server that begins an answer and says nothing.
    let address = Backend::each(|client| {
        if !client.head().is_empty() {
            client.send("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
            client.head();
        }
    });
    let gated = gateway(address);
    let open = || {
        let mut client = gated.connect();
        client.send("GET /up/events HTTP/1.1\r\nhost: a\r\naccept-encoding: br\r\n\r\n");
        let head = client.head();
        assert_eq!(values(&head, "vary"), ["accept-encoding"]);
        (values(&head, "content-encoding") == ["br"], client)
    };
    let streams: Vec<_> = (0..140).map(|_| open()).collect();
    assert_eq!(streams.iter().filter(|(encoded, _)| *encoded).count(), 128);
    drop(streams);
    assert!(wait_for(|| open().0.then_some(())).is_some());
}
