//! How matching behaves, as tables: patterns on top, requests and the pattern that takes them below.
//! Restates the Gateway API's conformance tests and goes on where they end.

mod matching_support;

use gated_engine::program::{BodySubject, TextTest};
use http::Version;
use matching_support::{Draft, Sent, Table, contains, equals, on, regex, sent, to};

/// Checks who takes what: the number of a pattern, `none`, `body?`, or a refusal.
#[track_caller]
fn check(patterns: impl IntoIterator<Item = Draft>, requests: &[(&str, &str)]) {
    let table = Table::of(patterns);
    for (line, expected) in requests {
        assert_eq!(table.route(&sent(line)), *expected, "{line}");
    }
}

#[track_caller]
fn check_sent(table: &Table, requests: impl IntoIterator<Item = (Sent, &'static str)>) {
    for (request, expected) in requests {
        assert_eq!(table.route(&request), expected, "{request:?}");
    }
}

#[test]
fn exact_paths_differ_by_case_and_trailing_slash() {
    check(
        [on("/one"), on("/One"), on("/two/")],
        &[
            ("GET /one", "0"),
            ("GET /One", "1"),
            ("GET /ONE", "none"),
            ("GET /one/", "none"),
            ("GET /one/x", "none"),
            ("GET /two", "none"),
            ("GET /two/", "2"),
            ("GET /", "none"),
        ],
    );
}

#[test]
fn the_root_is_a_path_like_any_other() {
    check(
        [on("/"), on("/a/")],
        &[
            ("GET /", "0"),
            ("GET /a", "none"),
            ("GET /a/", "1"),
            ("GET //", "0"),
        ],
    );
    check([on("/{x}")], &[("GET /", "none"), ("GET /a", "0")]);
}

#[test]
fn a_prefix_takes_whole_segments() {
    check(
        [on("/v2/**"), on("/v2/deep/er/**")],
        &[
            ("GET /v2", "0"),
            ("GET /v2/", "0"),
            ("GET /v2/x", "0"),
            ("GET /v2/x/y/", "0"),
            ("GET /v2x", "none"),
            ("GET /v2example/x", "none"),
            ("GET /v2/deep", "0"),
            ("GET /v2/deep/er", "1"),
            ("GET /v2/deep/er/est", "1"),
            ("GET /v2/deep/erst", "0"),
            ("GET /V2", "none"),
        ],
    );
    check([on("/**")], &[("GET /", "0"), ("GET /any/thing", "0")]);
}

#[test]
fn exact_comes_before_parameter_before_prefix() {
    check(
        [
            on("/**"),
            on("/a/**"),
            on("/a/{x}"),
            on("/a/{x:int}"),
            on("/a/b"),
            on("/{x}/b"),
            regex(&["a"], "/a/(b|q!|z/z)"),
        ],
        &[
            ("GET /a/b", "4"),
            ("GET /a/7", "3"),
            ("GET /a/c", "2"),
            ("GET /a/q!", "2"),
            ("GET /a/z/z", "6"),
            ("GET /a/z/y", "1"),
            ("GET /a/", "1"),
            ("GET /a", "1"),
            ("GET /c/b", "5"),
            ("GET /c/d", "0"),
        ],
    );
}

#[test]
fn the_search_goes_back_where_a_branch_leads_nowhere() {
    check(
        [
            on("/a/b/c/d"),
            on("/a/{x}/c/e"),
            on("/{y}/b/{z}/f"),
            on("/a/b/**"),
        ],
        &[
            ("GET /a/b/c/d", "0"),
            ("GET /a/b/c/e", "3"),
            ("GET /a/x/c/e", "1"),
            ("GET /a/b/c/f", "3"),
            ("GET /q/b/c/f", "2"),
            ("GET /q/b/c/g", "none"),
        ],
    );
}

#[test]
fn conditions_that_fail_send_the_search_on() {
    check(
        [to("POST", "/a/b"), to("PUT", "/a/{x}"), on("/**")],
        &[("POST /a/b", "0"), ("PUT /a/b", "1"), ("GET /a/b", "2")],
    );
}

#[test]
fn more_specific_types_come_first() {
    let kinds = ["", ":alnum", ":alpha", ":int", ":date", ":uuid"];
    check(
        kinds.map(|kind| on(&format!("/x/{{p{kind}}}"))),
        &[
            ("GET /x/123e4567-e89b-12d3-a456-426614174000", "5"),
            ("GET /x/2024-02-29", "4"),
            ("GET /x/2024-02-30", "0"),
            ("GET /x/42", "3"),
            ("GET /x/-42", "3"),
            ("GET /x/99999999999999999999", "1"),
            ("GET /x/abc", "2"),
            ("GET /x/abc1", "1"),
            ("GET /x/abc_", "0"),
            ("GET /x/", "none"),
        ],
    );
}

#[test]
fn head_is_not_get() {
    check(
        [
            to("GET", "/get"),
            to("GET|HEAD", "/both"),
            on("/any"),
            to("PURGE", "/cache"),
        ],
        &[
            ("HEAD /get", "none"),
            ("HEAD /both", "1"),
            ("HEAD /any", "2"),
            ("OPTIONS /any", "2"),
            ("PURGE /cache", "3"),
            ("PURGE /get", "none"),
            ("purge /cache", "none"),
            ("GET /cache", "none"),
            ("MADEUP /any", "2"),
        ],
    );
}

#[test]
fn path_beats_method_beats_header_beats_query() {
    let table = Table::of([
        on("/a").query("q", equals("1")).query("r", equals("1")),
        on("/a").header("x", equals("1")),
        to("GET", "/a"),
        on("/{p}")
            .header("x", equals("1"))
            .header("y", equals("1"))
            .query("q", equals("1")),
        to("GET", "/a").header("x", equals("1")),
        on("/a").header("x", equals("1")).header("y", equals("1")),
        on("/a").cookie("c", equals("1")),
    ]);
    let get = || sent("GET /a?q=1&r=1").header("cookie", "c=1");
    let post = || sent("POST /a?q=1&r=1").header("cookie", "c=1");
    check_sent(
        &table,
        [
            (get().header("x", "1").header("y", "1"), "4"),
            (get(), "2"),
            (post().header("x", "1").header("y", "1"), "5"),
            (post().header("x", "1"), "1"),
            (post(), "0"),
            (sent("POST /a").header("cookie", "c=1"), "6"),
            (sent("POST /b?q=1").header("x", "1").header("y", "1"), "3"),
            (sent("POST /a"), "none"),
        ],
    );
}

#[test]
fn ties_go_to_the_first_declared() {
    check(
        [on("/a/{x}"), on("/a/{y}"), on("/b"), on("/b")],
        &[("GET /a/1", "0"), ("GET /b", "2")],
    );
}

#[test]
fn priority_comes_before_everything() {
    check(
        [
            on("/a/b"),
            on("/**").priority(5),
            to("GET", "/a/**").priority(-1),
            on("/a/{x}").priority(7),
        ],
        &[("GET /a/b", "3"), ("GET /z", "1"), ("GET /a", "1")],
    );
    check(
        [on("/a").priority(-1).host("shop.example"), on("/**")],
        &[("GET /a", "1")],
    );
}

#[test]
fn hosts() {
    let table = Table::of([
        on("/**"),
        on("/**").host("*.example"),
        on("/**").host("*.shop.example"),
        on("/**").host("shop.example").host("other.test"),
        on("/only").host("a.shop.example"),
        on("/**").host("xn--bcher-kva.example"),
        on("/**").host("[::1]"),
    ]);
    let get = |host: &str| sent("GET /x").host(host);
    check_sent(
        &table,
        [
            (get("shop.example"), "3"),
            (get("SHOP.Example"), "3"),
            (get("shop.example."), "3"),
            (get("shop.example:8080"), "3"),
            (get("shop.example.:8080"), "3"),
            (get("other.test"), "3"),
            (get("a.shop.example"), "2"),
            (get("b.a.shop.example"), "2"),
            (get("ashop.example"), "1"),
            (get("x.y.z.example"), "1"),
            (get("example"), "0"),
            (get("elsewhere.test"), "0"),
            (get("xn--bcher-kva.example"), "5"),
            (get("XN--BCHER-KVA.example"), "5"),
            (get("[0:0::1]:443"), "6"),
            (get("127.0.0.1"), "0"),
            (get("a.shop.example").version(Version::HTTP_10), "2"),
            (get("shop.example").no_host().version(Version::HTTP_10), "0"),
            (sent("GET /only").host("a.shop.example"), "4"),
        ],
    );
}

#[test]
fn a_wildcard_does_not_take_the_bare_name() {
    let table = Table::of([on("/").host("*.shop.example")]);
    check_sent(
        &table,
        [
            (sent("GET /").host("shop.example"), "none"),
            (sent("GET /").host("a.shop.example"), "0"),
            (sent("GET /").host("xshop.example"), "none"),
        ],
    );
}

#[test]
fn a_host_without_the_path_leaves_it_to_wider_hosts() {
    let table = Table::of([
        on("/a").host("shop.example"),
        on("/b").host("*.example"),
        on("/c"),
    ]);
    check_sent(
        &table,
        [
            (sent("GET /a"), "0"),
            (sent("GET /b"), "1"),
            (sent("GET /c"), "2"),
            (sent("GET /d"), "none"),
        ],
    );
}

#[test]
fn hosts_that_are_refused() {
    let table = Table::of([on("/**")]);
    check_sent(
        &table,
        [
            (sent("GET /").header("host", "shop.example"), "Host"),
            (sent("GET /").no_host(), "Host"),
            (sent("GET /").host("user@shop.example"), "Host"),
            (sent("GET /").host("shop example"), "Host"),
            (sent("GET /").host("a/b"), "Host"),
            (sent("GET http://user@shop.example/"), "Host"),
            (sent("GET http://other.test/").no_host(), "Host"),
            (sent("GET http://other.test/").host("a b"), "Host"),
            (
                sent("GET http://other.test/").version(Version::HTTP_2),
                "Host",
            ),
            (
                sent("GET http://shop.example:81/").version(Version::HTTP_2),
                "Host",
            ),
            (
                sent("GET http://shop.example:80/").version(Version::HTTP_2),
                "0",
            ),
            (
                sent("GET http://Shop.Example/").version(Version::HTTP_2),
                "0",
            ),
            (
                sent("GET http://other.test/")
                    .no_host()
                    .version(Version::HTTP_2),
                "0",
            ),
        ],
    );
}

#[test]
fn the_target_wins_over_host_in_http_1() {
    let table = Table::of([on("/a").host("other.test"), on("/a")]);
    check_sent(
        &table,
        [
            (sent("GET http://other.test:99/a"), "0"),
            (sent("GET /a"), "1"),
        ],
    );
    let request = sent("GET http://other.test:99");
    let normal = request.normal().unwrap();
    assert_eq!(
        (&*normal.host, normal.authority, &*normal.path),
        ("other.test", "other.test:99", "/")
    );
}

#[test]
fn targets_that_are_no_paths() {
    check(
        [on("/**"), on("/*")],
        &[
            ("OPTIONS *", "none"),
            ("GET *", "Target"),
            ("CONNECT shop.example:443", "Target"),
            ("CONNECT /a", "Target"),
        ],
    );
}

#[test]
fn headers() {
    let present = vec![TextTest::Present];
    let absent = vec![TextTest::Absent];
    let mut versioned = on("/regex");
    let version = versioned.regex("v[0-9]+");
    let table = Table::of([
        on("/equals").header("x-env", equals("prod")),
        on("/contains").header("accept", contains("json")),
        on("/present").header("x-env", present),
        on("/absent").header("x-env", absent),
        versioned.header(
            "x-version",
            vec![TextTest::Matches(version), TextTest::Contains("2".into())],
        ),
    ]);
    let get = |path: &str| sent(&format!("GET {path}"));
    check_sent(
        &table,
        [
            (get("/equals").header("X-Env", "prod"), "0"),
            (get("/equals").header("x-env", "Prod"), "none"),
            (
                get("/equals")
                    .header("x-env", "test")
                    .header("x-env", "prod"),
                "0",
            ),
            (get("/equals"), "none"),
            (
                get("/contains").header("accept", "text/html, application/json"),
                "1",
            ),
            (get("/contains").header("accept", "text/html"), "none"),
            (get("/present").header("x-env", ""), "2"),
            (get("/present"), "none"),
            (get("/absent"), "3"),
            (get("/absent").header("x-env", ""), "none"),
            (get("/regex").header("x-version", "v12"), "4"),
            (get("/regex").header("x-version", "v13"), "none"),
            (get("/regex").header("x-version", "xv12"), "none"),
            (
                get("/regex")
                    .header("x-version", "2")
                    .header("x-version", "v1"),
                "none",
            ),
        ],
    );
}

#[test]
fn queries() {
    check(
        [
            on("/q")
                .query("a", equals("x y"))
                .query("b", vec![TextTest::Present]),
            on("/q").query("a", equals("x y")),
            on("/q").query("none", vec![TextTest::Absent]),
        ],
        &[
            ("GET /q?a=x%20y&b", "0"),
            ("GET /q?b=1&a=x+y", "0"),
            ("GET /q?a=x+y", "1"),
            ("GET /q?a=X+y", "2"),
            ("GET /q?a=1&a=x%20y&further=1", "1"),
            ("GET /q?%61=x+y", "1"),
            ("GET /q", "2"),
            ("GET /q?none", "none"),
            ("GET /q?A=x+y&none=", "none"),
        ],
    );
}

#[test]
fn cookies() {
    let table = Table::of([
        on("/").cookie("plan", equals("pro")),
        on("/").cookie("old", vec![TextTest::Absent]),
    ]);
    check_sent(
        &table,
        [
            (sent("GET /").header("cookie", "a=1; plan=pro"), "0"),
            (
                sent("GET /")
                    .header("cookie", "a=1")
                    .header("cookie", "plan=\"pro\""),
                "0",
            ),
            (sent("GET /").header("cookie", "Plan=pro"), "1"),
            (sent("GET /").header("cookie", "plan=free; old=1"), "none"),
            (sent("GET /"), "1"),
        ],
    );
}

#[test]
fn the_path_is_normal_before_it_is_matched() {
    check(
        [
            on("/a/b"),
            on("/a/b/"),
            on("/a%2Fb"),
            on("/a;x=1/b"),
            on("/{x}/%5C"),
            on("/admin/**"),
            on("/c%20d"),
        ],
        &[
            ("GET //a//b", "0"),
            ("GET /a/./b", "0"),
            ("GET /x/../a/b", "0"),
            ("GET /x/%2e%2E/a/b", "0"),
            ("GET /%61/b", "0"),
            ("GET /a/b/.", "1"),
            ("GET /a/b/c/..", "1"),
            ("GET /a%2fb", "2"),
            ("GET /a/%2e%2e%2fb", "none"),
            ("GET /a;x=1/b", "3"),
            ("GET /a;x=2/b", "none"),
            ("GET /a/..;/admin", "Dots"),
            ("GET /q/%5c", "4"),
            ("GET /q/\\", "4"),
            ("GET /x/..%2fadmin", "none"),
            ("GET /x/../admin/y", "5"),
            ("GET /%61dmin", "5"),
            ("GET /c%20d", "6"),
            ("GET /..", "AboveRoot"),
            ("GET /a/../../b", "AboveRoot"),
            ("GET /%2e%2e/", "AboveRoot"),
            ("GET /a%00b", "Encoding"),
            ("GET /a%0d%0ab", "Encoding"),
            ("GET /%zz", "Encoding"),
            ("GET /%", "Encoding"),
        ],
    );
}

#[test]
fn captures() {
    let table = Table::of([
        on("/o/{id:int}/i/{item}"),
        on("/f/{rest...}"),
        on("/p/{x}/**"),
        regex(&["r"], "/r/(?<year>[0-9]+)(-(?<month>[0-9]+))?"),
        on("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j...}"),
    ]);
    let mut lines = String::new();
    for path in [
        "/o/7/i/a%2Fb",
        "/f",
        "/f/",
        "/f/a",
        "/f/a/b/",
        "/p/1/2/3",
        "/r/2024-05",
        "/r/2024",
        "/1/2/3/4/5/6/7/8/9/10/11",
    ] {
        let captures = table.captures(&sent(&format!("GET {path}")));
        lines.push_str(&format!("{path}: {captures}\n"));
    }
    insta::assert_snapshot!(lines, @r#"
    /o/7/i/a%2Fb: id=Some("7") item=Some("a%2Fb")
    /f: rest=Some("")
    /f/: rest=Some("")
    /f/a: rest=Some("a")
    /f/a/b/: rest=Some("a/b/")
    /p/1/2/3: x=Some("1")
    /r/2024-05: year=Some("2024") month=Some("05")
    /r/2024: year=Some("2024") month=None
    /1/2/3/4/5/6/7/8/9/10/11: a=Some("1") b=Some("2") c=Some("3") d=Some("4") e=Some("5") f=Some("6") g=Some("7") h=Some("8") i=Some("9") j=Some("10/11")
    "#);
}

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

#[test]
fn long_paths_are_bounded() {
    let table = Table::of([on("/{a}/{b}/**"), on("/a/**"), on("/**").host("x.test")]);
    let path = "/a".repeat(15_000);
    assert_eq!(table.route(&sent(&format!("GET {path}"))), "1");
    let segments: String = (0..64).map(|number| format!("/{{p{number}}}")).collect();
    let table = Table::of([on(&segments)]);
    assert_eq!(table.route(&sent(&format!("GET {}", "/x".repeat(64)))), "0");
    assert_eq!(
        table.route(&sent(&format!("GET {}", "/x".repeat(65)))),
        "none"
    );
    let host = ["a"; 120].join(".");
    assert_eq!(
        table.route(&sent(&format!("GET {}", "/x".repeat(64))).host(&host)),
        "0"
    );
}

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
