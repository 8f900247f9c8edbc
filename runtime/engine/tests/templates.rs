//! What templates write: values, filters, and what makes values safe.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

mod decide_fixture;

use decide_fixture::*;
use gated_engine::program::*;
use proptest::prelude::*;

const BODY: &[u8] = br#"{"name": "Ann \"A\"", "age": 41, "tags": ["x", "y"], "none": null, "when": "2024-02-29T12:00:00Z", "big": 18446744073709551615}"#;

fn name(text: &str) -> String {
    text.to_owned()
}

/// What a template writes into the body of an answer to `POST /users/{id}`.
fn rendered(template: Template) -> String {
    rendered_with(template, BODY)
}

fn rendered_with(template: Template, body: &[u8]) -> String {
    let mut gateway = Gateway::default();
    gateway.contents.program.secrets = vec![name("key"), name("lost")];
    let answer = respond(200, &[], Body::Template(template));
    let bundle = gateway
        .route("/users/{id}", Action::Respond(Box::new(answer)))
        .load();
    let ask = Ask {
        method: http::Method::POST,
        target: "/users/caf%C3%A9%2F7?q=one&q=two&with=a+b%26c",
        headers: &[
            ("x-tenant", "north"),
            ("cookie", "session=abc; theme=\"dark\""),
        ],
        body: Some(body),
    };
    String::from_utf8(ask.answer(&bundle).body.to_vec()).unwrap()
}

fn plain(source: ValueSource, filters: &[Filter]) -> String {
    rendered(template(Escape::None, vec![value(source, filters)]))
}

#[test]
fn every_source() {
    let table = [
        (ValueSource::Path(name("id")), "café/7"),
        (ValueSource::Path(name("other")), ""),
        (ValueSource::Query(name("q")), "one"),
        (ValueSource::Query(name("with")), "a b&c"),
        (ValueSource::Query(name("none")), ""),
        (ValueSource::Header(name("x-tenant")), "north"),
        (ValueSource::Header(name("x-none")), ""),
        (ValueSource::Cookie(name("session")), "abc"),
        (ValueSource::Cookie(name("theme")), "dark"),
        (ValueSource::BodyJson(name("$.name")), "Ann \"A\""),
        (ValueSource::BodyJson(name("$.age")), "41"),
        (ValueSource::BodyJson(name("$.tags")), r#"["x","y"]"#),
        (ValueSource::BodyJson(name("$.tags[1]")), "y"),
        (ValueSource::BodyJson(name("$.none")), ""),
        (ValueSource::BodyJson(name("$.missing")), ""),
        (ValueSource::Method, "POST"),
        (
            ValueSource::Url,
            "/users/caf%C3%A9%2F7?q=one&q=two&with=a+b%26c",
        ),
        (ValueSource::Host, "shop.example"),
        (ValueSource::PathText, "/users/caf%C3%A9%2F7"),
        (ValueSource::RequestId, "id-1"),
        (ValueSource::Now, "2026-01-01T00:00:00Z"),
        (ValueSource::Random(7, 7), "7"),
        (ValueSource::Counter(name("orders")), "1"),
        (ValueSource::Secret(name("key")), "s3cret"),
        (ValueSource::Secret(name("lost")), ""),
        (ValueSource::ErrorStatus, ""),
        (ValueSource::ErrorReason, ""),
    ];
    for (source, expected) in table {
        let shown = format!("{source:?}");
        assert_eq!(plain(source, &[]), expected, "{shown}");
    }
    assert_eq!(plain(ValueSource::Body, &[]).as_bytes(), BODY);
    let form = vec![value(ValueSource::BodyForm(name("b")), &[])];
    assert_eq!(
        rendered_with(template(Escape::None, form), b"a=1&b=x+%2B"),
        "x +"
    );
}

#[test]
fn every_filter() {
    use Filter::*;
    let json = |path: &str| ValueSource::BodyJson(name(path));
    let query = |key: &str| ValueSource::Query(name(key));
    let table: Vec<(ValueSource, Vec<Filter>, &str)> = vec![
        (query("q"), vec![Upper], "ONE"),
        (ValueSource::Method, vec![Lower], "post"),
        (
            query("with"),
            vec![Replace(name("&c"), name("  ")), Trim],
            "a b",
        ),
        (query("none"), vec![Default(name("guest"))], "guest"),
        (query("q"), vec![Default(name("guest"))], "one"),
        (json("$.none"), vec![Default(name("guest"))], "guest"),
        (
            query("none"),
            vec![Upper, Default(name("guest")), Upper],
            "GUEST",
        ),
        (json("$.name"), vec![Json], r#""Ann \"A\"""#),
        (json("$.age"), vec![Json], "41"),
        (json("$.big"), vec![Json], "18446744073709551615"),
        (json("$.tags"), vec![Json], r#"["x","y"]"#),
        (json("$.none"), vec![Json], "null"),
        (json("$.missing"), vec![Json], "null"),
        (ValueSource::Counter(name("c")), vec![Json], "1"),
        (query("with"), vec![Json], r#""a b&c""#),
        (query("with"), vec![UrlEncode], "a%20b%26c"),
        (
            ValueSource::Path(name("id")),
            vec![UrlEncode],
            "caf%C3%A9%2F7",
        ),
        (ValueSource::Path(name("id")), vec![Base64], "Y2Fmw6kvNw=="),
        (query("none"), vec![Base64], ""),
        (ValueSource::Path(name("id")), vec![Truncate(4)], "café"),
        (ValueSource::Path(name("id")), vec![Truncate(0)], ""),
        (ValueSource::Path(name("id")), vec![Length], "6"),
        (query("none"), vec![Length], "0"),
        (ValueSource::Now, vec![Date(name("%d.%m.%Y"))], "01.01.2026"),
        (ValueSource::Now, vec![Date(name("%s")), Int], "1767225600"),
        (
            json("$.when"),
            vec![Date(name("%A, %H:%M"))],
            "Thursday, 12:00",
        ),
        (query("q"), vec![Date(name("%Y"))], "one"),
        (json("$.age"), vec![Int], "41"),
        (query("q"), vec![Int], ""),
        (query("q"), vec![Int, Default(name("0"))], "0"),
        (query("q"), vec![Raw], "one"),
    ];
    for (source, filters, expected) in table {
        let shown = format!("{source:?} | {filters:?}");
        assert_eq!(plain(source, &filters), expected, "{shown}");
    }
}

#[test]
fn a_body_that_is_json_stays_as_it_was_sent() {
    let echo = || {
        template(
            Escape::JsonValue,
            vec![value(ValueSource::Body, &[Filter::Json])],
        )
    };
    assert_eq!(rendered_with(echo(), b" {\"a\": 1.50} "), "{\"a\": 1.50}");
    assert_eq!(rendered_with(echo(), b"{\"a\":"), r#""{\"a\":""#);
    assert_eq!(rendered_with(echo(), b"\xff"), "\"\u{fffd}\"");
}

#[test]
fn values_are_escaped_and_text_is_not() {
    let hello = |escape, filters: &[Filter]| {
        let source = ValueSource::BodyJson(name("$.name"));
        let text = Segment::Text(name("\"<b>"));
        rendered(template(escape, vec![text, value(source, filters)]))
    };
    assert_eq!(hello(Escape::Json, &[]), r#""<b>Ann \"A\""#);
    assert_eq!(hello(Escape::Html, &[]), r#""<b>Ann &quot;A&quot;"#);
    assert_eq!(hello(Escape::Url, &[]), r#""<b>Ann%20%22A%22"#);
    assert_eq!(hello(Escape::None, &[]), r#""<b>Ann "A""#);
    assert_eq!(
        hello(Escape::Html, &[Filter::Upper]),
        r#""<b>ANN &quot;A&quot;"#
    );
    assert_eq!(hello(Escape::Html, &[Filter::Raw]), r#""<b>Ann "A""#);
    assert_eq!(
        hello(Escape::Html, &[Filter::Json]),
        r#""<b>&quot;Ann \&quot;A\&quot;&quot;"#
    );
    assert_eq!(
        hello(Escape::Url, &[Filter::UrlEncode]),
        r#""<b>Ann%20%22A%22"#
    );
}

#[test]
fn a_path_parameter_goes_into_a_url_as_it_came() {
    let source = || ValueSource::Path(name("id"));
    let url = |filters: &[Filter]| rendered(template(Escape::Url, vec![value(source(), filters)]));
    assert_eq!(url(&[]), "caf%C3%A9%2F7");
    assert_eq!(url(&[Filter::Upper]), "CAF%C3%89/7");
}

#[test]
fn chance_has_the_right_shape() {
    let uuid = plain(ValueSource::Uuid, &[]);
    let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
    assert_eq!(&uuid[14..15], "4");
    assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
    for kind in [
        Fake::Name,
        Fake::FirstName,
        Fake::LastName,
        Fake::Email,
        Fake::Company,
        Fake::City,
        Fake::Country,
        Fake::Word,
        Fake::Sentence,
        Fake::Boolean,
    ] {
        let made_up = plain(ValueSource::Fake(kind), &[]);
        let right = match kind {
            Fake::Email => made_up.contains("@example.") && !made_up.contains(' '),
            Fake::Boolean => made_up == "true" || made_up == "false",
            Fake::Sentence => made_up.ends_with('.') && made_up.split(' ').count() >= 5,
            Fake::Name | Fake::Company => made_up.split(' ').count() == 2,
            _ => !made_up.is_empty(),
        };
        assert!(right, "{kind:?}: {made_up}");
    }
}

proptest! {
    #[test]
    fn no_body_breaks_out_of_a_json_string(text in any::<String>()) {
        let body = serde_json::to_vec(&serde_json::json!({"name": text})).unwrap();
        let segments = vec![
            Segment::Text(name("{\"greeting\": \"hello ")),
            value(ValueSource::BodyJson(name("$.name")), &[]),
            Segment::Text(name("\"}")),
        ];
        let written = rendered_with(template(Escape::Json, segments), &body);
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(read, serde_json::json!({"greeting": format!("hello {text}")}));
    }

    #[test]
    fn random_numbers_stay_in_their_range(low in any::<i64>(), high in any::<i64>()) {
        let (low, high) = (low.min(high), low.max(high));
        let written = plain(ValueSource::Random(low, high), &[]);
        let number: i64 = written.parse().unwrap();
        prop_assert!((low..=high).contains(&number));
    }
}
