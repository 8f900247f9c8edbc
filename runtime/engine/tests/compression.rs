//! Which form of an answer a client gets, of those that lie in the bundle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

mod decide_fixture;

use bytes::Bytes;
use decide_fixture::*;
use gated_engine::Bundle;
use gated_engine::decide::{Forms, Response};
use gated_engine::files::negotiate::Encoding::{self, Brotli, Gzip, Zstd};
use gated_engine::program::*;
use http::{HeaderMap, header};

fn compression(encodings: &[Encoding]) -> Compression {
    Compression {
        encodings: encodings.to_vec(),
        min_size: 10,
        types: vec!["text/*".to_owned()],
    }
}

fn asked(accepted: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())])
}

/// One route with a fixed answer of which there are a Brotli and a gzip form.
fn fixed(headers: &[(&str, &str)]) -> Bundle {
    let mut gateway = Gateway::default();
    let program = &mut gateway.contents.program;
    program
        .compressions
        .push(compression(&[Zstd, Brotli, Gzip]));
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, text(value)))
        .collect();
    let body = Body::Bytes(gateway.blob(b"a long enough text"));
    let encoded = [(Brotli, &b"brotli"[..]), (Gzip, b"gzip")];
    let encoded = encoded.map(|(encoding, bytes)| EncodedBody {
        encoding,
        body: gateway.blob(bytes),
    });
    let respond = Respond {
        encoded: Some(encoded.to_vec()),
        ..respond(200, &headers, body)
    };
    let mut gateway = gateway.route("/a", Action::Respond(Box::new(respond)));
    gateway.last_route().compression = Some(0);
    gateway.load()
}

#[test]
fn a_ready_answer_is_as_ready_in_each_encoding() {
    let bundle = fixed(&[("content-type", "text/plain"), ("etag", "\"1\"")]);
    let ready = bundle.ready(0).unwrap();
    for (accepted, lines, body) in [
        (
            "",
            "content-type: text/plain\r\netag: \"1\"\r\nvary: accept-encoding\r\n",
            "a long enough text",
        ),
        (
            "gzip, br, zstd",
            "content-type: text/plain\r\netag: W/\"1\"\r\nvary: accept-encoding\r\ncontent-encoding: br\r\n",
            "brotli",
        ),
        (
            "gzip, br;q=0.5",
            "content-type: text/plain\r\netag: W/\"1\"\r\nvary: accept-encoding\r\ncontent-encoding: gzip\r\n",
            "gzip",
        ),
        (
            "zstd",
            "content-type: text/plain\r\netag: \"1\"\r\nvary: accept-encoding\r\n",
            "a long enough text",
        ),
    ] {
        let form = ready.form(ready.choose(&asked(accepted)));
        let length = form.body.len();
        let head = format!("HTTP/1.1 200 OK\r\n{lines}content-length: {length}\r\n");
        assert_eq!(
            (form.head.as_ref(), form.body.as_ref()),
            (head.as_bytes(), body.as_bytes()),
            "{accepted}"
        );
        assert_eq!(form.headers.len(), lines.lines().count());
    }
}

#[test]
fn what_is_not_covered_has_one_form() {
    for headers in [
        &[("content-type", "image/png")][..],
        &[],
        &[
            ("content-type", "text/plain"),
            ("cache-control", "no-transform"),
        ],
        &[
            ("content-type", "text/plain"),
            ("content-encoding", "aes128gcm"),
        ],
    ] {
        let bundle = fixed(headers);
        let ready = bundle.ready(0).unwrap();
        let form = ready.form(ready.choose(&asked("br")));
        assert_eq!(form.body, "a long enough text", "{headers:?}");
        assert!(!form.headers.contains_key(header::VARY), "{headers:?}");
    }
}

#[test]
fn what_was_not_encoded_with_the_bundle_is_left_to_who_sends_it() {
    let mut gateway = Gateway::default();
    gateway
        .contents
        .program
        .compressions
        .push(compression(&[Gzip]));
    let headers = [("content-type", text("text/plain"))];
    let body = Body::Bytes(gateway.blob(b"a long enough text"));
    let mut gateway = gateway.route(
        "/a",
        Action::Respond(Box::new(respond(200, &headers, body))),
    );
    gateway.last_route().compression = Some(0);
    let bundle = gateway.load();
    assert!(bundle.ready(0).is_none());
    assert_eq!(get("/a", &[]).answer(&bundle).forms, Forms::Open);
}

/// A site of which a style sheet lies encoded in the bundle, and as a file beside it.
fn site() -> Bundle {
    let mut gateway = Gateway::default();
    let program = &mut gateway.contents.program;
    program
        .compressions
        .push(compression(&[Zstd, Gzip, Brotli]));
    program.compressions.push(compression(&[Brotli]));
    let folder = gateway.folder(&[
        ("a.css", "a { color: red }"),
        ("a.css.br", "by hand"),
        ("b.css", "b { color: red }"),
    ]);
    let forms = [(Brotli, &b"brotli"[..]), (Gzip, b"gzip")].map(|(encoding, bytes)| EncodedFile {
        encoding,
        etag: format!("\"{}\"", encoding.token()),
        body: gateway.blob(bytes),
    });
    for file in &mut gateway.contents.program.folders[0].files {
        file.encoded = forms.to_vec();
    }
    let serve = || {
        Action::Files(Box::new(Files {
            strip_segments: 1,
            ..files(folder)
        }))
    };
    let mut gateway = gateway.route("/all/*", serve());
    gateway.last_route().compression = Some(0);
    let mut gateway = gateway.route("/br/*", serve());
    gateway.last_route().compression = Some(1);
    gateway.route("/none/*", serve()).load()
}

fn sent(
    bundle: &Bundle,
    target: &str,
    headers: &[(&'static str, &str)],
) -> (u16, String, Response) {
    let response = get(target, headers).answer(bundle);
    let of = |name: &str| match response.headers.get(name) {
        Some(value) => value.to_str().unwrap().to_owned(),
        None => "-".to_owned(),
    };
    let told = format!("{} {} {}", of("content-encoding"), of("etag"), of("vary"));
    (response.status.as_u16(), told, response)
}

#[test]
fn files_are_sent_in_the_form_that_the_route_and_the_client_take() {
    let bundle = site();
    for (target, accepted, told, body) in [
        (
            "/all/b.css",
            "br, gzip",
            "gzip \"gzip\" accept-encoding",
            "gzip",
        ),
        ("/all/b.css", "br", "br \"br\" accept-encoding", "brotli"),
        (
            "/all/a.css",
            "br",
            "br \"a.css.br-7\" accept-encoding",
            "by hand",
        ),
        (
            "/all/a.css",
            "identity",
            "- \"a.css-16\" accept-encoding",
            "a { color: red }",
        ),
        (
            "/br/b.css",
            "br, gzip",
            "br \"br\" accept-encoding",
            "brotli",
        ),
        (
            "/br/b.css",
            "gzip",
            "- \"b.css-16\" accept-encoding",
            "b { color: red }",
        ),
        (
            "/none/b.css",
            "br, gzip",
            "- \"b.css-16\" -",
            "b { color: red }",
        ),
        (
            "/none/a.css",
            "br, gzip",
            "br \"a.css.br-7\" accept-encoding",
            "by hand",
        ),
    ] {
        let (status, shown, response) = sent(&bundle, target, &[("accept-encoding", accepted)]);
        assert_eq!((status, shown.as_str()), (200, told), "{target} {accepted}");
        assert_eq!(response.body, Bytes::copy_from_slice(body.as_bytes()));
        assert_eq!(response.forms, Forms::Settled);
    }
}

#[test]
fn what_a_client_has_is_known_by_the_tag_of_its_form() {
    let bundle = site();
    let ask = |accepted: &'static str, tag: &'static str| {
        let headers = [("accept-encoding", accepted), ("if-none-match", tag)];
        sent(&bundle, "/all/b.css", &headers).0
    };
    assert_eq!(ask("gzip", "\"gzip\""), 304);
    assert_eq!(ask("gzip", "W/\"gzip\""), 304);
    assert_eq!(ask("gzip", "\"b.css-16\""), 200);
    assert_eq!(ask("identity", "\"b.css-16\""), 304);
    let headers = [("accept-encoding", "gzip"), ("if-none-match", "\"gzip\"")];
    assert_eq!(
        sent(&bundle, "/all/b.css", &headers).1,
        "- \"gzip\" accept-encoding"
    );
}

#[test]
fn a_range_is_one_of_the_form_that_is_sent() {
    let bundle = site();
    let headers = [("accept-encoding", "gzip"), ("range", "bytes=1-2")];
    let (status, told, response) = sent(&bundle, "/all/b.css", &headers);
    assert_eq!(
        (status, told.as_str()),
        (206, "gzip \"gzip\" accept-encoding")
    );
    assert_eq!(response.body, "zi");
}

#[test]
fn nonsense_is_refused_when_the_bundle_is_loaded() {
    let broken = |change: fn(&mut Program)| {
        let mut gateway = Gateway::default();
        gateway
            .contents
            .program
            .compressions
            .push(compression(&[Gzip]));
        let folder = gateway.folder(&[("a.css", "a { color: red }")]);
        let body = gateway.blob(b"gzip");
        let form = EncodedFile {
            encoding: Gzip,
            etag: "\"1\"".to_owned(),
            body,
        };
        gateway.contents.program.folders[0].files[0].encoded = vec![form];
        let answer = Respond {
            encoded: Some(vec![EncodedBody {
                encoding: Gzip,
                body,
            }]),
            ..respond(200, &[], Body::Empty)
        };
        let gateway = gateway.route("/a", Action::Respond(Box::new(answer)));
        let mut gateway = gateway.route("/*", Action::Files(Box::new(files(folder))));
        change(&mut gateway.contents.program);
        match Bundle::load(Bytes::from(gateway.file())) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    };
    type Case = (fn(&mut Program), &'static str);
    let cases: [Case; 8] = [
        (|_| {}, ""),
        (
            |program| program.routes[0].compression = Some(1),
            "there is no compression number 1",
        ),
        (
            |program| program.settings.compression = Some(9),
            "there is no compression number 9",
        ),
        (
            |program| program.compressions[0].encodings.clear(),
            "a compression without an encoding",
        ),
        (
            |program| program.compressions[0].encodings.push(Gzip),
            "`gzip` stands twice",
        ),
        (
            |program| program.compressions[0].types.push("Text/x".to_owned()),
            "`Text/x` is no media type",
        ),
        (
            |program| program.folders[0].files[0].encoded[0].etag = "W/\"1\"".to_owned(),
            "no strong entity tag",
        ),
        (
            |program| program.folders[0].files[0].encoded[0].body.length = 1 << 40,
            "is not in the bundle",
        ),
    ];
    for (change, expected) in cases {
        let said = broken(change);
        assert!(
            said.contains(expected) && said.is_empty() == expected.is_empty(),
            "{said}"
        );
    }
    let said = broken(|program| {
        if let Action::Respond(respond) = &mut program.routes[0].action {
            respond.encoded.as_mut().unwrap()[0].body.offset = u64::MAX;
        }
    });
    assert!(said.contains("is not in the bundle"), "{said}");
}
