//! Hosts, with wildcards, and those that are refused.

use http::Version;

use crate::check_sent;
use crate::matching_support::{Table, on, sent};

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
