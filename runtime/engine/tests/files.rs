//! Files of a bundle, asked for as browsers, crawlers and attackers do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

mod decide_fixture;

use decide_fixture::*;
use gated_engine::Bundle;
use gated_engine::decide::Response;
use gated_engine::program::*;

fn site() -> Bundle {
    let mut gateway = Gateway::default();
    let folder = gateway.folder(&[
        ("index.html", "<h1>home</h1>"),
        ("app.js", "let app = 1;"),
        ("app.js.br", "br"),
        ("app.js.gz", "gz"),
        ("docs/index.html", "<h1>docs</h1>"),
        ("docs/a b.txt", "blanks"),
        ("empty.txt", ""),
        ("digits.txt", "0123456789"),
    ]);
    let site = files(folder);
    let spa = Files {
        fallback: Some("index.html".to_owned()),
        strip_segments: 1,
        cache_control: Some("max-age=60".to_owned()),
        ..files(folder)
    };
    gateway
        .route("/spa/*", Action::Files(Box::new(spa)))
        .route("/*", Action::Files(Box::new(site)))
        .load()
}

fn ask(target: &str, headers: &[(&'static str, &str)]) -> Response {
    get(target, headers).answer(&site())
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[test]
fn a_file_with_its_headers() {
    let response = ask("/index.html", &[]);
    assert_eq!(
        shown(&response),
        "200 OK\netag: \"index.html-13\"\ncontent-type: text/html; charset=utf-8\naccept-ranges: bytes\n\n<h1>home</h1>"
    );
}

#[test]
fn which_file() {
    let table = [
        ("/", 200, "<h1>home</h1>"),
        ("/docs/", 200, "<h1>docs</h1>"),
        ("/docs/a%20b.txt", 200, "blanks"),
        ("/docs/index.html", 200, "<h1>docs</h1>"),
        ("/docs", 308, ""),
        ("/digits.txt/", 404, "404 not found\n"),
        ("/missing", 404, "404 not found\n"),
        ("/docs%2Findex.html", 404, "404 not found\n"),
        ("/docs%5Cindex.html", 404, "404 not found\n"),
        ("/spa/", 200, "<h1>home</h1>"),
        ("/spa", 308, ""),
        ("/spa/docs/", 200, "<h1>docs</h1>"),
        ("/spa/some/page", 200, "<h1>home</h1>"),
        ("/spa/some/page/", 200, "<h1>home</h1>"),
        ("/spa/missing.js", 404, "404 not found\n"),
        ("/spa/x%2Fy", 404, "404 not found\n"),
    ];
    for (target, status, body) in table {
        let response = ask(target, &[]);
        assert_eq!(response.status, status, "{target}");
        assert_eq!(response.body, body, "{target}");
    }
}

#[test]
fn a_folder_gets_its_slash_and_keeps_the_query() {
    assert_eq!(header(&ask("/docs?a=1&b", &[]), "location"), "/docs/?a=1&b");
    assert_eq!(header(&ask("//docs", &[]), "location"), "/docs/");
    assert_eq!(header(&ask("/spa", &[]), "location"), "/spa/");
}

#[test]
fn the_single_page_is_for_pages_only() {
    let accepting = |accept| ask("/spa/page", &[("accept", accept)]).status;
    assert_eq!(accepting("text/html"), 200);
    assert_eq!(accepting("*/*"), 200);
    assert_eq!(accepting("application/json"), 404);
    assert_eq!(accepting("image/*"), 404);
    for accept in ["text/html", "image/*"] {
        assert_eq!(
            header(&ask("/spa/page", &[("accept", accept)]), "vary"),
            "accept"
        );
    }
}

#[test]
fn other_methods_are_told_what_is_allowed() {
    let post = Ask {
        method: http::Method::POST,
        ..get("/index.html", &[])
    };
    let response = post.answer(&site());
    assert_eq!(
        shown(&response),
        "405 Method Not Allowed\ncontent-type: text/plain; charset=utf-8\nallow: GET, HEAD\n\n405 method not allowed\n"
    );
}

#[test]
fn precompressed_siblings() {
    let encoded = |accept| ask("/app.js", &[("accept-encoding", accept)]);
    let response = encoded("gzip, br");
    assert_eq!(
        shown(&response),
        "200 OK\netag: \"app.js.br-2\"\nvary: accept-encoding\ncontent-type: text/javascript; charset=utf-8\naccept-ranges: bytes\ncontent-encoding: br\n\nbr"
    );
    assert_eq!(encoded("gzip").body, "gz");
    assert_eq!(encoded("br;q=0.1, gzip;q=0.9").body, "gz");
    let plain = encoded("zstd");
    assert_eq!(plain.body, "let app = 1;");
    assert_eq!(header(&plain, "vary"), "accept-encoding");
    assert_eq!(header(&plain, "content-encoding"), "");
    assert_eq!(
        header(&ask("/index.html", &[("accept-encoding", "br")]), "vary"),
        ""
    );
}

#[test]
fn each_encoding_has_its_own_tag() {
    let conditional = |tag| {
        let headers = [("accept-encoding", "br"), ("if-none-match", tag)];
        ask("/app.js", &headers).status
    };
    assert_eq!(conditional("\"app.js.br-2\""), 304);
    assert_eq!(conditional("\"app.js-12\""), 200);
}

#[test]
fn not_modified_keeps_what_caches_need() {
    let headers = [("if-none-match", "W/\"index.html-13\"")];
    let response = ask("/spa/", &headers);
    assert_eq!(
        shown(&response),
        "304 Not Modified\netag: \"index.html-13\"\ncache-control: max-age=60\n\n"
    );
    assert_eq!(ask("/", &[("if-match", "\"other\"")]).status, 412);
}

#[test]
fn one_range() {
    let response = ask("/digits.txt", &[("range", "bytes=2-4")]);
    assert_eq!(
        shown(&response),
        "206 Partial Content\netag: \"digits.txt-10\"\ncontent-type: text/plain; charset=utf-8\naccept-ranges: bytes\ncontent-range: bytes 2-4/10\n\n234"
    );
    let ranged = |range| ask("/digits.txt", &[("range", range)]);
    assert_eq!(ranged("bytes=-3").body, "789");
    assert_eq!(ranged("bytes=8-").body, "89");
    assert_eq!(ranged("bytes=5-4").status, 200);
    let beyond = ranged("bytes=10-");
    assert_eq!(
        shown(&beyond),
        "416 Range Not Satisfiable\ncontent-type: text/plain; charset=utf-8\ncontent-range: bytes */10\n\n416 range not satisfiable\n"
    );
    assert_eq!(ask("/empty.txt", &[("range", "bytes=0-")]).status, 416);
}

#[test]
fn several_ranges() {
    let response = ask("/digits.txt", &[("range", "bytes=0-1, 8-9")]);
    assert_eq!(response.status, 206);
    let boundary = header(&response, "content-type")
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let part = |range: &str, bytes: &str| {
        format!(
            "\r\n--{boundary}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-range: bytes {range}/10\r\n\r\n{bytes}"
        )
    };
    let expected = format!(
        "{}{}\r\n--{boundary}--\r\n",
        part("0-1", "01"),
        part("8-9", "89")
    );
    assert_eq!(response.body, expected);
    assert_eq!(header(&response, "content-range"), "");
}

#[test]
fn the_length_of_several_parts_is_known_before_they_are_read() {
    use gated_engine::files::multipart::Multipart;
    let parts = Multipart::new(
        vec![0..2, 8..10],
        10,
        "text/plain; charset=utf-8",
        "\"digits.txt-10\"",
    );
    let response = ask("/digits.txt", &[("range", "bytes=0-1, 8-9")]);
    assert_eq!(parts.length(), response.body.len() as u64);
}

#[test]
fn a_range_of_another_state_gets_the_whole() {
    let ranged = |condition| {
        let headers = [("range", "bytes=0-1"), ("if-range", condition)];
        ask("/digits.txt", &headers).status
    };
    assert_eq!(ranged("\"digits.txt-10\""), 206);
    assert_eq!(ranged("\"digits.txt-9\""), 200);
}

#[test]
fn head_is_told_what_get_would_send() {
    let head = Ask {
        method: http::Method::HEAD,
        ..get("/digits.txt", &[("range", "bytes=0-1")])
    };
    let response = head.answer(&site());
    assert_eq!(response.status, 200);
    assert_eq!(response.body.len(), 10);
}
