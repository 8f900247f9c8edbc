//! The protocol itself: encodings, what is refused, cancelling, and what must not end the server.

use serde_json::{Value, json};

use crate::session::{Session, able};

const GATE: &str =
    "listener \"web\" bind=\"127.0.0.1:8080\"\nroute \"😀ü\" publc=#true {\n    respond 200\n}\n";

fn column(encodings: Value) -> (Value, Value) {
    let mut client = able();
    client["general"]["positionEncodings"] = encodings;
    let mut session = Session::with(&[("gate.kdl", GATE)], client);
    session.wait("a finding", |session| {
        session.codes("gate.kdl").contains(&"S101".to_owned())
    });
    let found = session.pushed[&session.path("gate.kdl")].clone();
    let found = found.iter().find(|one| one["code"] == "S101").unwrap();
    let answer = (
        session.capabilities["positionEncoding"].clone(),
        found["range"]["start"]["character"].clone(),
    );
    session.end();
    answer
}

#[test]
fn columns_are_counted_as_the_client_wants() {
    assert_eq!(
        column(json!(["utf-8", "utf-16"])),
        (json!("utf-8"), json!(15))
    );
    assert_eq!(column(json!(["utf-16"])), (json!("utf-16"), json!(12)));
    assert_eq!(
        column(json!(["utf-32", "utf-16"])),
        (json!("utf-32"), json!(11))
    );
    assert_eq!(column(Value::Null), (json!("utf-16"), json!(12)));
}

#[test]
fn what_cannot_be_read_is_refused_and_ends_nothing() {
    let mut session = Session::new(&[("gate.kdl", GATE)]);
    let refused = session.request("textDocument/hover", json!({ "nonsense": true }));
    assert!(refused.response_result.is_err());
    assert!(
        session
            .request("gatec/unknown", json!({}))
            .response_result
            .is_err()
    );
    session.tell("textDocument/didChange", json!({ "nonsense": true }));
    session.tell("gatec/unknown", json!({}));
    session.tell(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": "file:///nowhere" } }),
    );
    for method in ["hover", "definition", "completion", "prepareRename"] {
        let params = json!({
            "textDocument": { "uri": "untitled:Untitled-1" },
            "position": { "line": 4_000_000_000u32, "character": 4_000_000_000u32 },
        });
        assert!(
            session
                .request(&format!("textDocument/{method}"), params)
                .response_result
                .is_ok(),
            "{method}"
        );
    }
    assert!(session.is_serving());
    session.end();
}

#[test]
fn a_request_that_waits_can_be_cancelled() {
    let mut client = able();
    client["textDocument"]["diagnostic"] = json!({});
    let mut session = Session::with(&[("gate.kdl", GATE)], client);
    session.open("gate.kdl");
    let uri = session.uri("gate.kdl");
    let mut refused = 0;
    // Whether it still waits when it is cancelled is a matter of time; either way it is answered.
    for number in 0..20 {
        session.replace("gate.kdl", &format!("{GATE}// {number}\n"));
        let id = session.send(
            "textDocument/diagnostic",
            json!({ "textDocument": { "uri": uri } }),
        );
        session.tell(
            "$/cancelRequest",
            json!({ "id": serde_json::to_value(&id).unwrap() }),
        );
        refused += usize::from(session.response(&id).response_result.is_err());
    }
    assert!(refused <= 20 && session.is_serving());
    session.end();
}

#[test]
fn files_are_watched_where_the_client_can() {
    let mut client = able();
    client["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": true });
    client["window"] = json!({ "workDoneProgress": true });
    let text = "listener \"web\" bind=\"127.0.0.1:8080\"\nroute \"a\" public=#true {\n    respond 200 {\n        body-file \"a.json\"\n    }\n}\n";
    let mut session = Session::with(&[("gate.kdl", text), ("a.json", "{}")], client);
    session.wait("a registration", |session| {
        session.told.iter().any(|(method, params)| {
            method == "client/registerCapability" && params.to_string().contains("a.json")
        })
    });
    let progress: Vec<&Value> = session
        .told
        .iter()
        .filter(|(method, _)| method == "$/progress")
        .map(|(_, params)| &params["value"]["kind"])
        .collect();
    assert_eq!(progress, ["begin", "end"]);
    session.end();
}

#[test]
fn snippets_are_for_those_who_know_them() {
    let mut client = able();
    client["textDocument"]["completion"] = Value::Null;
    let mut session = Session::with(&[("gate.kdl", GATE)], client);
    let text = format!("{GATE}\nlist");
    session.open_with("gate.kdl", &text);
    let params = session.at("gate.kdl", &text, "\nlist");
    let answer = session.ask("textDocument/completion", params);
    let item = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["label"] == "listener")
        .unwrap()
        .clone();
    assert_eq!(item["insertTextFormat"], 1);
    assert!(!item["textEdit"]["newText"].as_str().unwrap().contains('$'));
    session.end();
}
