//! How matching behaves, as tables: patterns on top, requests and the pattern that takes them below.
//! Restates the Gateway API's conformance tests and goes on where they end.

mod bodies;
mod conditions;
mod hosts;
#[path = "../matching_support/mod.rs"]
mod matching_support;
mod misses;
mod paths;
mod precedence;

use matching_support::{Draft, Sent, Table, sent};

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
