//! What is said where nothing takes a request.

use gated_engine::program::{BodySubject, TextTest};
use http::Version;

use crate::check;
use crate::matching_support::{Sent, Table, contains, equals, on, regex, sent, to};

#[test]
fn no_routes_at_all() {
    check([], &[("GET /", "none"), ("GET /a/b", "none")]);
    assert_eq!(Table::of([]).nearest(&sent("GET /"), 3), "");
}

/// The nearest routes of a miss, with what differed, one route a line.
#[test]
fn a_miss_explains_itself() {
    let mut versioned = on("/versions");
    let version = versioned.regex("v[0-9]+");
    let table = Table::of([
        to("GET", "/orders/{id:int}"),
        to("GET|PURGE", "/orders"),
        on("/orders/{id}/items")
            .host("*.example")
            .host("other.test"),
        on("/env")
            .header("x-env", equals("prod"))
            .header("x-trace", vec![TextTest::Absent]),
        on("/env")
            .cookie("plan", equals("pro"))
            .query("page", contains("1")),
        versioned.header("authorization", vec![TextTest::Matches(version)]),
        regex(&["r"], "/r/[0-9]+"),
        on("/files/css/{rest...}"),
        to("POST", "/json").body(
            BodySubject::Json {
                value: r#"{"a":{"b":1}}"#.into(),
                ignore: Vec::new(),
                ignore_extra: false,
            },
            Vec::new(),
        ),
        to("POST", "/path").json_path("$.kind", equals("big")),
        to("POST", "/schema").schema(r#"{"properties":{"id":{"type":"integer"}}}"#),
        to("POST", "/form").body(BodySubject::Form("plan".into()), vec![TextTest::Present]),
    ]);
    let mut lines = String::new();
    let mut tell = |request: Sent, limit| {
        let target = format!("{} {}", request.method, request.uri);
        lines.push_str(&format!("{target}\n{}\n", table.nearest(&request, limit)));
    };
    tell(sent("POST /orders/7"), 2);
    tell(sent("GET /order/7"), 1);
    tell(sent("GET /orders/x"), 1);
    tell(sent("GET /orders/7/items").host("elsewhere.test"), 2);
    tell(
        sent("GET /orders/7/items")
            .no_host()
            .version(Version::HTTP_10),
        1,
    );
    tell(sent("GET /orders/7/"), 1);
    tell(sent("HEAD /orders"), 1);
    tell(
        sent("GET /env")
            .header("x-env", "test")
            .header("x-trace", "1"),
        2,
    );
    tell(sent("GET /env?page=2").header("cookie", "plan=free"), 1);
    tell(
        sent("GET /versions").header("authorization", "Bearer secret"),
        1,
    );
    tell(sent("GET /r/abc"), 1);
    tell(sent("GET /files"), 1);
    tell(sent("POST /json").body(r#"{"a":{"b":2}}"#), 1);
    tell(sent("POST /json").body("{"), 1);
    tell(sent("POST /json"), 1);
    tell(sent("POST /path").body(r#"{"kind":"small"}"#), 1);
    tell(sent("POST /path").body("{}"), 1);
    tell(sent("POST /schema").body(r#"{"id":"7"}"#), 1);
    tell(sent("POST /form").body("a=1"), 1);
    tell(sent("OPTIONS *"), 1);
    tell(sent(&format!("GET /{}", "long".repeat(50))), 1);
    insta::assert_snapshot!(lines, @r#"
    POST /orders/7
    0: method is `POST`, the route takes `GET`
    2: path `/orders/7` ends before the route `/orders/{id}/items` does
    GET /order/7
    0: path `/order/7`: segment 1 is `order`, the route has `orders`
    GET /orders/x
    0: path `/orders/x`: segment 2 is `x`, `{id:int}` takes a whole number
    GET /orders/7/items
    2: host is `elsewhere.test`, the route takes `*.example`
    0: path `/orders/7/items` goes on with `/items` where the route `/orders/{id:int}` ends
    GET /orders/7/items
    2: the request names no host, the route takes `*.example`
    GET /orders/7/
    0: path `/orders/7/` goes on with `/` where the route `/orders/{id:int}` ends
    HEAD /orders
    1: method is `HEAD`, the route takes `GET` or `PURGE` (`HEAD` is not `GET` unless said: add `HEAD` to the methods)
    GET /env
    3: header `x-env` is `test`, expected `prod`; header `x-trace` is there, the route takes none
    4: query parameter `page` is missing, expected `1` in it; cookie `plan` is missing
    GET /env?page=2
    3: header `x-env` is missing, expected `prod`
    GET /versions
    5: header `authorization` has another value
    GET /r/abc
    6: path `/r/abc` does not match `/r/[0-9]+`
    GET /files
    7: path `/files` ends before the route `/files/css/{rest...}` does
    POST /json
    8: the body at `/a/b` is `2`, expected `1`
    POST /json
    8: the body is not JSON
    POST /json
    8: the route looks at the body, and none was given
    POST /path
    9: the body at `$.kind` is `small`, expected `big`
    POST /path
    9: the body at `$.kind` is missing, expected `big`
    POST /schema
    10: the body at `/id` is not valid under the schema: "7" is not of type "integer"
    POST /form
    11: form field `plan` is missing, expected any value
    OPTIONS *
    1: method is `OPTIONS`, the route takes `GET` or `PURGE`; `*` is no path, and no route takes it
    GET /longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong
    1: path `/longlonglonglonglonglonglonglonglonglonglonglonglonglonglon…`: segment 1 is `longlonglonglonglonglonglonglonglonglonglonglonglonglonglong…`, the route has `orders`
    "#);
}
