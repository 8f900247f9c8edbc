//! What becomes of a request that a route takes.

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
use gated_engine::decide::{Decision, error_response, needs_body, transform_response};
use gated_engine::program::*;
use http::{HeaderMap, StatusCode};

fn name(text: &str) -> String {
    text.to_owned()
}

fn parameter(key: &str) -> Segment {
    value(ValueSource::Path(name(key)), &[])
}

#[test]
fn a_mock_sends_what_it_says_and_nothing_else() {
    let mut gateway = Gateway::default();
    let body = gateway.blob(b"hello");
    let answer = respond(
        201,
        &[("x-a", text("1")), ("x-a", text("2"))],
        Body::Bytes(body),
    );
    let bundle = gateway
        .route("/a", Action::Respond(Box::new(answer)))
        .load();
    assert_eq!(
        shown(&get("/a", &[]).answer(&bundle)),
        "201 Created\nx-a: 1\nx-a: 2\n\nhello"
    );
}

#[test]
fn what_is_the_same_for_every_request_is_made_once() {
    let constant = |body| respond(201, &[("x-a", text("1")), ("x-b", text("2"))], body);
    let varying = template(
        Escape::None,
        vec![value(ValueSource::Query(name("q")), &[])],
    );
    let mut gateway = Gateway::default();
    let blob = gateway.blob(b"hello");
    let mut gateway = gateway
        .route("/a", Action::Respond(Box::new(constant(Body::Bytes(blob)))))
        .route(
            "/b",
            Action::Respond(Box::new(constant(Body::Template(text("text"))))),
        )
        .route(
            "/c",
            Action::Respond(Box::new(constant(Body::Template(varying.clone())))),
        )
        .route("/d", Action::Respond(Box::new(constant(Body::Empty))));
    gateway.last_route().response = Some(Box::new(Transform {
        remove: vec![name("x-a")],
        set: vec![header("x-b", text("3"))],
        add: vec![header("x-b", text("4"))],
    }));
    let mut gateway = gateway.route("/e", Action::Respond(Box::new(constant(Body::Empty))));
    gateway.last_route().response = Some(Box::new(Transform {
        add: vec![header("x-c", varying)],
        ..Transform::default()
    }));
    let bundle = gateway
        .route(
            "/f",
            Action::Respond(Box::new(respond(200, &[("date", text("x"))], Body::Empty))),
        )
        .load();
    let is_ready: Vec<bool> = (0..7).map(|route| bundle.ready(route).is_some()).collect();
    assert_eq!(is_ready, [true, true, false, true, false, false, false]);
    for (route, path) in [(0, "/a"), (1, "/b"), (3, "/d")] {
        let ready = bundle.ready(route).unwrap();
        let answer = get(path, &[]).answer(&bundle);
        assert_eq!(
            (ready.status, &ready.headers, &ready.body),
            (answer.status, &answer.headers, &answer.body)
        );
        let lines: String = answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()))
            .collect();
        let length = answer.body.len();
        let (status, reason) = (answer.status.as_str(), answer.status.canonical_reason());
        let reason = reason.unwrap_or_default();
        let head = format!("HTTP/1.1 {status} {reason}\r\n{lines}content-length: {length}\r\n");
        assert_eq!(ready.head, head);
    }
}

#[test]
fn headers_stay_on_their_line() {
    let headers = [(
        "x-echo",
        template(
            Escape::Header,
            vec![
                Segment::Text(name("got ")),
                value(ValueSource::Query(name("q")), &[]),
            ],
        ),
    )];
    let raw = [(
        "x-raw",
        template(
            Escape::None,
            vec![value(ValueSource::Query(name("q")), &[Filter::Raw])],
        ),
    )];
    for (headers, line) in [
        (headers, "x-echo: got a  evil: b é"),
        (raw, "x-raw: a  evil: b é"),
    ] {
        let answer = respond(200, &headers, Body::Empty);
        let bundle = Gateway::default()
            .route("/a", Action::Respond(Box::new(answer)))
            .load();
        let response = get("/a?q=a%0D%0Aevil:+b+%C3%A9", &[]).answer(&bundle);
        assert_eq!(shown(&response), format!("200 OK\n{line}\n\n"));
    }
}

#[test]
fn a_redirect_leads_where_the_template_says() {
    let to = template(
        Escape::Url,
        vec![
            Segment::Text(name("https://new.example/u/")),
            parameter("id"),
            Segment::Text(name("?from=")),
            value(ValueSource::Query(name("from")), &[]),
        ],
    );
    let action = Action::Redirect(Box::new(Redirect { status: 301, to }));
    let bundle = Gateway::default().route("/users/{id}", action).load();
    let response = get("/users/a%2Fb%3F?from=x%26y%0D%0A/", &[]).answer(&bundle);
    assert_eq!(
        shown(&response),
        "301 Moved Permanently\nlocation: https://new.example/u/a%2Fb%3F?from=x%26y%0D%0A/\n\n"
    );
}

fn proxying(path: &str, proxy: Proxy) -> Bundle {
    let mut gateway = Gateway::default();
    gateway.contents.program.upstreams = vec![upstream("orders")];
    let action = gateway.proxy(proxy);
    gateway.route(path, action).load()
}

/// The path that is asked for upstream; `None`: the request was refused.
fn upstream_path(bundle: &Bundle, target: &str) -> Option<String> {
    get(target, &[]).decide(bundle, |_, decision| match decision {
        Decision::Proxy(plan) => Some(plan.path_and_query),
        Decision::Respond(response) => {
            assert_eq!(response.status, 400);
            None
        }
        Decision::Disk(_) => panic!("no files here"),
    })
}

#[test]
fn the_path_is_passed_on() {
    let own = proxying("/*", proxy());
    assert_eq!(upstream_path(&own, "/a//b/../c/?x=1").unwrap(), "/a/c/?x=1");
    assert_eq!(upstream_path(&own, "/a%2Fb").unwrap(), "/a%2Fb");
    let stripped = proxying(
        "/*",
        Proxy {
            strip_segments: 1,
            ..proxy()
        },
    );
    assert_eq!(
        upstream_path(&stripped, "/api/users?x").unwrap(),
        "/users?x"
    );
    assert_eq!(upstream_path(&stripped, "/api").unwrap(), "/");
    assert_eq!(upstream_path(&stripped, "/api/").unwrap(), "/");
}

#[test]
fn a_template_makes_the_path_and_the_query_is_kept() {
    let path = |segments| Proxy {
        path: Some(template(Escape::Url, segments)),
        ..proxy()
    };
    let simple = proxying(
        "/orders/{id}",
        path(vec![Segment::Text(name("/v1/orders/")), parameter("id")]),
    );
    assert_eq!(
        upstream_path(&simple, "/orders/7?full=1").unwrap(),
        "/v1/orders/7?full=1"
    );
    assert_eq!(
        upstream_path(&simple, "/orders/7%2F..%2F8").unwrap(),
        "/v1/orders/7%2F..%2F8"
    );
    let with_query = proxying(
        "/orders/{id}",
        path(vec![Segment::Text(name("/get?id=")), parameter("id")]),
    );
    assert_eq!(
        upstream_path(&with_query, "/orders/7?a").unwrap(),
        "/get?id=7&a"
    );
    let from_query = proxying(
        "/go",
        path(vec![
            Segment::Text(name("/safe/")),
            value(ValueSource::Query(name("to")), &[]),
        ]),
    );
    assert_eq!(
        upstream_path(&from_query, "/go?to=a/b").unwrap(),
        "/safe/a/b?to=a/b"
    );
    for escape in ["../admin", "a/../../admin", "a/..", "./b", ".."] {
        assert_eq!(
            upstream_path(&from_query, &format!("/go?to={escape}")),
            None,
            "{escape}"
        );
    }
}

#[test]
fn host_time_and_headers_are_passed_on() {
    let mut gateway = Gateway::default();
    gateway.contents.program.upstreams = vec![upstream("orders")];
    let host = template(
        Escape::Header,
        vec![parameter("tenant"), Segment::Text(name(".internal"))],
    );
    let with_host = Proxy {
        host: Some(host),
        timeout_ms: Some(0),
        ..proxy()
    };
    let (with_host, plain) = (gateway.proxy(with_host), gateway.proxy(proxy()));
    let mut gateway = gateway
        .route("/{tenant}/a", with_host)
        .route("/{tenant}/b", plain);
    gateway.last_route().request = Some(Box::new(Transform {
        remove: vec![name("x-secret")],
        set: vec![header(
            "x-tenant",
            template(Escape::Header, vec![parameter("tenant")]),
        )],
        add: vec![header("via", text("gated"))],
    }));
    let bundle = gateway.load();
    get("/north/a", &[]).decide(&bundle, |_, decision| {
        let Decision::Proxy(plan) = decision else {
            panic!("a proxy was expected")
        };
        assert_eq!(plan.host.as_deref(), Some("north.internal"));
        assert_eq!(plan.timeout_ms, 0);
        assert!(
            plan.headers.is_none(),
            "nothing is copied where nothing is changed"
        );
    });
    let headers = [("x-secret", "1"), ("x-tenant", "forged"), ("via", "other")];
    get("/north/b", &headers).decide(&bundle, |_, decision| {
        let Decision::Proxy(plan) = decision else {
            panic!("a proxy was expected")
        };
        assert_eq!((plan.host, plan.timeout_ms), (None, 5000));
        let headers = plan.headers.unwrap();
        assert!(!headers.contains_key("x-secret"));
        let all = |name| -> Vec<&str> {
            let values = headers.get_all(name).iter();
            values.map(|value| value.to_str().unwrap()).collect()
        };
        assert_eq!(all("x-tenant"), ["north"]);
        assert_eq!(all("via"), ["other", "gated"]);
    });
}

#[test]
fn files_on_the_disk_are_planned_for() {
    let live = Files {
        root: FilesRoot::Disk(name("public")),
        strip_segments: 1,
        ..files(0)
    };
    let bundle = Gateway::default()
        .route("/live/*", Action::Files(Box::new(live)))
        .load();
    let plan = |target: &str| {
        get(target, &[]).decide(&bundle, |_, decision| match decision {
            Decision::Disk(plan) => Some((plan.root.to_owned(), plan.path, plan.folder)),
            _ => None,
        })
    };
    let public = |path: &str, folder| Some((name("public"), name(path), folder));
    assert_eq!(plan("/live/a%20b/c.txt"), public("a b/c.txt", false));
    assert_eq!(plan("/live/docs/"), public("docs", true));
    assert_eq!(plan("/live"), public("", false));
    assert_eq!(plan("/live/a%2F..%2Fb"), None);
    assert_eq!(plan("/live/a%5C..%5Cb"), None);
}

fn transforming() -> Transform {
    Transform {
        remove: vec![name("server")],
        set: vec![header("x-frame-options", text("DENY"))],
        add: vec![
            header("set-cookie", text("a=1")),
            header("set-cookie", text("b=2")),
        ],
    }
}

#[test]
fn responses_are_changed_the_same_way_wherever_they_come_from() {
    let mut gateway = Gateway::default();
    gateway.contents.program.upstreams = vec![upstream("orders")];
    let folder = gateway.folder(&[("a.txt", "a")]);
    let mock = respond(
        200,
        &[("server", text("x")), ("set-cookie", text("z=0"))],
        Body::Empty,
    );
    let actions = [
        ("/mock", Action::Respond(Box::new(mock))),
        (
            "/gone",
            Action::Redirect(Box::new(Redirect {
                status: 307,
                to: text("/"),
            })),
        ),
        ("/files/*", Action::Files(Box::new(files(folder)))),
        ("/proxy", gateway.proxy(proxy())),
    ];
    for (path, action) in actions {
        gateway = gateway.route(path, action);
        gateway.last_route().response = Some(Box::new(transforming()));
    }
    let bundle = gateway.load();
    let check = |headers: &HeaderMap, cookies: usize, what: &str| {
        assert!(!headers.contains_key("server"), "{what}");
        assert_eq!(headers["x-frame-options"], "DENY", "{what}");
        assert_eq!(
            headers.get_all("set-cookie").iter().count(),
            cookies,
            "{what}"
        );
    };
    check(&get("/mock", &[]).answer(&bundle).headers, 3, "mock");
    check(&get("/gone", &[]).answer(&bundle).headers, 2, "redirect");
    check(
        &get("/files/missing", &[]).answer(&bundle).headers,
        2,
        "no file",
    );
    let ask = get("/proxy", &[]);
    ask.decide(&bundle, |found, _| {
        ask.with(|request| {
            let mut headers = HeaderMap::new();
            headers.insert("server", "nginx".parse().unwrap());
            headers.insert("x-frame-options", "ALLOWALL".parse().unwrap());
            transform_response(&bundle, found, request, None, &environment(), &mut headers);
            check(&headers, 2, "upstream");
        });
    });
}

#[test]
fn the_body_is_asked_for_only_where_a_template_looks_at_it() {
    let with = |source| {
        let body = Body::Template(template(Escape::None, vec![value(source, &[])]));
        Action::Respond(Box::new(respond(200, &[], body)))
    };
    let mut gateway = Gateway::default()
        .route("/text", with(ValueSource::Body))
        .route("/json", with(ValueSource::BodyJson(name("$.a"))))
        .route("/form", with(ValueSource::BodyForm(name("a"))))
        .route("/path", with(ValueSource::PathText))
        .route("/header", with(ValueSource::Method));
    gateway.last_route().response = Some(Box::new(Transform {
        set: vec![header(
            "x-a",
            template(Escape::Header, vec![value(ValueSource::Body, &[])]),
        )],
        ..Transform::default()
    }));
    let bundle = gateway.load();
    let needs = |path: &str| get(path, &[]).decide(&bundle, |found, _| needs_body(&bundle, found));
    let paths = ["/text", "/json", "/form", "/path", "/header"];
    assert_eq!(paths.map(needs), [true, true, true, false, true]);
}

#[test]
fn every_route_of_a_way_of_passing_on_needs_what_its_templates_look_at() {
    let mut gateway = Gateway::default();
    gateway.contents.program.upstreams = vec![upstream("orders")];
    let host = template(Escape::Header, vec![value(ValueSource::Body, &[])]);
    let plain = gateway.proxy(proxy());
    let host = Some(host);
    let looking = gateway.proxy(Proxy { host, ..proxy() });
    let bundle = gateway
        .route("/first", looking.clone())
        .route("/plain", plain)
        .route("/second", looking)
        .load();
    let needs = |path: &str| get(path, &[]).decide(&bundle, |found, _| needs_body(&bundle, found));
    let paths = ["/first", "/plain", "/second"];
    assert_eq!(paths.map(needs), [true, false, true]);
}

fn error_pages() -> Bundle {
    let mut gateway = Gateway::default();
    let page = |from, to, status, segments| ErrorPage {
        from,
        to,
        respond: respond(
            status,
            &[("content-type", text("text/html"))],
            Body::Template(template(Escape::Html, segments)),
        ),
    };
    gateway.contents.program.error_pages = vec![
        page(
            404,
            404,
            0,
            vec![
                Segment::Text(name("<p>")),
                value(ValueSource::PathText, &[]),
                Segment::Text(name(": ")),
                value(ValueSource::ErrorStatus, &[]),
                Segment::Text(name(" ")),
                value(ValueSource::ErrorReason, &[]),
            ],
        ),
        page(500, 599, 503, vec![Segment::Text(name("<p>later"))]),
    ];
    let folder = gateway.folder(&[]);
    gateway
        .route(
            "/mock",
            Action::Respond(Box::new(respond(404, &[], Body::Empty))),
        )
        .route("/*", Action::Files(Box::new(files(folder))))
        .load()
}

#[test]
fn error_pages_are_for_errors_of_our_own() {
    let bundle = error_pages();
    assert_eq!(
        shown(&get("/a&b", &[]).answer(&bundle)),
        "404 Not Found\ncontent-type: text/html\n\n<p>/a&amp;b: 404 Not Found"
    );
    assert_eq!(
        shown(&get("/mock", &[]).answer(&bundle)),
        "404 Not Found\n\n"
    );
}

#[test]
fn errors_without_a_page_are_plain_text() {
    let bundle = error_pages();
    let error = |status| shown(&error_response(&bundle, status, None, &environment()));
    assert_eq!(
        error(StatusCode::BAD_REQUEST),
        "400 Bad Request\ncontent-type: text/plain; charset=utf-8\n\n400 bad request\n"
    );
    assert_eq!(
        error(StatusCode::BAD_GATEWAY),
        "503 Service Unavailable\ncontent-type: text/html\n\n<p>later"
    );
    assert_eq!(
        error(StatusCode::NOT_FOUND),
        "404 Not Found\ncontent-type: text/html\n\n<p>: 404 Not Found"
    );
}
