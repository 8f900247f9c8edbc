//! Conditions on bodies.

use gated_engine::program::{BodySubject, TextTest};

use crate::check_sent;
use crate::matching_support::{Table, contains, equals, on, sent, to};

#[test]
fn bodies_are_looked_at_last() {
    let table = Table::of([
        to("POST", "/a").json_path("$.kind", equals("big")),
        to("POST", "/a").header("x", equals("1")),
        to("POST", "/b").body(BodySubject::Text, contains("x")),
        to("POST", "/b"),
    ]);
    check_sent(
        &table,
        [
            (sent("GET /a"), "none"),
            (sent("POST /a").header("x", "1"), "1"),
            (sent("POST /a"), "body?"),
            (sent("POST /a").body(r#"{"kind":"big"}"#), "0"),
            (sent("POST /a").body(r#"{"kind":"small"}"#), "none"),
            (sent("POST /b"), "body?"),
            (sent("POST /b").body("axe"), "2"),
            (sent("POST /b").body("ae"), "3"),
            (sent("POST /b").body(""), "3"),
        ],
    );
}

#[test]
fn what_bodies_can_be_asked() {
    let json = |value: &str, ignore: &[&str], ignore_extra| BodySubject::Json {
        value: value.to_owned(),
        ignore: ignore.iter().map(|path| (*path).to_owned()).collect(),
        ignore_extra,
    };
    let mut phone = on("/regex");
    let digits = phone.regex("[0-9]{3}");
    let table = Table::of([
        on("/path").json_path("$.items[*].n", equals("2")),
        on("/path-absent").json_path("$.a", vec![TextTest::Absent]),
        on("/json").body(json(r#"{"a":1,"b":[true]}"#, &[], false), vec![]),
        on("/ignore").body(json(r#"{"a":1,"at":0}"#, &["$.at"], false), vec![]),
        on("/extra").body(json(r#"{"a":{"b":1}}"#, &[], true), vec![]),
        on("/schema").schema(
            r#"{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}"#,
        ),
        on("/form").body(BodySubject::Form("plan".into()), equals("pro plan")),
        phone.body(BodySubject::Text, vec![TextTest::Matches(digits)]),
        on("/text-absent").body(BodySubject::Text, vec![TextTest::Absent]),
    ]);
    let post = |path: &str, body: &str| sent(&format!("POST {path}")).body(body);
    check_sent(
        &table,
        [
            (post("/path", r#"{"items":[{"n":1},{"n":2}]}"#), "0"),
            (post("/path", r#"{"items":[{"n":"2"}]}"#), "0"),
            (post("/path", r#"{"items":[{"n":3}]}"#), "none"),
            (post("/path", "no json"), "none"),
            (post("/path", r#"{"items":[{"n":2}"#), "none"),
            (post("/path-absent", r#"{"b":1}"#), "1"),
            (post("/path-absent", r#"{"a":null}"#), "none"),
            (post("/path-absent", ""), "none"),
            (post("/json", r#" { "b": [true], "a": 1.0 } "#), "2"),
            (post("/json", r#"{"a":1,"b":[true],"c":0}"#), "none"),
            (post("/json", r#"{"a":1,"b":[true]} trailing"#), "none"),
            (post("/ignore", r#"{"a":1,"at":99}"#), "3"),
            (post("/ignore", r#"{"a":1}"#), "3"),
            (post("/ignore", r#"{"a":2,"at":0}"#), "none"),
            (post("/extra", r#"{"a":{"b":1,"c":2},"d":3}"#), "4"),
            (post("/extra", r#"{"a":{"c":2}}"#), "none"),
            (post("/schema", r#"{"id":7}"#), "5"),
            (post("/schema", r#"{"id":"7"}"#), "none"),
            (post("/form", "a=1&plan=pro+plan"), "6"),
            (post("/form", "plan=pro%20plan"), "6"),
            (post("/form", "plan=free"), "none"),
            (post("/regex", "123"), "7"),
            (post("/regex", "1234"), "none"),
            (post("/text-absent", ""), "8"),
            (post("/text-absent", "x"), "none"),
        ],
    );
    let mut broken = post("/form", "");
    broken.body = Some(vec![b'p', 0xFF]);
    assert_eq!(table.route(&broken), "none");
}

#[test]
fn deep_json_is_no_match_and_no_fall() {
    let table = Table::of([on("/a").json_path("$..a", vec![TextTest::Present])]);
    let deep = "[".repeat(200_000);
    assert_eq!(table.route(&sent("POST /a").body(&deep)), "none");
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(table.route(&sent("POST /a").body(&closed)), "none");
}
