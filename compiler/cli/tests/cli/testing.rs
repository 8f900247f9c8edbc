//! `gatec test`

use super::{Folder, SHOP};

#[test]
fn all_pass() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["test"]));
    let chosen = folder.run(&["test", "--filter", "greet"]);
    assert!(
        chosen.contains("1 passed, 0 failed, 1 not chosen"),
        "{chosen}"
    );
}

#[test]
fn a_failure_shows_the_difference() {
    let tests = r##"
test "wrong in every way" {
    request "/hello/ann"
    expect 201 route="order" {
        header "content-type" "text/plain"
        header "x-none" "1"
        json #"{"greeting": "Hello bob", "more": 1}"#
    }
}

test "wrong text" {
    request "/orders/x"
    expect 404 body="no such\norder"
}

test "not offline" {
    request "/orders/7"
    expect 200 upstream="orders" upstream-path="/orders/7"
}

test "nobody" {
    request "/nowhere"
    expect 404 route="none"
}

test "somebody" {
    request "POST" "/old"
    expect route="none" upstream="orders"
}
"##;
    let folder = Folder::of(&[("gate.kdl", &format!("{SHOP}{tests}"))]);
    insta::assert_snapshot!(folder.run(&["test"]));
    insta::assert_snapshot!(folder.run(&["test", "--filter", "wrong", "--format", "json"]));
}

#[test]
fn time_and_chance_are_the_same_every_time() {
    let routes = r##"
gateway "x"
listener "web" bind="127.0.0.1:8080"
route "now" public=#true {
    match "/now"
    respond 200 "{{ now }} {{ uuid }}"
}
"##;
    let folder = Folder::of(&[("gate.kdl", routes)]);
    let with = |body: &str| {
        format!(
            "{routes}\ntest \"t\" {{\n    request \"/now\"\n    expect 200 body=\"{body}\"\n}}\n"
        )
    };
    let told = folder.run_with(&["test", "-"], &with("?"));
    let got = told
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("+ "))
        .unwrap_or_else(|| panic!("{told}"));
    assert!(got.starts_with("2024-01-01T00:00:00Z "), "{got}");
    assert!(
        folder
            .run_with(&["test", "-"], &with(got))
            .contains("1 passed, 0 failed")
    );
}

#[test]
fn a_spec_without_tests_says_so() {
    let folder = Folder::of(&[(
        "gate.kdl",
        "gateway \"x\"\nlistener \"web\" bind=\"127.0.0.1:8080\"\nroute \"a\" public=#true {\n    respond 200\n}\n",
    )]);
    let told = folder.run(&["test"]);
    assert!(
        told.contains("[exit 0]") && told.contains("0 passed, 0 failed"),
        "{told}"
    );
}
