//! Findings, completion, hover, lenses, actions, outline and layout of policies.

use serde_json::json;

use super::{CEDAR, GATE, POLICY, ROUTES, shop};
use crate::session::{Session, applied};

#[test]
fn findings_come_at_each_key_and_for_files_that_are_not_open() {
    let files = [
        ("gate.kdl", GATE),
        ("routes.yaml", ROUTES),
        (
            POLICY,
            "permit (principal, action == Action::\"get-ordr\", resource);",
        ),
    ];
    let mut session = Session::new(&files);
    session.wait_for_codes(POLICY, &["P203"]);
    session.open_with(POLICY, CEDAR);
    session.wait_for_codes(POLICY, &[]);
    session.replace(POLICY, &CEDAR.replace("principal.level", "principal.levle"));
    session.wait_for_codes(POLICY, &["P205"]);
    session.replace(
        POLICY,
        &CEDAR.replace("principal.level > 3", "principal.level >"),
    );
    session.wait_for_codes(POLICY, &["P201"]);
    session.end();
}

#[test]
fn a_file_that_no_spec_names_has_its_syntax_looked_at() {
    let mut session = Session::new(&[("gate.kdl", GATE), ("routes.yaml", ROUTES), (POLICY, CEDAR)]);
    session.open_with(
        "other/lone.cedar",
        "permit (principal, action, resource) when { x };\npermit (oops;\n",
    );
    session.wait("its findings", |session| {
        let codes = session.codes("other/lone.cedar");
        !codes.is_empty() && codes.iter().all(|code| code == "P201")
    });
    session.replace(
        "other/lone.cedar",
        "permit (principal is Nobody, action, resource);\n",
    );
    session.wait_for_codes("other/lone.cedar", &[]);
    session.end();
}

#[test]
fn completion_knows_the_spec() {
    let mut session = shop();
    let text = format!("{CEDAR}permit (principal is Owner, action == Action::\"");
    session.replace(POLICY, &text);
    let found = session.labels(POLICY, &text, "principal is Owner, action == Action::\"");
    assert_eq!(found, ["get-order", "put-order", "orders"]);
    let text = format!("{CEDAR}permit (principal is Owner, action, resource) when {{ principal.");
    session.replace(POLICY, &text);
    let found = session.labels(POLICY, &text, "when { principal.\0".trim_end_matches('\0'));
    assert!(!found.is_empty());
    // The same within a spec.
    let text = GATE.replace(
        "    headers \"x-tenant\"\n",
        "    headers \"x-tenant\"\n    cedar #\"\"\"\n        permit (principal is Owner, action == Action::\"\n        \"\"\"#\n",
    );
    session.replace("gate.kdl", &text);
    let found = session.labels("gate.kdl", &text, "action == Action::\"");
    assert_eq!(found, ["get-order", "put-order", "orders"]);
    // Names in the nodes of a spec.
    let text = GATE.replace("\"ours\" \"shared\"", "\"ours\" \"\"");
    session.replace("gate.kdl", &text);
    session.replace(POLICY, CEDAR);
    let found = session.labels("gate.kdl", &text, "link \"ours\" \"");
    assert_eq!(found, ["readers", "shared"]);
    let text = format!(
        "{GATE}test \"t\" {{\n    request \"/orders/1\" {{\n        as \"owner\" \n    }}\n}}\n"
    );
    session.replace("gate.kdl", &text);
    let found = session.labels("gate.kdl", &text, "as \"owner\" ");
    assert!(found.contains(&"level".to_owned()), "{found:?}");
    let text = GATE.replace("    route \"put-order\"", "    route \"\"");
    session.replace("gate.kdl", &text);
    let found = session.labels("gate.kdl", &text, "    route \"");
    assert_eq!(found, ["get-order", "orders", "put-order"]);
    session.end();
}

fn hovered(session: &mut Session, name: &str, text: &str, before: &str) -> String {
    let params = session.at(name, text, before);
    let answer = session.ask("textDocument/hover", params);
    answer["contents"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn hover_tells_what_policies_speak_of() {
    let mut session = shop();
    for (before, words) in [
        ("Action::\"get-", "Takes GET `/orders/{id}`."),
        ("Action::\"get-", "For `order-staff`, `owner`."),
        (
            "Action::\"ord",
            "the tag `orders` of `put-order`, `get-order`",
        ),
        ("principal is Order", "- `level`: Long"),
        (
            "principal.lev",
            "Long, a claim of the identity `order-staff`",
        ),
        (
            "resource.i",
            "`id`: String, in the path of the route `get-order`",
        ),
        ("context.sec", "over TLS"),
        ("has \"x-t", "the header `x-tenant`"),
        ("Role::\"ad", "a value of `roles of order-staff`"),
        ("\nfor", "Applies to\n- `put-order` for `order-staff`"),
        ("@id(\"rea", "Applies to\n- `get-order` for `order-staff`"),
    ] {
        let found = hovered(&mut session, POLICY, CEDAR, before);
        assert!(found.contains(words), "{before}: {found}");
    }
    session.end();
}

#[test]
fn a_lens_counts_the_policies_of_a_route() {
    let mut session = shop();
    let document = json!({ "textDocument": { "uri": session.uri("gate.kdl") } });
    let answer = session.ask("textDocument/codeLens", document);
    let lens = answer
        .as_array()
        .unwrap()
        .iter()
        .find(|lens| lens["command"]["command"] == "gatec.showPolicies");
    let command = &lens.unwrap()["command"];
    assert_eq!(command["title"], "3 policies: 3 permit");
    let shown = json!({ "command": command["command"], "arguments": command["arguments"] });
    let places = session.ask("workspace/executeCommand", shown);
    assert_eq!(places.as_array().unwrap().len(), 3, "{places}");
    let told = session
        .told
        .iter()
        .find(|(method, _)| method == "window/showDocument");
    assert!(
        told.unwrap().1["uri"]
            .as_str()
            .unwrap()
            .ends_with("orders.cedar")
    );
    session.end();
}

/// The action of a title at a place, as its edit of a file.
fn mended(
    session: &mut Session,
    at: (&str, &str, &str),
    title: &str,
    file: &str,
    text: &str,
) -> String {
    let params = session.at(at.0, at.1, at.2);
    let position = params["position"].clone();
    let answer = session.ask(
        "textDocument/codeAction",
        json!({
            "textDocument": params["textDocument"],
            "range": { "start": position, "end": position },
            "context": { "diagnostics": [] },
        }),
    );
    let actions = answer.as_array().unwrap();
    let action = actions.iter().find(|action| action["title"] == title);
    let action = action.unwrap_or_else(|| panic!("{title}: {answer}"));
    assert_eq!(action["isPreferred"], false);
    applied(text, &action["edit"]["changes"][session.uri(file)])
}

#[test]
fn what_is_missing_is_offered() {
    let mut session = shop();
    let gate = format!(
        "{GATE}route \"own\" {{\n    match \"GET\" \"/own\"\n    identity \"owner\"\n    respond 200\n}}\n"
    );
    let few = CEDAR
        .replace("in ?principal", "is OrderStaff in ?principal")
        .replace(
            "principal in Role::\"admin\"",
            "principal is OrderStaff in Role::\"admin\"",
        );
    session.replace("gate.kdl", &gate);
    session.replace(POLICY, &few);
    let out = mended(
        &mut session,
        ("gate.kdl", &gate, "route \"ow"),
        "permit the route `own`",
        POLICY,
        &few,
    );
    assert!(
        out.ends_with("\npermit (principal is Owner, action == Action::\"own\", resource);\n"),
        "{out}"
    );
    let text = CEDAR.replace("principal.level > 3", "principal.grade > 3");
    session.replace("gate.kdl", GATE);
    session.replace(POLICY, &text);
    let out = mended(
        &mut session,
        (POLICY, &text, "principal.gra"),
        "declare the claim `grade` of the identity `order-staff`",
        "gate.kdl",
        GATE,
    );
    assert!(out.contains("role=#true\n    claim \"grade\"\n}"), "{out}");
    let text = CEDAR.replace("principal is OrderStaff", "principal is ShopBoss");
    session.replace(POLICY, &text);
    let out = mended(
        &mut session,
        (POLICY, &text, "is ShopB"),
        "declare the identity `shop-boss`",
        "gate.kdl",
        GATE,
    );
    assert!(
        out.contains("\n\nidentity \"shop-boss\" {\n    jwt "),
        "{out}"
    );
    session.end();
}

#[test]
fn outline_folds_colours_and_layout() {
    let mut session = shop();
    let document = json!({ "textDocument": { "uri": session.uri(POLICY) } });
    let answer = session.ask("textDocument/documentSymbol", document.clone());
    let names: Vec<&str> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "readers",
            "permit ( principal in Role::\"admin\", action in Action::\"orders\", resource )",
            "forbid (principal, action == Action::\"put-order\", resource is Route::PutOrder)",
            "shared",
        ]
    );
    let answer = session.ask("textDocument/foldingRange", document.clone());
    let folds: Vec<_> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["startLine"].as_u64().unwrap(),
                one["endLine"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(folds, [(1, 3), (5, 9), (11, 12), (14, 15)]);
    let answer = session.ask("textDocument/semanticTokens/full", document.clone());
    assert!(answer["data"].as_array().unwrap().len() > 100);
    let position = session.at(POLICY, CEDAR, "resource.i")["position"].clone();
    let mut params = document.clone();
    params["positions"] = json!([position]);
    let answer = session.ask("textDocument/selectionRange", params);
    let mut depth = 0;
    let mut range = &answer[0];
    while !range["parent"].is_null() {
        range = &range["parent"];
        depth += 1;
    }
    assert_eq!(depth, 5, "{answer}");
    let mut params = document;
    params["options"] = json!({ "tabSize": 4, "insertSpaces": true });
    let edits = session.ask("textDocument/formatting", params);
    let out = applied(CEDAR, &edits);
    assert_eq!(out, gatec_compiler::policy::layout::layout(CEDAR).unwrap());
    assert!(out.contains("// who may do what with orders"), "{out}");
    session.end();
}
