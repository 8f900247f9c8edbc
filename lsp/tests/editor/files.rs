//! Names across files and languages: definition, references, rename, mends.

use serde_json::{Value, json};

use crate::session::{Session, able, applied};

const GATE: &str =
    "listener \"web\" bind=\"127.0.0.1:8080\"\ninclude \"upstreams.yaml\" \"routes.kdl\"\n";
const UPSTREAMS: &str = "upstreams:\n  orders:\n    servers:\n      - url: http://127.0.0.1:9000\n";
const ROUTES: &str = "route \"a\" public=#true {\n    match \"GET\" \"/a/{id}\"\n    proxy \"orders\" path=\"/{{ path.id }}\"\n}\n";

fn session() -> Session {
    let files = [
        ("gate.kdl", GATE),
        ("upstreams.yaml", UPSTREAMS),
        ("routes.kdl", ROUTES),
    ];
    let mut session = Session::new(&files);
    session.open("routes.kdl");
    // The spec's files are known once it was checked.
    let broken = ROUTES.replace("public", "publik");
    session.replace("routes.kdl", &broken);
    session.wait_for_codes("routes.kdl", &["S101"]);
    session.replace("routes.kdl", ROUTES);
    session.wait_for_codes("routes.kdl", &[]);
    session
}

#[test]
fn a_definition_is_found_in_another_language() {
    let mut session = session();
    let params = session.at("routes.kdl", ROUTES, "proxy \"ord");
    let found = session.ask("textDocument/definition", params);
    assert_eq!(found[0]["uri"], session.uri("upstreams.yaml"));
    assert_eq!(
        found[0]["range"]["start"],
        json!({ "line": 1, "character": 2 })
    );
    let params = session.at("routes.kdl", ROUTES, "path.i");
    let found = session.ask("textDocument/definition", params);
    assert_eq!(
        found[0]["range"]["start"],
        json!({ "line": 1, "character": 21 })
    );
    session.end();
}

#[test]
fn an_included_file_is_a_definition() {
    let mut session = session();
    session.open("gate.kdl");
    let params = session.at("gate.kdl", GATE, "routes.k");
    let found = session.ask("textDocument/definition", params);
    assert_eq!(found["uri"], session.uri("routes.kdl"));
    session.end();
}

#[test]
fn references_span_the_spec() {
    let mut session = session();
    let mut params = session.at("routes.kdl", ROUTES, "proxy \"ord");
    params["context"] = json!({ "includeDeclaration": true });
    let found = session.ask("textDocument/references", params);
    let mut files: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["uri"].as_str().unwrap())
        .collect();
    files.sort_unstable();
    assert_eq!(
        files,
        [session.uri("routes.kdl"), session.uri("upstreams.yaml")]
    );
    let params = session.at("routes.kdl", ROUTES, "path.i");
    let marked = session.ask("textDocument/documentHighlight", params);
    assert_eq!(marked.as_array().unwrap().len(), 2);
    session.end();
}

#[test]
fn a_rename_reaches_every_file() {
    let mut session = session();
    let mut params = session.at("routes.kdl", ROUTES, "proxy \"ord");
    let prepared = session.ask("textDocument/prepareRename", params.clone());
    assert_eq!(prepared["placeholder"], "orders");
    params["newName"] = json!("the orders");
    let edit = session.ask("textDocument/rename", params.clone());
    let changes = &edit["changes"];
    let routes = applied(ROUTES, &changes[session.uri("routes.kdl")]);
    assert!(routes.contains("proxy \"the orders\" path"), "{routes}");
    let upstreams = applied(UPSTREAMS, &changes[session.uri("upstreams.yaml")]);
    assert!(upstreams.contains("\n  \"the orders\":\n"), "{upstreams}");
    params["newName"] = json!("");
    assert!(
        session
            .request("textDocument/rename", params)
            .response_result
            .is_err()
    );
    session.end();
}

fn actions(session: &mut Session, name: &str, text: &str, at: &str) -> Vec<Value> {
    let position = session.at(name, text, at)["position"].clone();
    let uri = session.uri(name);
    let answer = session.ask(
        "textDocument/codeAction",
        json!({
            "textDocument": { "uri": uri },
            "range": { "start": position, "end": position },
            "context": { "diagnostics": [] },
        }),
    );
    answer.as_array().unwrap().clone()
}

/// Clients that look at versions are told for which an edit is; a file that is not open has none.
#[test]
fn edits_carry_the_versions_of_the_texts_they_are_for() {
    let mut client = able();
    client["workspace"] = json!({ "workspaceEdit": { "documentChanges": true } });
    let files = [
        ("gate.kdl", GATE),
        ("routes.kdl", ROUTES),
        ("upstreams.yaml", UPSTREAMS),
    ];
    let mut session = Session::with(&files, client);
    session.open("routes.kdl");
    let text = format!("{ROUTES}\n");
    session.replace("routes.kdl", &text);
    let mut params = session.at("routes.kdl", &text, "proxy \"ord");
    params["newName"] = json!("others");
    let edit = session.ask("textDocument/rename", params);
    assert_eq!(edit["changes"], Value::Null);
    let changes = edit["documentChanges"].as_array().unwrap();
    let version = |name: &str| {
        let uri = json!(session.uri(name));
        let mut of = changes.iter().map(|one| &one["textDocument"]);
        of.find(|document| document["uri"] == uri).unwrap()["version"].clone()
    };
    assert_eq!(version("routes.kdl"), json!(2));
    assert_eq!(version("upstreams.yaml"), Value::Null);
    session.end();
}

#[test]
fn a_slip_is_mended() {
    let mut session = session();
    let text = ROUTES.replace("public", "publik");
    session.replace("routes.kdl", &text);
    session.wait_for_codes("routes.kdl", &["S101"]);
    let found = actions(&mut session, "routes.kdl", &text, "publi");
    let mend = found.iter().find(|one| one["isPreferred"] == true).unwrap();
    let after = applied(&text, &mend["edit"]["changes"][session.uri("routes.kdl")]);
    assert_eq!(after, ROUTES);
    session.end();
}

#[test]
fn a_missing_upstream_is_declared() {
    let mut session = session();
    let text = ROUTES.replace("\"orders\"", "\"elsewhere\"");
    session.replace("routes.kdl", &text);
    session.wait("U101", |session| {
        session.codes("routes.kdl").contains(&"U101".to_owned())
    });
    let found = actions(&mut session, "routes.kdl", &text, "\"elsew");
    let declare = found
        .iter()
        .find(|one| one["title"] == "declare the upstream `elsewhere`")
        .unwrap();
    let after = applied(
        &text,
        &declare["edit"]["changes"][session.uri("routes.kdl")],
    );
    session.replace("routes.kdl", &after);
    session.wait("no U101", |session| {
        !session.codes("routes.kdl").contains(&"U101".to_owned())
    });
    session.end();
}

#[test]
fn a_warning_is_silenced() {
    let mut session = session();
    let idle = "upstreams:\n  idle:\n    servers:\n      - url: http://127.0.0.1:9000\n  orders:\n    servers:\n      - url: http://127.0.0.1:9000\n";
    session.open_with("upstreams.yaml", idle);
    session.wait_for_codes("upstreams.yaml", &["U102"]);
    let found = actions(&mut session, "upstreams.yaml", idle, "\n  idl");
    let silence = found
        .iter()
        .find(|one| one["title"] == "ignore U102 here")
        .unwrap();
    let after = applied(
        idle,
        &silence["edit"]["changes"][session.uri("upstreams.yaml")],
    );
    assert!(after.contains("  # gatec: ignore U102\n  idle:"), "{after}");
    session.replace("upstreams.yaml", &after);
    session.wait_for_codes("upstreams.yaml", &[]);
    session.end();
}

#[test]
fn a_closed_file_is_renamed_as_it_lies_on_the_disk() {
    let mut session = session();
    let upstreams = format!("# one more line\n{UPSTREAMS}");
    std::fs::write(session.path("upstreams.yaml"), &upstreams).unwrap();
    let mut params = session.at("routes.kdl", ROUTES, "proxy \"ord");
    params["newName"] = json!("other");
    let edit = session.ask("textDocument/rename", params);
    let after = applied(&upstreams, &edit["changes"][session.uri("upstreams.yaml")]);
    assert_eq!(after, upstreams.replace("orders", "other"));
    session.end();
}

#[test]
fn a_rename_waits_for_the_files_that_were_just_named() {
    let files = [("gate.kdl", ""), ("upstreams.yaml", UPSTREAMS)];
    let mut session = Session::new(&files);
    let text = format!("include \"upstreams.yaml\"\n{ROUTES}");
    session.open_with("gate.kdl", &text);
    let mut params = session.at("gate.kdl", &text, "proxy \"ord");
    params["newName"] = json!("other");
    let edit = session.ask("textDocument/rename", params);
    assert_eq!(edit["changes"].as_object().unwrap().len(), 2, "{edit:#}");
    session.end();
}
