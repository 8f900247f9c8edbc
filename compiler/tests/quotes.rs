//! One quote too few is one mistake, wherever it is missing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use std::path::Path;

use common::shown;
use gatec_compiler::load::Format;

const KDL: &str = r#"gateway "shop"

listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true timeout="5s" {
    match "GET" "/orders/{id}" {
        header "accept" "application/json"
    }
    proxy "orders"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 "hello {{ query.name }}" {
        header "x-a" "1"
    }
}

error-page 404 {
    body "not here"
}
"#;

const YAML: &str = r#"gateway: {name: "shop"}
listeners:
  web:
    bind: "127.0.0.1:8080"
upstreams:
  "orders":
    servers:
      - url: "http://127.0.0.1:9000"
routes:
  orders:
    public: true
    timeout: "5s"
    match:
      - method: ["GET"]
        path: "/orders/{id}"
        headers:
          accept: {equals: "application/json"}
    proxy: {upstream: "orders"}
  hello:
    public: true
    match:
      - method: [GET]
        path: "/hello"
    respond:
      status: 200
      body: "hello {{ query.name }}"
      headers: {"x-a": "1"}
error-pages:
  404:
    body: "not here"
"#;

/// The text with one quote after another taken out, each with the line it is missing in.
fn broken(text: &str) -> impl Iterator<Item = (String, String)> {
    text.match_indices('"').map(move |(at, _)| {
        let mut broken = text.to_owned();
        broken.remove(at);
        let line = broken[..at].matches('\n').count();
        let line = broken.lines().nth(line).unwrap().to_owned();
        (line, broken)
    })
}

fn check(text: &str, format: Format) -> gatec_compiler::Compiled {
    let input = common::text_in(Path::new("."), text, format);
    gatec_compiler::check(input, &common::options())
}

#[test]
fn in_kdl_each_missing_quote_is_one_finding() {
    assert!(check(KDL, Format::Kdl).diagnostics.is_empty());
    for (line, text) in broken(KDL) {
        let found = check(&text, Format::Kdl);
        let codes: Vec<_> = found.diagnostics.iter().map(|one| one.code).collect();
        // Without quotes, what stands behind `http:` is a comment.
        let expected = if line.contains(" http://") {
            "S113"
        } else {
            "K101"
        };
        let told = shown(&found.sources, &found.diagnostics);
        assert_eq!(codes, [expected], "{line}\n{told}");
        let at = found.sources.place(found.diagnostics[0].span);
        let place = format!(
            "gate.kdl:{}:",
            text.lines().position(|one| one == line).unwrap() + 1
        );
        assert!(at.to_string().starts_with(&place), "{line}\n{told}");
    }
}

/// A plain text of YAML may end in a quote, so not every missing one is a mistake.
#[test]
fn in_yaml_no_missing_quote_is_more_than_one_finding() {
    assert!(check(YAML, Format::Yaml).diagnostics.is_empty());
    for (line, text) in broken(YAML) {
        let found = check(&text, Format::Yaml);
        let told = shown(&found.sources, &found.diagnostics);
        assert!(found.diagnostics.len() <= 1, "{line}\n{told}");
    }
}

#[test]
fn what_is_said_of_such_lines_reads_well() {
    let text = r#"listener "web" bind="127.0.0.1:8080"
upstream "u" { server http://127.0.0.1:9000"
}
route "a" public=#true {
    match GET" "/a"
    respond 200 "hello
}
route "b" public=#true timeout=5s" {
    match "GET" /b"
    respond 200 "{{ query.x | no }}" "body
}
"#;
    let found = check(text, Format::Kdl);
    insta::assert_snapshot!(shown(&found.sources, &found.diagnostics));
}

/// Of the lines beside it nothing is kept quiet.
#[test]
fn other_lines_are_still_told() {
    let text = KDL
        .replace("\"/hello\"", "/hello\"")
        .replace("respond 200", "respond 999")
        .replace("proxy \"orders\"", "proxy \"order\"");
    let found = check(&text, Format::Kdl);
    let codes: Vec<_> = found.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["U101", "K101", "S118"]);
}
