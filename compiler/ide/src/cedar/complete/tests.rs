use gatec_compiler::load::{Input, Options};
use gatec_compiler::{Compiled, check};

use super::*;

const SPEC: &str = r##"listener "web" bind="127.0.0.1:8080"
identity "order-staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "level" type="long" optional=#true
    claim "teams" type="set<string>"
}
identity "owner" {
    jwt issuer="https://id.example" audience="own" keys="https://id.example/jwks.json"
    claim "sub"
    claim "shop-id"
}
policies {
    headers "x-tenant"
    query "page"
    cedar #"""
        permit (principal in Role::"lead", action, resource);
        """#
}
route "get-order" {
    match "GET" "/orders/{id:int}"
    identity "order-staff"
    tags "orders"
    respond 200
}
route "own-shop" {
    match "GET" "/shops/{shop}"
    identity "owner"
    respond 200
}
"##;

fn spec() -> Compiled {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gate.kdl");
    std::fs::write(&path, SPEC).unwrap();
    check(Input::File(path), &Options::default())
}

/// What is offered at `|`.
fn labels(text: &str) -> Vec<String> {
    let compiled = spec();
    let offset = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let items = complete(&About::new(Some(&compiled)), &text, offset);
    items.into_iter().map(|item| item.label).collect()
}

/// A text with the offered item of this label put in.
fn put(text: &str, label: &str) -> String {
    let compiled = spec();
    let offset = text.find('|').unwrap();
    let mut text = text.replacen('|', "", 1);
    let items = complete(&About::new(Some(&compiled)), &text, offset);
    let item = items.into_iter().find(|item| item.label == label).unwrap();
    text.replace_range(item.replace, &crate::complete::plain(&item.snippet));
    text
}

#[test]
fn names_come_from_the_spec() {
    for (text, expected) in [
        (
            "permit (principal, action == Action::\"|",
            vec!["get-order", "own-shop", "orders"],
        ),
        (
            "permit (principal, action == Action::\"g|\", resource);",
            vec!["get-order", "own-shop", "orders"],
        ),
        ("permit (principal in Role::\"|", vec!["lead"]),
        ("permit (principal is |", vec!["OrderStaff", "Owner"]),
        (
            "permit (principal, action == Action::\"own-shop\", resource is |",
            vec!["Route::OwnShop"],
        ),
        (
            "permit (principal, action == Action::\"own-shop\", resource) when { resource.|",
            vec!["shop"],
        ),
        (
            "permit (principal is OrderStaff, action, resource) when { principal.|} ; junk \"",
            vec!["level", "sub", "teams"],
        ),
        (
            "permit (principal, action in [Action::\"get-order\"], resource) when { principal.l|",
            vec!["level", "sub", "teams"],
        ),
        (
            "permit (principal, action in Action::\"orders\", resource) when { resource.|",
            vec!["id"],
        ),
        (
            "permit (principal, action, resource) when { principal is Owner && principal has |",
            vec!["sub"],
        ),
        (
            "permit (principal, action, resource) when { context.|",
            vec![
                "client", "headers", "host", "method", "path", "query", "secure", "time",
            ],
        ),
        (
            "permit (principal, action, resource) when { context.headers[\"|",
            vec!["x-tenant"],
        ),
        (
            "permit (principal, action, resource) when { context.query.|",
            vec!["page"],
        ),
        (
            "permit (principal is OrderStaff, action, resource) when { principal.teams.|",
            vec!["contains", "containsAll", "containsAny", "isEmpty"],
        ),
        (
            "permit (principal, action, resource) |",
            vec!["unless", "when"],
        ),
        ("permit (|", vec!["principal"]),
        ("permit (principal, |", vec!["action"]),
        ("// permit |", vec![]),
    ] {
        assert_eq!(labels(text), expected, "{text}");
    }
}

#[test]
fn words_that_are_always_there() {
    let offered = labels("per|");
    assert!(offered.contains(&"permit …".to_owned()), "{offered:?}");
    assert!(offered.contains(&"forbid".to_owned()), "{offered:?}");
    let offered = labels("permit (principal, action, resource) when { |");
    for word in ["principal", "context", "if", "like", "ip"] {
        assert!(offered.contains(&word.to_owned()), "{word}: {offered:?}");
    }
    let offered = labels("permit (principal, action, resource) when { context.method == \"|");
    assert!(offered.contains(&"DELETE".to_owned()), "{offered:?}");
}

#[test]
fn what_is_put_in_is_cedar() {
    for (text, label, expected) in [
        (
            "permit (principal, action == Action::\"|",
            "get-order",
            "permit (principal, action == Action::\"get-order\"",
        ),
        (
            "permit (principal, action == Action::\"ge|t\"",
            "get-order",
            "permit (principal, action == Action::\"get-order\"",
        ),
        (
            "permit (principal, action == Action::|",
            "get-order",
            "permit (principal, action == Action::\"get-order\"",
        ),
        (
            "permit (principal, action == |",
            "Action::\"get-order\"",
            "permit (principal, action == Action::\"get-order\"",
        ),
        (
            "permit (principal is Owner, action, resource) when { principal.sh|",
            "shop-id",
            "permit (principal is Owner, action, resource) when { principal[\"shop-id\"]",
        ),
        (
            "permit (principal, action, resource) when { context.headers.|",
            "x-tenant",
            "permit (principal, action, resource) when { context.headers[\"x-tenant\"]",
        ),
    ] {
        assert_eq!(put(text, label), expected);
    }
    let whole = put("perm|", "permit …");
    assert!(cedar(&whole.replace("{  }", "{ true }")), "{whole}");
}

fn cedar(text: &str) -> bool {
    let text = gatec_compiler::policy::PolicyText::file(text.into(), Default::default());
    let read = gatec_compiler::policy::Policies::read(&[text], |_| String::new());
    read.unread.is_empty() && read.list.len() == 1
}

#[test]
fn nothing_known_and_broken_texts_are_no_trouble() {
    let about = About::new(None);
    for text in [
        "",
        "\"",
        "permit",
        "(((",
        "::",
        ".",
        "é\u{feff}\"\\",
        "permit(.::\"[has is",
    ] {
        for offset in 0..=text.len() + 1 {
            complete(&about, text, offset);
        }
    }
}
