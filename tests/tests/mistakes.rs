//! Ten different mistakes in one file are ten findings, each at its place, in KDL and YAML alike.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use gatec_tests::gatec;
use serde_json::Value;

const KDL: &str = r##"gateway "shop"

listener "web" bind="127.0.0.1:8080"
listener "also" bind=":8080"

upstream "orders" {
    server "10.0.0.11:9000"
    timeout connect="5"
}

route "orders" public=#true {
    match "get" "/orders/{id}"
    proxy "ordres"
}

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 "Hello {{ path.nme }}"
}

route "bye" public=#true {
    mtach "GET" "/bye"
    respond 999
}

route "pattern" public=#true {
    match path-regex="/v(?=1)"
    respond 204
}

route "private" {
    match "GET" "/private"
    respond 204
}

route "shadowed" public=#true {
    match "GET" "/hello/{other}"
    respond 204
}
"##;

const YAML: &str = r#"gateway:
  name: shop
listeners:
  web:
    bind: "127.0.0.1:8080"
  also:
    bind: ":8080"
upstreams:
  orders:
    servers:
      - url: "10.0.0.11:9000"
    timeout:
      connect: "5"
routes:
  orders:
    public: true
    match:
      - method: [get]
        path: /orders/{id}
    proxy:
      upstream: ordres
  hello:
    public: true
    match:
      - method: [GET]
        path: /hello/{name}
    respond:
      status: 200
      body: "Hello {{ path.nme }}"
  bye:
    public: true
    mtach:
      - method: [GET]
        path: /bye
    respond:
      status: 999
  pattern:
    public: true
    match:
      - path-regex: "/v(?=1)"
    respond:
      status: 204
  private:
    match:
      - method: [GET]
        path: /private
    respond:
      status: 204
  shadowed:
    public: true
    match:
      - method: [GET]
        path: /hello/{other}
    respond:
      status: 204
"#;

/// What must be found: a word of the text at the place.
const EXPECTED: [(&str, &str); 10] = [
    ("listeners that collide", ":8080"),
    ("a URL without a scheme", "10.0.0.11:9000"),
    ("a duration without a unit", "5"),
    ("a method in lower case", "get"),
    ("an unknown upstream", "ordres"),
    ("an unknown path parameter", "path.nme"),
    ("an unknown key", "mtach"),
    ("a status out of range", "999"),
    ("a regex with look-around", "/v(?=1)"),
    ("a route that is not public", "private"),
];

fn findings(text: &str, file: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();
    let ran = gatec(folder.path(), ["check", file, "--format", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let human = gatec(folder.path(), ["check", file]);
    let found: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.stdout));
    let list = found
        .as_array()
        .or_else(|| found["diagnostics"].as_array())
        .unwrap()
        .clone();
    for one in list.iter().filter(|one| one["severity"] == "error") {
        let place = format!("{file}:{}:{}", one["line"], one["column"]);
        let code = one["code"].as_str().unwrap();
        assert!(
            format!("{}{}", human.stdout, human.stderr).contains(code),
            "{code} at {place} is not shown to people"
        );
        let explained = gatec(folder.path(), ["explain", code]);
        assert!(
            explained.code == 0 && explained.stdout.len() > 100,
            "{code} is not explained"
        );
    }
    list
}

/// The line and column (from 1) of a word in a text, at its last occurrence in quotes or as a key.
fn covers(text: &str, one: &Value, word: &str) -> bool {
    let line = text
        .lines()
        .nth(one["line"].as_u64().unwrap() as usize - 1)
        .unwrap_or("");
    let column = one["column"].as_u64().unwrap() as usize;
    let rest: String = line.chars().skip(column - 1).collect();
    let rest = rest.trim_start_matches(['"', '\'']);
    rest.starts_with(word)
        || rest.starts_with(&format!("{{{{ {word}"))
        || rest.starts_with(&format!("Hello {{{{ {word}"))
}

#[test]
fn all_ten_are_found_at_their_places_in_both_languages() {
    let mut codes = Vec::new();
    for (text, file) in [(KDL, "gate.kdl"), (YAML, "gate.yaml")] {
        let found = findings(text, file);
        let mut mine: Vec<String> = Vec::new();
        for (what, word) in EXPECTED {
            let hits: Vec<&Value> = found.iter().filter(|one| covers(text, one, word)).collect();
            assert!(
                !hits.is_empty(),
                "{file}: {what} at `{word}` is not among {found:#?}"
            );
            mine.push(hits[0]["code"].as_str().unwrap().to_owned());
        }
        let mut distinct = mine.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), EXPECTED.len(), "{mine:?}");
        codes.push((mine, found.len()));
    }
    assert_eq!(codes[0], codes[1], "KDL and YAML differ");
}

#[test]
fn a_shadowed_route_is_found_among_other_mistakes() {
    for (text, file) in [(KDL, "gate.kdl"), (YAML, "gate.yaml")] {
        let found = findings(text, file);
        let shadowed = found.iter().find(|one| {
            covers(text, one, "shadowed") || one["message"].as_str().unwrap().contains("shadowed")
        });
        let message = shadowed.unwrap_or_else(|| panic!("{found:#?}")).to_string();
        assert!(message.contains("hello"), "{message}");
    }
}
