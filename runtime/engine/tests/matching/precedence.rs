//! Which of several patterns that fit takes a request.

use crate::matching_support::{Table, equals, on, regex, sent, to};
use crate::{check, check_sent};

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
