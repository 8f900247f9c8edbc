//! TLS on listeners: who gets which certificate, who may come in, and what requests see of it.

use std::io::Write;
use std::sync::Arc;

use super::authority::Authority;
use super::support::{Backend, Client, Gated, reply, with_listener};
use super::tls_client::{Secure, client, der, folder, simple, spec, start};

#[test]
fn a_host_gets_its_certificate_and_others_the_first() {
    let authority = Authority::new();
    let folder = folder(
        &authority,
        &[&["a.test", "also.a.test"], &["b.test", "*.b.test"]],
    );
    let read = |name: &str| der(&std::fs::read_to_string(folder.path().join(name)).unwrap());
    let (a, b) = (read("a.test.pem"), read("b.test.pem"));
    let tls = "certificate \"a.test.pem\" key=\"a.test.key\"\ncertificate \"b.test.pem\" key=\"b.test.key\"";
    let gated = start(folder, &spec(tls));
    let config = Arc::new(client(&authority, None));
    for (host, shown) in [
        ("a.test", &a),
        ("also.a.test", &a),
        ("b.test", &b),
        ("x.b.test", &b),
    ] {
        let mut secure = Secure::connect(gated.web(), host, &config).unwrap();
        assert_eq!(&secure.shown(), shown, "{host}");
        assert_eq!(secure.get(host, "/hello").unwrap().status, 200);
    }
    let unknown = Secure::connect(gated.web(), "x.y.b.test", &config);
    let error = unwrap_err(unknown).to_string();
    assert!(
        error.contains("NotValidForName") || error.contains("not valid for name"),
        "{error}"
    );
}

fn unwrap_err(secure: std::io::Result<Secure>) -> std::io::Error {
    match secure {
        Ok(_) => panic!("a connection stands"),
        Err(error) => error,
    }
}

#[test]
fn a_request_for_a_host_with_another_certificate_is_421() {
    let authority = Authority::new();
    let folder = folder(&authority, &[&["a.test", "also.a.test"], &["b.test"]]);
    let tls = "certificate \"a.test.pem\" key=\"a.test.key\"\ncertificate \"b.test.pem\" key=\"b.test.key\"";
    let gated = start(folder, &spec(tls));
    let config = Arc::new(client(&authority, None));
    let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
    for (host, status) in [
        ("a.test", 200),
        ("A.Test:8443", 200),
        ("also.a.test", 200),
        ("b.test", 421),
        ("B.TEST.:443", 421),
        ("a.test", 200),
    ] {
        assert_eq!(secure.get(host, "/hello").unwrap().status, status, "{host}");
    }
    // Who names no host may ask for any.
    let mut bare = client(&authority, None);
    bare.enable_sni = false;
    let mut secure = Secure::connect(gated.web(), "a.test", &Arc::new(bare)).unwrap();
    assert_eq!(secure.get("b.test", "/hello").unwrap().status, 200);
}

#[test]
fn sessions_are_resumed_by_every_worker_and_after_a_change() {
    let authority = Authority::new();
    let gated = simple(&authority, "");
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut config = client(&authority, None);
        let provider = Arc::clone(config.crypto_provider());
        config = {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(der(&authority.pem()).into()).unwrap();
            rustls::ClientConfig::builder_with_provider(provider)
                .with_protocol_versions(&[version])
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth()
        };
        let config = Arc::new(config);
        let ask = || {
            let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
            assert_eq!(secure.get("a.test", "/hello").unwrap().body, "hello");
            secure.is_resumed()
        };
        assert!(!ask());
        // The kernel picks the worker; all of them know the ticket.
        assert!((0..16).all(|_| ask()));
        gated.write(&spec(
            "certificate \"a.test.pem\" key=\"a.test.key\"\nhsts \"1d\"",
        ));
        assert_eq!(gated.reload(), 200);
        assert!(ask());
    }
}

#[test]
fn clients_show_certificates_as_asked() {
    let (authority, other) = (Authority::new(), Authority::new());
    let own = authority.issue(&["client.test"], 4000);
    let foreign = other.issue(&["client.test"], 4000);
    let expired = authority.issue(&["client.test"], 2001);
    // None, a right one, another authority's, an expired one.
    for (mode, allowed) in [
        ("off", [true, true, true, true]),
        ("request", [true, true, false, false]),
        ("require", [false, true, false, false]),
    ] {
        let gated = simple(
            &authority,
            &format!("client-certificate \"{mode}\" ca=\"ca.pem\""),
        );
        let shown = [None, Some(&own), Some(&foreign), Some(&expired)];
        for (shown, allowed) in shown.into_iter().zip(allowed) {
            let config = Arc::new(client(&authority, shown));
            let answer = Secure::connect(gated.web(), "a.test", &config)
                .and_then(|mut secure| secure.get("a.test", "/hello"));
            assert_eq!(answer.is_ok(), allowed, "{mode}: {answer:?}");
        }
    }
}

#[test]
fn a_ticket_is_worth_nothing_where_more_is_asked() {
    let authority = Authority::new();
    let text = "gateway \"test\" workers=1\n\
        listener \"open\" bind=\"127.0.0.1:0\" {\n tls {\n certificate \"a.test.pem\" key=\"a.test.key\"\n }\n}\n\
        listener \"closed\" bind=\"127.0.0.1:0\" {\n tls {\n certificate \"a.test.pem\" key=\"a.test.key\"\n client-certificate \"require\" ca=\"ca.pem\"\n }\n}\n\
        route \"hello\" public=#true {\n match \"GET\" \"/hello\"\n respond 200 \"hello\"\n}\n";
    let gated = start(folder(&authority, &[&["a.test"]]), text);
    let config = Arc::new(client(&authority, None));
    let ask = |listener: &str| {
        Secure::connect(gated.address(listener), "a.test", &config)
            .and_then(|mut secure| secure.get("a.test", "/hello").map(|_| secure.is_resumed()))
    };
    assert!(!ask("open").unwrap());
    assert!(ask("open").unwrap());
    assert!(ask("closed").is_err());
}

#[test]
fn plain_clients_are_told_or_redirected() {
    let authority = Authority::new();
    let text = spec("certificate \"a.test.pem\" key=\"a.test.key\"")
        + "listener \"plain\" bind=\"127.0.0.1:0\" {\n redirect-to-https port=8443\n}\n\
           listener \"usual\" bind=\"127.0.0.1:0\" {\n redirect-to-https\n}\n\
           route \"acme\" public=#true {\n match prefix=\"/.well-known/acme-challenge\"\n respond 200 \"token\"\n}\n";
    let gated = start(folder(&authority, &[&["a.test"]]), &text);

    let mut client = Client::connect(gated.web());
    let told = client.get("/hello");
    assert_eq!(told.status, 400);
    assert!(told.text().contains("https"), "{told:?}");
    assert!(client.is_closed());

    let ask = |listener: &str, head: &str| {
        let mut client = Client::connect(gated.address(listener));
        client.send(format!("{head}\r\n\r\n"));
        client.answer()
    };
    for (listener, head, wanted) in [
        (
            "plain",
            "GET /hello?x=%20y HTTP/1.1\r\nhost: A.test:80",
            "https://a.test:8443/hello?x=%20y",
        ),
        (
            "usual",
            "GET /hello HTTP/1.1\r\nhost: a.test",
            "https://a.test/hello",
        ),
        (
            "usual",
            "POST /a//b/../c HTTP/1.1\r\nhost: [::1]:80\r\ncontent-length: 2\r\n\r\nxx",
            "https://[::1]/a//b/../c",
        ),
    ] {
        let answer = ask(listener, head);
        assert_eq!(answer.status, 308, "{answer:?}");
        assert_eq!(answer.header("location").as_deref(), Some(wanted));
        assert_eq!(answer.header("strict-transport-security"), None);
    }
    assert_eq!(ask("plain", "GET / HTTP/1.0").status, 400);
    let challenge = ask(
        "plain",
        "GET /.well-known/acme-challenge/x HTTP/1.1\r\nhost: a.test",
    );
    assert_eq!(challenge.text(), "token");
}

#[test]
fn answers_promise_https_unless_they_say_it_themselves() {
    let authority = Authority::new();
    let backend = Backend::start(|request| match request.head.contains("/own") {
        true => {
            "HTTP/1.1 200 OK\r\nstrict-transport-security: max-age=1\r\ncontent-length: 0\r\n\r\n"
                .to_owned()
        }
        false => reply("up"),
    });
    let text = spec(
        "certificate \"a.test.pem\" key=\"a.test.key\"\nhsts \"365d\" subdomains=#true preload=#true",
    ) + &format!(
        "upstream \"back\" {{\n server \"http://{}\"\n}}\nroute \"up\" public=#true {{\n match prefix=\"/up\"\n proxy \"back\"\n}}\nroute \"fixed\" public=#true {{\n match \"GET\" \"/fixed\"\n respond 200 {{\n header \"strict-transport-security\" \"max-age=2\"\n }}\n}}\n",
        backend.address
    );
    let gated = start(folder(&authority, &[&["a.test"]]), &text);
    let config = Arc::new(client(&authority, None));
    let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
    let whole = "max-age=31536000; includeSubDomains; preload";
    for (path, status, promise) in [
        ("/hello", 200, whole),
        ("/nothing", 404, whole),
        ("/up/x", 200, whole),
        ("/up/own", 200, "max-age=1"),
        ("/fixed", 200, "max-age=2"),
    ] {
        let answer = secure.get("a.test", path).unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(answer.all("strict-transport-security"), [promise]);
    }
    assert!(
        backend.last().head.contains("x-forwarded-proto: https"),
        "{}",
        backend.last().head
    );
}

#[test]
fn the_end_is_said_within_tls_but_not_after_a_broken_answer() {
    let authority = Authority::new();
    let backend = Backend::each(|client| {
        client.head();
        client.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
    });
    let text = spec("certificate \"a.test.pem\" key=\"a.test.key\"")
        + &format!(
            "upstream \"back\" {{\n server \"http://{backend}\"\n}}\nroute \"up\" public=#true {{\n match prefix=\"/up\"\n proxy \"back\"\n}}\n"
        );
    let gated = start(folder(&authority, &[&["a.test"]]), &text);
    let config = Arc::new(client(&authority, None));
    let ask = |path: &str| {
        let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n");
        secure
            .stream
            .get_mut()
            .write_all(request.as_bytes())
            .unwrap();
        secure.rest()
    };
    let whole = ask("/hello").unwrap();
    assert!(whole.ends_with(b"hello"));
    assert_eq!(
        ask("/up").unwrap_err().kind(),
        std::io::ErrorKind::UnexpectedEof
    );
}

#[test]
fn large_bodies_pass_both_ways() {
    let authority = Authority::new();
    let backend = Backend::start(|request| reply(&String::from_utf8_lossy(&request.body)));
    let text = spec("certificate \"a.test.pem\" key=\"a.test.key\"")
        + &format!(
            "upstream \"back\" {{\n server \"http://{}\"\n}}\nroute \"up\" public=#true {{\n match prefix=\"/up\"\n proxy \"back\"\n}}\n",
            backend.address
        );
    let gated = start(folder(&authority, &[&["a.test"]]), &text);
    let config = Arc::new(client(&authority, None));
    let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
    for length in [1, 16_384, 16_385, 3_000_000] {
        let body = "x".repeat(length);
        let head = format!("POST /up HTTP/1.1\r\nhost: a.test\r\ncontent-length: {length}\r\n\r\n");
        let stream = secure.stream.get_mut();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        stream.flush().unwrap();
        assert!(secure.answer().unwrap().body == body, "{length}");
    }
}

#[test]
fn who_does_not_shake_hands_is_let_go_and_counted() {
    let authority = Authority::new();
    let certificate = "certificate \"a.test.pem\" key=\"a.test.key\"";
    let text = spec(certificate).replace(" tls {", " limits header-timeout=\"300ms\"\n tls {");
    let gated = start(folder(&authority, &[&["a.test"]]), &text);
    let mut silent = Client::connect(gated.web());
    assert!(silent.is_closed());
    let mut slow = Client::connect(gated.web());
    slow.send([22, 3, 1, 0, 100, 1]);
    assert!(slow.is_closed());
    let mut wrong = Client::connect(gated.web());
    wrong.send([22, 3, 1, 0, 5, 9, 9, 9, 9, 9]);
    let mut alert = Vec::new();
    let _ = std::io::Read::read_to_end(&mut wrong.stream, &mut alert);
    assert!(
        alert.is_empty() || alert[0] == 21,
        "an alert at most: {alert:?}"
    );
    let mut noise = Client::connect(gated.web());
    noise.send([0; 64]);
    assert!(noise.is_closed());
    assert_eq!(Client::connect(gated.web()).get("/").status, 400);
    let config = Arc::new(client(&authority, None));
    for _ in 0..2 {
        let mut secure = Secure::connect(gated.web(), "a.test", &config).unwrap();
        secure.get("a.test", "/hello").unwrap();
    }
    let page = gated.manage("/metrics").text();
    for (result, count) in [
        ("full", 1),
        ("resumed", 1),
        ("failed", 2),
        ("timeout", 1),
        ("abandoned", 1),
        ("plain", 1),
    ] {
        let line =
            format!("gated_tls_handshakes_total{{listener=\"web\",result=\"{result}\"}} {count}\n");
        assert!(page.contains(&line), "no {line} in {page}");
    }
    let noisy: Vec<_> = gated
        .log()
        .into_iter()
        .filter(|line| line.contains("\"WARN\"") && line.contains("handshake"))
        .collect();
    assert!(noisy.is_empty(), "{noisy:?}");
}

#[test]
fn a_plain_listener_becomes_a_secure_one_and_back_in_place() {
    let authority = Authority::new();
    let folder = folder(&authority, &[&["a.test"]]);
    let route =
        "route \"hello\" public=#true {\n match \"GET\" \"/hello\"\n respond 200 \"hello\"\n}\n";
    let plain = with_listener(route);
    let secure = plain.replace(
        "bind=\"127.0.0.1:0\"",
        "bind=\"127.0.0.1:0\" {\n tls {\n certificate \"a.test.pem\" key=\"a.test.key\"\n }\n}",
    );
    let gated = start(folder, &plain);
    let mut open = gated.connect();
    assert_eq!(open.get("/hello").status, 200);
    change(&gated, &secure);
    let config = Arc::new(client(&authority, None));
    let mut second = Secure::connect(gated.web(), "a.test", &config).unwrap();
    assert_eq!(second.get("a.test", "/hello").unwrap().status, 200);
    assert_eq!(open.get("/hello").status, 200, "what is open stays");
    assert_eq!(gated.get("/hello").status, 400);
    change(&gated, &plain);
    assert_eq!(gated.get("/hello").status, 200);
    assert_eq!(second.get("a.test", "/hello").unwrap().status, 200);
}

fn change(gated: &Gated, spec: &str) {
    gated.write(spec);
    assert_eq!(gated.reload(), 200);
}
