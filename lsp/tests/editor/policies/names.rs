//! Names of routes, tags, identities, claims and parameters, from one language into the others.

use serde_json::{Value, json};

use super::{CEDAR, GATE, POLICY, ROUTES, shop};
use crate::session::{Session, applied};

/// Where an answer points: the file's name, the line and the word there.
fn places(answer: &Value) -> Vec<(String, u64, String)> {
    let mut found: Vec<_> = answer
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"))
        .iter()
        .map(|one| {
            let uri = one["uri"].as_str().unwrap();
            let name = uri.rsplit('/').next().unwrap().to_owned();
            let line = one["range"]["start"]["line"].as_u64().unwrap();
            let text = match name.as_str() {
                "gate.kdl" => GATE,
                "routes.yaml" => ROUTES,
                _ => CEDAR,
            };
            let column = |end: &str| {
                usize::try_from(one["range"][end]["character"].as_u64().unwrap()).unwrap()
            };
            let line_text = text.lines().nth(usize::try_from(line).unwrap()).unwrap();
            let word = line_text[column("start")..column("end")].to_owned();
            (name, line, word)
        })
        .collect();
    found.sort();
    found
}

fn defined(session: &mut Session, name: &str, text: &str, before: &str) -> Vec<String> {
    let params = session.at(name, text, before);
    let answer = session.ask("textDocument/definition", params);
    let places = match answer.is_array() {
        true => places(&answer),
        false => places(&json!([answer])),
    };
    places
        .into_iter()
        .map(|(file, line, word)| format!("{file}:{} {word}", line + 1))
        .collect()
}

#[test]
fn definitions_lead_from_cedar_into_specs() {
    let mut session = shop();
    for (before, expected) in [
        ("Action::\"get-", vec!["gate.kdl:21 get-order"]),
        ("Action::\"put-", vec!["routes.yaml:2 put-order"]),
        ("Route::Put", vec!["routes.yaml:2 put-order"]),
        (
            "Action::\"ord",
            vec!["gate.kdl:24 orders", "routes.yaml:7 orders"],
        ),
        ("principal is Order", vec!["gate.kdl:4 order-staff"]),
        ("principal.lev", vec!["gate.kdl:7 level"]),
        ("== principal.s", vec!["gate.kdl:6 sub"]),
        ("&& principal.s", vec!["gate.kdl:6 sub", "gate.kdl:13 sub"]),
        ("resource.i", vec!["gate.kdl:22 id"]),
        ("has \"x-t", vec!["gate.kdl:17 x-tenant"]),
    ] {
        assert_eq!(
            defined(&mut session, POLICY, CEDAR, before),
            expected,
            "{before}"
        );
    }
    session.end();
}

#[test]
fn definitions_lead_from_specs_into_cedar() {
    let mut session = shop();
    for (before, expected) in [
        ("link \"ours\" \"sha", vec!["orders.cedar:15 shared"]),
        ("identity \"order-staff\" \"ow", vec!["gate.kdl:11 owner"]),
        ("    identity \"ow", vec!["gate.kdl:11 owner"]),
        ("    route \"put", vec!["routes.yaml:2 put-order"]),
        ("policies \"pol", vec!["orders.cedar:1 "]),
    ] {
        assert_eq!(
            defined(&mut session, "gate.kdl", GATE, before),
            expected,
            "{before}"
        );
    }
    session.end();
}

#[test]
fn references_are_found_in_every_language() {
    let mut session = shop();
    let mut params = session.at("gate.kdl", GATE, "route \"get-or");
    params["context"] = json!({ "includeDeclaration": true });
    let answer = session.ask("textDocument/references", params);
    let found: Vec<_> = places(&answer)
        .into_iter()
        .map(|(file, line, word)| format!("{file}:{} {word}", line + 1))
        .collect();
    assert_eq!(found, ["gate.kdl:21 get-order", "orders.cedar:3 get-order"]);
    let mut params = session.at("gate.kdl", GATE, "identity \"order-st");
    params["context"] = json!({ "includeDeclaration": false });
    let answer = session.ask("textDocument/references", params);
    let found: Vec<_> = places(&answer)
        .into_iter()
        .map(|(file, line, word)| format!("{file}:{} {word}", line + 1))
        .collect();
    assert_eq!(
        found,
        [
            "gate.kdl:23 order-staff",
            "orders.cedar:3 OrderStaff",
            "routes.yaml:6 order-staff"
        ]
    );
    session.end();
}

/// The texts of the three files after a rename.
fn renamed(session: &mut Session, name: &str, text: &str, before: &str, new: &str) -> [String; 3] {
    let mut params = session.at(name, text, before);
    params["newName"] = json!(new);
    let answer = session.ask("textDocument/rename", params);
    let after = |name: &str, text: &str| match &answer["changes"][session.uri(name)] {
        Value::Null => text.to_owned(),
        edits => applied(text, edits),
    };
    [
        after("gate.kdl", GATE),
        after("routes.yaml", ROUTES),
        after(POLICY, CEDAR),
    ]
}

#[test]
fn names_are_changed_in_every_language_and_the_spec_stays_sound() {
    for (name, text, before, new, expected) in [
        (
            "gate.kdl",
            GATE,
            "identity \"order-st",
            "shop-clerk",
            vec![
                "identity \"shop-clerk\" {",
                "identity: [shop-clerk]",
                "principal is ShopClerk,",
            ],
        ),
        (
            POLICY,
            CEDAR,
            "Action::\"get-",
            "read",
            vec!["route \"read\"", "Action::\"read\""],
        ),
        (
            POLICY,
            CEDAR,
            "Route::Put",
            "write-order",
            vec![
                "write-order:",
                "Route::WriteOrder",
                "Action::\"write-order\"",
                "route \"write-order\"",
            ],
        ),
        (
            "routes.yaml",
            ROUTES,
            "tags: [ord",
            "of orders",
            vec![
                "tags \"of orders\"",
                "Action::\"of orders\"",
                "tags: [\"of orders\"]",
            ],
        ),
        (
            POLICY,
            CEDAR,
            "principal.lev",
            "pay-grade",
            vec!["claim \"pay-grade\"", "principal[\"pay-grade\"] > 3"],
        ),
        (
            POLICY,
            CEDAR,
            "resource.i",
            "number",
            vec!["/orders/{number}", "resource.number =="],
        ),
        (
            "gate.kdl",
            GATE,
            "link \"ours\" \"sha",
            "common",
            vec!["link \"ours\" \"common\"", "@id(\"common\")"],
        ),
    ] {
        let mut session = shop();
        let texts = renamed(&mut session, name, text, before, new);
        let all = texts.join("\n");
        for words in expected {
            assert!(all.contains(words), "{before}: `{words}` in\n{all}");
        }
        for (name, text) in ["gate.kdl", "routes.yaml", POLICY].into_iter().zip(&texts) {
            std::fs::write(session.path(name), text).unwrap();
        }
        let input = gatec_compiler::load::Input::File(session.path("gate.kdl"));
        let checked = gatec_compiler::check(input, &Default::default());
        let errors = checked.diagnostics.iter();
        let errors: Vec<_> = errors
            .filter(|one| one.severity == gatec_syntax::Severity::Error)
            .map(|one| &one.message)
            .collect();
        assert!(errors.is_empty(), "{before}: {errors:?}\n{all}");
        session.end();
    }
}

#[test]
fn a_claim_that_a_policy_knows_of_several_identities_changes_in_all_of_them() {
    let mut session = shop();
    let [gate, _, cedar] = renamed(&mut session, POLICY, CEDAR, "&& principal.s", "user");
    assert_eq!(gate.matches("claim \"user\"").count(), 2, "{gate}");
    assert_eq!(cedar.matches("principal.user").count(), 2, "{cedar}");
    session.end();
}

#[test]
fn names_that_cannot_be_are_refused() {
    let mut session = shop();
    for (name, text, before, new, why) in [
        (
            "gate.kdl",
            GATE,
            "identity \"order-st",
            "Owner",
            "the same type in Cedar as `owner`",
        ),
        (
            "gate.kdl",
            GATE,
            "identity \"order-st",
            "role",
            "that is taken",
        ),
        (
            POLICY,
            CEDAR,
            "Role::\"ad",
            "boss",
            "comes from the credentials",
        ),
        (POLICY, CEDAR, "Action::\"get-", "put-order", "is taken"),
    ] {
        let mut params = session.at(name, text, before);
        params["newName"] = json!(new);
        let response = session.request("textDocument/rename", params);
        let error = response.response_result.unwrap_err();
        assert!(error.message.contains(why), "{before}: {}", error.message);
    }
    session.end();
}
