//! Which paths a pattern takes, in which form they are looked at, and what is captured.

use crate::check;
use crate::matching_support::{Table, on, regex, sent};

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
