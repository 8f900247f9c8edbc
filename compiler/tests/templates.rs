//! No request breaks out of the place its values go to, through the whole compiler and the engine.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::collections::BTreeMap;

use gatec_compiler::load::Format;
use gated_engine::decide::{Decision, Response, decide};
use gated_engine::matcher::Routing;
use gated_engine::request::Request;
use gated_engine::{Bundle, FixedEnvironment};
use http::{HeaderMap, Method, Uri, Version};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A gateway whose only route answers `GET /r/{id:int}` and is described by `rest`.
fn gateway(rest: &str) -> Bundle {
    let spec = format!(
        "listener \"web\" bind=\"127.0.0.1:8080\"\nroute \"r\" public=#true {{\n match \"/r/{{id:int}}/{{name}}\"\n{rest}\n}}\n"
    );
    let input = common::text_in(std::path::Path::new("."), &spec, Format::Kdl);
    let compiled = gatec_compiler::compile(input, &common::options());
    assert_eq!(compiled.diagnostics, [], "{rest}");
    Bundle::load(compiled.bundle.unwrap()).unwrap()
}

/// A body of a type, written as it stands between the quotes of a raw string.
fn body(content_type: &str, text: &str) -> Bundle {
    gateway(&format!(
        "respond 200 {{\n header \"content-type\" \"{content_type}\"\n body ###\"{text}\"###\n}}"
    ))
}

fn ask(bundle: &Bundle, id: &str, name: &str, query: &[(&str, &str)], body: &str) -> Response {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = query
        .iter()
        .map(|(key, value)| format!("{key}={}", encoded(value)))
        .collect();
    let uri: Uri = format!("/r/{id}/{}?{}", encoded(name), pairs.join("&"))
        .parse()
        .unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("host", "shop.example".parse().unwrap());
    let request =
        Request::normalise(&Method::POST, &uri, Version::HTTP_11, &headers, "http").unwrap();
    let Routing::Found(found) = bundle.route(&request, Some(body.as_bytes())) else {
        panic!("no route takes {uri}")
    };
    let environment = FixedEnvironment::new(7, BTreeMap::new());
    match decide(
        bundle,
        &found,
        &request,
        Some(body.as_bytes()),
        &environment,
    ) {
        Decision::Respond(response) => response,
        Decision::Proxy(_) | Decision::Disk(_) => panic!("a response was expected"),
    }
}

fn written(bundle: &Bundle, id: &str, query: &[(&str, &str)], body: &str) -> String {
    let response = ask(bundle, id, "n", query, body);
    String::from_utf8(response.body.to_vec()).unwrap()
}

const JSON: &str = r#"{"q": {{ query.q }}, "in": "<{{ query.q }}>", "id": {{ path.id }}, "s": "{{ path.id }}", "int": {{ query.q | int }}, "j": {{ query.q | json }}, "js": "{{ query.q | json }}", "u": {{ query.q | urlencode }}, "up": {{ query.q | upper | default("none") }}, "or": {{ query.none | default(5) }}, "gone": {{ query.none }}, "len": {{ query.q | length }}, "b": {{ body }}, "bn": {{ body.n }}, "bs": "{{ body }}", "m": {{ method }}, "r": [{{ random(1, 6) }}, {{ counter("c") }}, {{ fake.boolean }}, {{ now }}], "{{ query.q }}": 1}"#;

#[test]
fn json_values_keep_their_kind() {
    let bundle = body("application/json", JSON);
    let made: Value = serde_json::from_str(&written(
        &bundle,
        "7",
        &[("q", "12\"a")],
        r#"{"n": 1.5, "x": [true]}"#,
    ))
    .unwrap();
    let mut expected = json!({
        "q": "12\"a", "in": "<12\"a>", "id": 7, "s": "7", "int": null, "j": "12\"a",
        "js": "\"12\\\"a\"", "u": "12%22a", "up": "12\"A", "or": 5, "gone": null, "len": 4,
        "b": {"n": 1.5, "x": [true]}, "bn": 1.5, "bs": "{\"n\": 1.5, \"x\": [true]}", "m": "POST",
        "12\"a": 1,
    });
    expected["r"] = made["r"].clone();
    assert_eq!(made, expected);
    let kinds: Vec<_> = made["r"].as_array().unwrap().iter().collect();
    assert!(
        kinds[0].is_u64() && kinds[1].is_u64() && kinds[2].is_boolean() && kinds[3].is_string()
    );
    // Digits that JSON does not write so are no number.
    assert!(written(&bundle, "007", &[], "").contains(r#""id": "007""#));
    assert!(written(&bundle, "-7", &[], "").contains(r#""id": -7"#));
    assert!(written(&bundle, "7", &[("q", "12")], "").contains(r#""q": "12""#));
}

#[test]
fn constants_follow_the_same_rule() {
    let bundle = body(
        "application/json",
        r#"{"a": {{ env.WORD }}, "b": "{{ env.WORD }}", "c": {{ env.PORT | int }}, "d": {{ env.PORT }}, "e": {{ "x" | int }}, "f": {{ "x" | upper }}, "g": {{ method }}}"#,
    );
    assert_eq!(
        written(&bundle, "7", &[], ""),
        r#"{"a": "word", "b": "word", "c": 8080, "d": "8080", "e": null, "f": "X", "g": "POST"}"#
    );
}

#[test]
fn each_kind_of_text_has_its_own_escapes() {
    let bad = [("q", "</script><b a='\"`\\;&x=1\n${")];
    let html = body(
        "text/html",
        "<p title='{{ query.q }}' id={{ query.q }}>{{ query.q }}</p>{{ query.q | json }}<script>a = {{ query.q }}; b = '{{ query.q }}'; c = {{ query.q | json }}</script>",
    );
    insta::assert_snapshot!(written(&html, "7", &bad, ""));
    let form = body(
        "application/x-www-form-urlencoded",
        "a={{ query.q }}&b={{ query.q | urlencode }}",
    );
    insta::assert_snapshot!(written(&form, "7", &bad, ""));
    let plain = body("text/plain", "a={{ query.q }}");
    assert_eq!(written(&plain, "7", &bad, ""), format!("a={}", bad[0].1));
}

fn location(to: &str, query: &[(&str, &str)]) -> String {
    let bundle = gateway(&format!("redirect \"{to}\""));
    let response = ask(&bundle, "7", "n", query, "");
    let (_, value) = response
        .headers
        .iter()
        .find(|(name, _)| name.as_str() == "location")
        .unwrap();
    value.to_str().unwrap().to_owned()
}

#[test]
fn no_value_leads_to_another_server() {
    for (to, query, expected) in [
        (
            "/{{ query.a }}/{{ query.b }}",
            [("a", ""), ("b", "evil.example")],
            "/%2Fevil.example",
        ),
        (
            "{{ query.a }}/{{ query.b }}",
            [("a", "/"), ("b", "evil.example")],
            "/%2Fevil.example",
        ),
        (
            "{{ query.a }}",
            [("a", "//evil.example"), ("b", "")],
            "/%2Fevil.example",
        ),
        (
            "https://{{ query.a }}.shop.example/{{ query.b }}",
            [("a", "evil.example/"), ("b", "x/y")],
            "https://evil.example%2F.shop.example/x/y",
        ),
        (
            "https://shop.example{{ path }}?q={{ query.b }}",
            [("a", ""), ("b", "1&x=é")],
            "https://shop.example/r/7/n?q=1%26x%3D%C3%A9",
        ),
        (
            "//{{ query.a }}/",
            [("a", "a.example"), ("b", "")],
            "//a.example/",
        ),
    ] {
        assert_eq!(location(to, &query), expected, "{to}");
    }
}

#[test]
fn a_cookie_set_by_hand_gets_no_attributes_from_a_value() {
    let bundle = gateway(
        "respond 200 {\n header \"set-cookie\" \"a={{ query.a }}; Path=/\"\n header \"x-a\" \"{{ query.a }}\"\n}",
    );
    let response = ask(
        &bundle,
        "7",
        "n",
        &[("a", "1; Domain=evil.example\r\nx: y")],
        "",
    );
    let headers: Vec<_> = response
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    assert_eq!(
        headers[..2],
        [
            "set-cookie: a=1%3B%20Domain=evil.example%0D%0Ax:%20y; Path=/",
            "x-a: 1; Domain=evil.example  x: y"
        ]
    );
}

proptest! {
    #[test]
    fn json_keeps_its_structure(text in ".{0,40}", id in any::<i64>(), sent in "\\PC{0,20}|[\\[\\]{}\",:0-9a]{0,12}") {
        let template = JSON.replace(r#", "{{ query.q }}": 1"#, "");
        let bundle = body("application/json", &template);
        let made = written(&bundle, &id.to_string(), &[("q", &text)], &sent);
        let made: Value = serde_json::from_str(&made).map_err(|e| TestCaseError::fail(format!("{e}: {made}")))?;
        let keys: Vec<_> = made.as_object().unwrap().keys().cloned().collect();
        let mut expected = ["q", "in", "id", "s", "int", "j", "js", "u", "up", "or", "gone", "len", "b", "bn", "bs", "m", "r"];
        expected.sort_unstable();
        let mut found = keys.clone();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(&made["id"], &json!(id));
        prop_assert_eq!(&made["in"], &json!(format!("<{text}>")));
        prop_assert_eq!(&made["j"], &json!(text));
        prop_assert_eq!(&made["bs"], &json!(sent));
        if !text.is_empty() {
            prop_assert_eq!(&made["q"], &json!(text));
        }
        prop_assert_eq!(made["r"].as_array().map(Vec::len), Some(4));
    }

    #[test]
    fn scripts_stay_closed(text in ".{0,40}|[<>/\"'`\\\\a-z]{0,20}") {
        let bundle = body("text/html", "<script>f('{{ query.q }}', {{ query.q }}, {{ query.q | json }})</script>");
        let made = written(&bundle, "7", &[("q", &text)], "");
        prop_assert_eq!(made.matches('<').count(), 2);
        prop_assert_eq!(made.matches('\'').count(), 2);
        let inside = made.trim_start_matches("<script>f(").trim_end_matches(")</script>").replacen('\'', "\"", 2);
        let read: Vec<Value> = serde_json::from_str(&format!("[{inside}]")).unwrap();
        prop_assert_eq!(&read[0], &json!(text));
        prop_assert_eq!(&read[2], &json!(text));
    }
}
