//! Findings: pushed, pulled, of files that nobody opened, and gone when they are mended.

use serde_json::json;

use crate::session::{Session, able};

const GATE: &str = "listener \"web\" bind=\"127.0.0.1:8080\"\ninclude \"routes.yaml\"\n";
const ROUTES: &str = "routes:\n  a:\n    public: true\n    respond: {status: 200}\n";

#[test]
fn a_file_that_nobody_opened_has_its_findings() {
    let broken = ROUTES.replace("public", "publik");
    let mut session = Session::new(&[("gate.kdl", GATE), ("routes.yaml", &broken)]);
    session.wait_for_codes("routes.yaml", &["S101"]);
    let found = &session.pushed[&session.path("routes.yaml")][0];
    assert_eq!(
        found["range"]["start"],
        json!({ "line": 2, "character": 4 })
    );
    assert_eq!(found["source"], "gatec");
    session.end();
}

#[test]
fn findings_follow_the_text_as_it_is_typed() {
    let mut session = Session::new(&[("gate.kdl", GATE), ("routes.yaml", ROUTES)]);
    session.open("gate.kdl");
    session.open("routes.yaml");
    session.change(
        "routes.yaml",
        json!([{ "range": { "start": { "line": 3, "character": 4 }, "end": { "line": 3, "character": 11 } }, "text": "respnd" }]),
    );
    session.wait("an error", |session| {
        !session.codes("routes.yaml").is_empty()
    });
    session.replace("routes.yaml", ROUTES);
    session.wait_for_codes("routes.yaml", &[]);
    session.end();
}

#[test]
fn a_file_of_two_specs_has_each_finding_once() {
    let other = "listener \"web\" bind=\"127.0.0.1:8081\"\ninclude \"routes.yaml\"\n";
    let broken = ROUTES.replace("public", "publik");
    let files = [
        ("gate.kdl", GATE),
        ("other.gate.kdl", other),
        ("routes.yaml", broken.as_str()),
    ];
    let mut session = Session::new(&files);
    session.wait_for_codes("routes.yaml", &["S101"]);
    session.end();
}

#[test]
fn a_text_that_was_never_saved_is_checked() {
    let mut session = Session::new(&[]);
    session.open_with("new.kdl", "listener \"web\" bnd=\":80\"\n");
    session.wait("a finding", |session| !session.codes("new.kdl").is_empty());
    session.end();
}

#[test]
fn what_is_asked_for_is_not_pushed_too() {
    let mut client = able();
    client["textDocument"]["diagnostic"] = json!({});
    client["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    let broken = ROUTES.replace("public", "publik");
    let mut session = Session::with(&[("gate.kdl", GATE), ("routes.yaml", &broken)], client);
    assert_eq!(
        session.capabilities["diagnosticProvider"]["interFileDependencies"],
        true
    );
    session.wait_for_codes("routes.yaml", &["S101"]);
    session.open("routes.yaml");
    let uri = session.uri("routes.yaml");
    let pulled = session.ask(
        "textDocument/diagnostic",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(pulled["kind"], "full");
    assert_eq!(pulled["items"][0]["code"], "S101");
    // What was pushed while it was closed is taken back.
    session.wait_for_codes("routes.yaml", &[]);
    let again = session.ask(
        "textDocument/diagnostic",
        json!({ "textDocument": { "uri": uri }, "previousResultId": pulled["resultId"] }),
    );
    assert_eq!(again["kind"], "unchanged");
    // What changes without its doing, the editor is asked to ask for again.
    session.open_with("gate.kdl", "listener \"web\" bind=\"127.0.0.1:8080\"\n");
    session.wait("a refresh", |session| {
        session
            .told
            .iter()
            .any(|(method, _)| method == "workspace/diagnostic/refresh")
    });
    session.replace("gate.kdl", GATE);
    session.replace("routes.yaml", ROUTES);
    let mended = session.ask(
        "textDocument/diagnostic",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert_eq!(mended["items"], json!([]));
    session.end();
}

#[test]
fn a_change_on_the_disk_is_looked_at() {
    let mut session = Session::new(&[("gate.kdl", GATE)]);
    session.wait("the include is missing", |session| {
        !session.codes("gate.kdl").is_empty()
    });
    std::fs::write(session.path("routes.yaml"), ROUTES).unwrap();
    let uri = session.uri("routes.yaml");
    session.tell(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": uri, "type": 1 }] }),
    );
    session.wait_for_codes("gate.kdl", &[]);
    session.end();
}

#[test]
fn related_places_are_linked() {
    let twice = format!("{GATE}route \"a\" public=#true {{\n    respond 200\n}}\n");
    let mut session = Session::new(&[("gate.kdl", &twice), ("routes.yaml", ROUTES)]);
    session.wait("a finding", |session| !session.pushed.is_empty());
    let all: Vec<_> = session.pushed.values().flatten().cloned().collect();
    let related = all
        .iter()
        .find_map(|one| one["relatedInformation"][0]["location"]["uri"].as_str());
    assert!(related.is_some(), "{all:#?}");
    session.end();
}

/// One mistake of syntax in a file of 200 routes, and one of meaning in another route.
#[test]
fn a_mistake_hides_nothing_outside_its_own_node() {
    let mut text = String::from("listener \"web\" bind=\"127.0.0.1:8080\"\n");
    for number in 0..200 {
        let route = match number {
            100 => "route \"r100\" public=#true {\n    match \"GET\" \"/r100\" =\n    respond 200 \"x\n}\n".to_owned(),
            150 => "route \"r150\" public=#true {\n    match \"GET\" \"/r150\"\n    respond 200 \"{{ nothing }}\"\n}\n".to_owned(),
            number => format!("route \"r{number}\" public=#true {{\n    match \"GET\" \"/r{number}\"\n    respond 200\n}}\n"),
        };
        text.push_str(&route);
    }
    let mut session = Session::new(&[("gate.kdl", &text)]);
    session.open("gate.kdl");
    session.wait("both mistakes", |session| {
        let codes = session.codes("gate.kdl");
        codes.iter().any(|code| code.starts_with('K'))
            && codes.iter().any(|code| code.starts_with('T'))
    });
    // Nothing else is said to be wrong.
    let found = session.pushed[&session.path("gate.kdl")].clone();
    let lines: Vec<u64> = found
        .iter()
        .map(|one| one["range"]["start"]["line"].as_u64().unwrap())
        .collect();
    let of_r100 = 401..=405;
    let of_r150 = 601..=605;
    assert!(
        lines
            .iter()
            .all(|line| of_r100.contains(line) || of_r150.contains(line)),
        "{found:#?}"
    );
    let uri = session.uri("gate.kdl");
    let symbols = session.ask(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": uri } }),
    );
    let names: Vec<&str> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    for number in 0..200 {
        let name = format!("r{number}");
        assert!(
            number == 100 || names.contains(&name.as_str()),
            "{name} is missing"
        );
    }
    // Before and behind the mistake one can go on typing.
    for number in [3, 199] {
        let typed = text.replace(
            &format!("match \"GET\" \"/r{number}\""),
            &format!("match \"GET\" \"/r{number}\"\n    resp"),
        );
        session.replace("gate.kdl", &typed);
        let labels = session.labels("gate.kdl", &typed, &format!("/r{number}\"\n    resp"));
        assert!(labels.contains(&"response".to_owned()), "{labels:?}");
    }
    session.end();
}

#[test]
fn a_spec_beside_the_one_typed_in_keeps_its_findings() {
    let other = "listener \"web\" bnd=\"127.0.0.1:8081\"\n";
    let mut session = Session::new(&[
        ("gate.kdl", GATE),
        ("routes.yaml", ROUTES),
        ("other.gate.kdl", other),
    ]);
    session.wait("the other's", |session| {
        !session.codes("other.gate.kdl").is_empty()
    });
    let before = session.codes("other.gate.kdl");
    session.open("routes.yaml");
    session.replace("routes.yaml", &ROUTES.replace("public", "publik"));
    session.wait_for_codes("routes.yaml", &["S101"]);
    assert_eq!(session.codes("other.gate.kdl"), before);
    // A file that both could have looked for.
    session.replace("routes.yaml", ROUTES);
    session.wait_for_codes("routes.yaml", &[]);
    assert_eq!(session.codes("other.gate.kdl"), before);
    session.end();
}

#[test]
fn a_part_that_is_named_as_a_spec_is_still_a_part() {
    let gate = GATE.replace("routes.yaml", "routes.gate.yaml");
    let mut session = Session::new(&[("gate.kdl", &gate), ("routes.gate.yaml", ROUTES)]);
    session.open("routes.gate.yaml");
    session.replace("routes.gate.yaml", &ROUTES.replace("public", "publik"));
    // Nothing is said of listeners that stand in the other file.
    session.wait_for_codes("routes.gate.yaml", &["S101"]);
    session.replace("routes.gate.yaml", ROUTES);
    session.wait_for_codes("routes.gate.yaml", &[]);
    session.end();
}

#[test]
fn specs_that_include_each_other_end_no_check() {
    let one = "include \"b.gate.kdl\"\nlistener \"web\" bind=\"127.0.0.1:8080\"\n";
    let other = "include \"a.gate.kdl\"\n";
    let mut session = Session::new(&[("a.gate.kdl", one), ("b.gate.kdl", other)]);
    session.open("b.gate.kdl");
    session.wait("a finding", |session| {
        session.pushed.values().any(|found| !found.is_empty())
    });
    let uri = session.uri("b.gate.kdl");
    session.ask(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": uri } }),
    );
    session.end();
}
