//! Completion, hover, lenses, hints, colours, layout, outlines.

use lsp_server::RequestId;
use serde_json::{Value, json};

use crate::session::{Session, applied};

const SHOP: &str = r#"gateway "shop"
listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
    timeout request="5s"
}

route "order" public=#true {
    match "GET" "/orders/{id:int}"
    proxy "orders" path="/v1/{{ path.id }}"
}

route "hello" public=#true {
    match "GET" "/hello"
    respond body="hello"
}

test "good" {
    request "/hello"
    expect 200 route="hello"
}
"#;

fn shop() -> Session {
    let mut session = Session::new(&[("gate.kdl", SHOP)]);
    session.open("gate.kdl");
    session
}

/// What is offered behind `before` once the text is `text`.
fn offered(session: &mut Session, text: &str, before: &str) -> Vec<String> {
    session.replace("gate.kdl", text);
    session.labels("gate.kdl", text, before)
}

#[test]
fn keys_come_from_the_schema() {
    let mut session = shop();
    let text = format!("{SHOP}\nlis");
    assert!(offered(&mut session, &text, "\nlis").contains(&"listener".to_owned()));
    let text = SHOP.replace("    respond body", "    re\n    respond body");
    let labels = offered(&mut session, &text, "    re");
    assert!(
        labels.contains(&"request".to_owned()) && labels.contains(&"response".to_owned()),
        "{labels:?}"
    );
    // It answers already: nothing else that does is offered.
    assert!(!labels.contains(&"redirect".to_owned()), "{labels:?}");
    // What its place says already is not offered.
    let text = SHOP.replace("proxy \"orders\" path", "proxy \"orders\"  path");
    let labels = offered(&mut session, &text, "proxy \"orders\" ");
    assert!(labels.contains(&"host".to_owned()), "{labels:?}");
    assert!(
        !labels.contains(&"upstream".to_owned()) && !labels.contains(&"path".to_owned()),
        "{labels:?}"
    );
    let text = SHOP.replace("bind=\"127.0.0.1:8080\"", "bind=\"127.0.0.1:8080\" ");
    let labels = offered(&mut session, &text, "8080\" ");
    assert!(!labels.contains(&"bind".to_owned()), "{labels:?}");
    session.end();
}

#[test]
fn values_come_from_the_workspace() {
    let mut session = shop();
    let text = SHOP.replace("proxy \"orders\"", "proxy \"\"");
    assert_eq!(offered(&mut session, &text, "proxy \""), ["orders"]);
    // A quote that is still open.
    let text = SHOP.replace("proxy \"orders\" path=\"/v1/{{ path.id }}\"", "proxy \"or");
    assert_eq!(offered(&mut session, &text, "proxy \"or"), ["orders"]);
    let text = SHOP.replace("match \"GET\" \"/hello\"", "match \"\" \"/hello\"");
    assert!(
        offered(
            &mut session,
            &text,
            "match \"\"\u{20}".trim_end_matches("\"\u{20}")
        )
        .contains(&"POST".to_owned())
    );
    let text = SHOP.replace("path.id", "path.");
    assert_eq!(offered(&mut session, &text, "{{ path."), ["id"]);
    let text = SHOP.replace("path.id", "path.id | up");
    assert!(offered(&mut session, &text, "| up").contains(&"upper".to_owned()));
    let text = format!("{SHOP}log level=\"\"\n");
    assert!(offered(&mut session, &text, "log level=\"").contains(&"warn".to_owned()));
    let text = format!("{SHOP}route \"x\" public=\n");
    let labels = offered(&mut session, &text, "public=\n".trim_end());
    assert!(!labels.is_empty());
    session.end();
}

#[test]
fn files_are_offered_from_their_folder() {
    let mut session = Session::new(&[
        ("gate.kdl", ""),
        ("bodies/a.json", "{}"),
        ("site/index.html", ""),
    ]);
    let text = "route \"a\" {\n    respond 200 {\n        body-file \"\"\n    }\n}\n";
    session.open_with("gate.kdl", text);
    assert_eq!(
        session.labels("gate.kdl", text, "body-file \""),
        ["bodies/", "site/"]
    );
    let text = text.replace("\"\"", "\"bodies/\"");
    session.replace("gate.kdl", &text);
    assert_eq!(
        session.labels("gate.kdl", &text, "bodies/"),
        ["bodies/a.json"]
    );
    session.end();
}

#[test]
fn a_completion_leaves_a_text_that_reads() {
    let mut session = shop();
    let text = format!("{SHOP}\n// here\nupst");
    session.replace("gate.kdl", &text);
    let params = session.at("gate.kdl", &text, "here\nupst");
    let answer = session.ask("textDocument/completion", params);
    let items = answer["items"].as_array().unwrap();
    let item = items
        .iter()
        .find(|item| item["label"] == "upstream")
        .unwrap();
    assert_eq!(item["insertTextFormat"], 2);
    let edit = json!([item["textEdit"]]);
    let after = gatec_ide::complete::plain(&applied(&text, &edit)[text.len() - 4..]);
    assert_eq!(
        after,
        "upstream \"name\" {\n    server \"http://10.0.0.11:9000\"\n}"
    );
    session.end();
}

#[test]
fn yaml_is_completed_too() {
    let mut session = Session::new(&[("gate.yaml", "")]);
    let text = "listeners:\n  web:\n    bind: ':80'\nroutes:\n  a:\n    public: true\n    re\nupstreams:\n  up: {servers: [{url: 'http://127.0.0.1:1'}]}\n";
    session.open_with("gate.yaml", text);
    let labels = session.labels("gate.yaml", text, "\n    re");
    assert!(labels.contains(&"respond".to_owned()), "{labels:?}");
    let text = text.replace("    re\n", "    proxy:\n      upstream: \n");
    session.replace("gate.yaml", &text);
    assert_eq!(session.labels("gate.yaml", &text, "upstream: "), ["up"]);
    let text = text.replace("upstream: \n", "upstream: up\n      ti\n");
    session.replace("gate.yaml", &text);
    let labels = session.labels("gate.yaml", &text, "\n      ti");
    assert!(labels.contains(&"timeout".to_owned()), "{labels:?}");
    session.end();
}

fn hover(session: &mut Session, before: &str) -> String {
    let params = session.at("gate.kdl", SHOP, before);
    let answer = session.ask("textDocument/hover", params);
    answer["contents"]["value"]
        .as_str()
        .unwrap_or("")
        .to_owned()
}

#[test]
fn words_are_explained() {
    let mut session = shop();
    let told = hover(&mut session, "route \"ord");
    assert!(
        told.contains("GET `/orders/{id:int}`") && told.contains("passes them to `orders`"),
        "{told}"
    );
    // Its timeouts are those of the upstream, which are known once the spec was checked.
    session.replace("gate.kdl", &SHOP.replace("public", "publik"));
    session.wait("a finding", |session| !session.codes("gate.kdl").is_empty());
    session.replace("gate.kdl", SHOP);
    session.wait("none", |session| session.codes("gate.kdl").is_empty());
    let told = hover(&mut session, "route \"ord");
    assert!(
        told.contains("Waits `5s` for the answer's headers (set by the upstream)"),
        "{told}"
    );
    assert!(hover(&mut session, "rou").contains("What is served"));
    assert!(hover(&mut session, "timeout requ").contains("504"));
    assert!(hover(&mut session, "{{ pat").contains("captured"));
    assert!(hover(&mut session, "publi").contains("Anybody may use this route"));
    session.end();
}

#[test]
fn a_finding_is_explained_where_it_stands() {
    let mut session = shop();
    let text = SHOP.replace("proxy \"orders\"", "proxy \"order\"");
    session.replace("gate.kdl", &text);
    session.wait("a finding", |session| {
        session.codes("gate.kdl").contains(&"U101".to_owned())
    });
    let params = session.at("gate.kdl", &text, "proxy \"ord");
    let answer = session.ask("textDocument/hover", params);
    let told = answer["contents"]["value"].as_str().unwrap();
    assert!(
        told.contains("**U101**") && told.contains("A name that leads nowhere"),
        "{told}"
    );
    session.end();
}

#[test]
fn tests_can_be_run_and_are_counted() {
    let mut session = shop();
    let uri = session.uri("gate.kdl");
    let lenses = session.ask(
        "textDocument/codeLens",
        json!({ "textDocument": { "uri": uri } }),
    );
    let titles: Vec<&str> = lenses
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["command"]["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["1 test", "run test"]);
    let command = &lenses[1]["command"];
    session.wait("the first check", |session| session.is_serving());
    let ran = session.ask(
        "workspace/executeCommand",
        json!({ "command": command["command"], "arguments": command["arguments"] }),
    );
    assert_eq!(ran, json!({ "passed": true, "report": "good of gate.kdl" }));
    assert!(
        session
            .told
            .iter()
            .any(|(method, params)| method == "window/showMessage" && params["type"] == 3)
    );
    session.end();
}

fn run(session: &mut Session, name: &str) -> RequestId {
    let arguments = json!([session.uri("gate.kdl"), name]);
    session.send(
        "workspace/executeCommand",
        json!({ "command": "gatec.runTest", "arguments": arguments }),
    )
}

/// A test that takes its time holds nothing up: not an answer, nor, once it is cancelled, the next test.
#[test]
fn a_long_test_holds_nothing_up() {
    let mut session = shop();
    let slow = run(&mut session, "slow");
    let queued = run(&mut session, "queued");
    let symbols = json!({ "textDocument": { "uri": session.uri("gate.kdl") } });
    session.ask("textDocument/documentSymbol", symbols);
    session.tell("$/cancelRequest", json!({ "id": queued }));
    let refused = session.response(&queued).response_result.unwrap_err();
    assert_eq!(refused.code, -32800);
    session.tell("$/cancelRequest", json!({ "id": slow }));
    let refused = session.response(&slow).response_result.unwrap_err();
    assert_eq!(refused.code, -32800);
    let next = run(&mut session, "next");
    let ran = session.response(&next).response_result.unwrap();
    assert_eq!(ran, json!({ "passed": true, "report": "next of gate.kdl" }));
    // What was cancelled ends without another word.
    let slow = run(&mut session, "slow");
    std::fs::write(session.path("go"), "").unwrap();
    let ran = session.response(&slow).response_result.unwrap();
    assert_eq!(ran["report"], "slow of gate.kdl");
    let shown = session.told.iter();
    let shown = shown.filter(|(method, _)| method == "window/showMessage");
    assert_eq!(shown.count(), 2);
    session.end();
}

#[test]
fn what_holds_unwritten_is_shown() {
    let mut session = shop();
    let uri = session.uri("gate.kdl");
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    // The whole spec has to be known.
    let pull = json!({ "textDocument": { "uri": uri }, "range": range });
    let mut hints = Value::Null;
    for _ in 0..200 {
        hints = session.ask("textDocument/inlayHint", pull.clone());
        if hints.as_array().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let labels: Vec<&str> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["timeout 5s", "status 200"]);
    session.end();
}

#[test]
fn the_outline_names_everything() {
    let mut session = shop();
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
    assert_eq!(
        names,
        ["gateway", "web", "orders", "order", "hello", "good"]
    );
    let found = session.ask("workspace/symbol", json!({ "query": "hlo" }));
    assert_eq!(found[0]["name"], "hello");
    session.end();
}

#[test]
fn a_text_is_laid_out_as_fmt_does() {
    let mut session = shop();
    let text = SHOP
        .replace("    server", "  server")
        .replace("gateway \"shop\"", "gateway   \"shop\"");
    session.replace("gate.kdl", &text);
    let uri = session.uri("gate.kdl");
    let options = json!({ "tabSize": 4, "insertSpaces": true });
    let edits = session.ask(
        "textDocument/formatting",
        json!({ "textDocument": { "uri": uri }, "options": options }),
    );
    assert_eq!(
        applied(&text, &edits),
        gatec_syntax::kdl::format(&text).unwrap()
    );
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 3 } });
    let edits = session.ask(
        "textDocument/rangeFormatting",
        json!({ "textDocument": { "uri": uri }, "options": options, "range": range }),
    );
    let after = applied(&text, &edits);
    assert!(
        after.starts_with("gateway \"shop\"\n") && after.contains("\n  server"),
        "{after}"
    );
    session.end();
}

#[test]
fn words_have_colours_folds_and_selections() {
    let mut session = shop();
    let uri = session.uri("gate.kdl");
    let tokens = session.ask(
        "textDocument/semanticTokens/full",
        json!({ "textDocument": { "uri": uri } }),
    );
    let data = tokens["data"].as_array().unwrap();
    assert_eq!(data.len() % 5, 0);
    // `gateway` is a keyword, `"shop"` text.
    let first: Vec<u64> = data[..10].iter().map(|one| one.as_u64().unwrap()).collect();
    assert_eq!(first, [0, 0, 7, 0, 0, 0, 8, 6, 5, 0]);
    let folds = session.ask(
        "textDocument/foldingRange",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert!(folds.as_array().unwrap().len() >= 4, "{folds:#}");
    let at = session.at("gate.kdl", SHOP, "path.i");
    let found = session.ask(
        "textDocument/selectionRange",
        json!({ "textDocument": { "uri": uri }, "positions": [at["position"]] }),
    );
    let mut depth = 0;
    let mut one = &found[0];
    while one.is_object() {
        depth += 1;
        one = &one["parent"];
    }
    assert!(depth >= 4, "{found:#}");
    session.end();
}

/// What a text is once the item of this label was taken.
fn taken(session: &mut Session, name: &str, text: &str, before: &str, label: &str) -> String {
    session.replace(name, text);
    let params = session.at(name, text, before);
    let answer = session.ask("textDocument/completion", params);
    let items = answer["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["label"] == label);
    let item = item.unwrap_or_else(|| panic!("no {label} in {items:#?}"));
    let mut edit = item["textEdit"].clone();
    edit["newText"] = gatec_ide::complete::plain(edit["newText"].as_str().unwrap()).into();
    applied(text, &json!([edit]))
}

#[test]
fn what_is_put_in_reads_as_what_was_meant() {
    let mut session = Session::new(&[("gate.yaml", ""), ("gate.kdl", "")]);
    session.open_with("gate.yaml", "");
    session.open_with("gate.kdl", "");
    let yaml = "upstreams:\n  '123': {servers: [{url: 'http://127.0.0.1:1'}]}\n  \"it's\": {servers: [{url: 'http://127.0.0.1:1'}]}\nroutes:\n  a:\n    proxy:\n      upstream: HERE\n";
    let mut take = |written: &str, before: &str, label: &str| {
        taken(
            &mut session,
            "gate.yaml",
            &yaml.replace("HERE", written),
            before,
            label,
        )
    };
    assert!(take("", "upstream: ", "123").contains("upstream: \"123\"\n"));
    assert!(take("''", "upstream: '", "it's").contains("upstream: 'it''s'\n"));
    assert!(take("\"\"", "upstream: \"", "it's").contains("upstream: \"it's\"\n"));
    let kdl = "upstream \"it's\" {\n    server \"http://127.0.0.1:1\"\n}\nroute \"a\" {\n    proxy HERE path=\"/x\"\n}\n";
    let mut take = |written: &str, before: &str| {
        taken(
            &mut session,
            "gate.kdl",
            &kdl.replace("HERE", written),
            before,
            "it's",
        )
    };
    assert!(take("\"it'\"", "proxy \"it'").contains("proxy \"it's\" path=\"/x\"\n"));
    // A quote that is still open takes nothing with it.
    assert!(take("\"i", "proxy \"i").contains("proxy \"it's path=\"/x\"\n"));
    let list = "routes:\n  a:\n    match:\n      - he\n";
    let after = taken(&mut session, "gate.yaml", list, "- he", "headers");
    // The editor adds the indentation of the line, which ends before the dash.
    assert!(after.contains("      - headers:\n    name:"), "{after}");
    session.end();
}
