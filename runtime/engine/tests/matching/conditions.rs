//! Conditions on headers, query parameters and cookies.

use gated_engine::program::TextTest;

use crate::matching_support::{Table, contains, equals, on, sent};
use crate::{check, check_sent};

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
