//! A match allocates nothing.

mod matching_support;

use gated_engine::matcher::{Routing, route};
use gated_engine::request::Request;
use matching_support::{Table, equals, on, sent, to};

/// Allocations while a request is brought into its normal form and its route is found.
#[track_caller]
fn allocations(table: &Table, line: &str, expected: u32) -> u64 {
    let request = sent(line);
    let program = table.program();
    let mut found = None;
    let counted = allocation_counter::measure(|| {
        let normal = Request::normalise(
            &request.method,
            &request.uri,
            request.version,
            &request.headers,
            "http",
        );
        if let Ok(normal) = normal
            && let Routing::Found(taken) = route(program, table.compiled(), &normal, None)
        {
            found = Some(taken.route);
        }
    });
    assert_eq!(found, Some(expected), "{line}");
    counted.count_total
}

#[test]
fn a_match_allocates_nothing() {
    let mut drafts: Vec<_> = (0..1000)
        .map(|number| {
            to(
                "GET",
                &format!("/service{number}/items/{{id:int}}/parts/{{part}}"),
            )
        })
        .collect();
    drafts.extend([
        to("GET", "/orders/open/today"),
        on("/wild/{rest...}").host("*.example"),
        on("/with").header("x-env", equals("prod")).priority(2),
        on("/asked")
            .query("a", equals("1"))
            .cookie("c", equals("1")),
        on("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}"),
        on("/**"),
    ]);
    let table = Table::of(drafts);
    for (line, expected) in [
        ("GET /orders/open/today", 1000),
        ("GET /service0/items/7/parts/wheel", 0),
        ("GET /service999/items/7/parts/wheel?x=1", 999),
        ("GET /wild/a/b/c", 1001),
        ("GET /1/2/3/4/5/6/7/8", 1004),
        ("GET /with", 1005),
        ("GET /asked?b=2&a=2", 1005),
        ("GET /service999/items/x/parts/wheel", 1005),
    ] {
        assert_eq!(allocations(&table, line, expected), 0, "{line}");
    }
}

#[test]
fn the_counter_counts() {
    let table = Table::of([on("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}")]);
    assert_ne!(allocations(&table, "GET /1/2/3/4/5/6/7/8/9", 0), 0);
}
