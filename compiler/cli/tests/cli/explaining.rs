//! Commands that explain.

use super::{Folder, SHOP};

fn shop() -> Folder {
    Folder::of(&[("gate.kdl", SHOP)])
}

/// Digests and sizes change with the format of bundles.
fn without_bytes(told: &str) -> String {
    let lines = told
        .lines()
        .filter(|line| !line.contains("sha256:") && !line.ends_with(" B") && !line.contains("KiB"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn inspect_a_spec() {
    insta::assert_snapshot!(without_bytes(&shop().run(&[
        "inspect",
        "--profile",
        "prod"
    ])));
}

#[test]
fn inspect_effective_values() {
    let folder = shop();
    insta::assert_snapshot!(folder.run(&["inspect", "--effective"]));
    let yaml = folder
        .output(&["inspect", "--effective", "--to", "yaml"], "")
        .stdout;
    let told = folder.run_with(&["check", "-", "--stdin-format", "yaml"], &yaml);
    assert!(told.contains("[exit 0]"), "{told}");
}

#[test]
fn effective_values_mean_what_the_spec_means() {
    let folder = shop();
    let kdl = folder.output(&["inspect", "--effective"], "").stdout;
    std::fs::write(folder.path().join("effective.kdl"), kdl).unwrap();
    let routes = |file: &str| {
        let told = folder
            .output(&["inspect", file, "--format", "json"], "")
            .stdout;
        serde_json::from_str::<serde_json::Value>(&told).unwrap()["routes"].clone()
    };
    assert_eq!(routes("gate.kdl"), routes("effective.kdl"));
}

#[test]
fn explain_a_code() {
    insta::assert_snapshot!(shop().run(&["explain", "k113"]));
}

#[test]
fn explain_an_unknown_code() {
    insta::assert_snapshot!(shop().run(&["explain", "K1113"]));
}

#[test]
fn every_code_that_is_listed_is_explained() {
    let folder = shop();
    let listed = folder.output(&["explain", "--list"], "").stdout;
    assert!(listed.lines().count() > 20);
    for code in listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let told = folder.output(&["explain", code], "");
        assert!(
            told.code == 0 && told.stdout.starts_with(&format!("{code}: ")),
            "{code}"
        );
    }
}

#[test]
fn why_a_route_takes_a_request() {
    insta::assert_snapshot!(shop().run(&["why", "GET", "http://shop.example/orders/7?x=1"]));
}

#[test]
fn why_the_more_specific_one_comes_first() {
    insta::assert_snapshot!(shop().run(&[
        "why",
        "GET",
        "/hello/ann",
        "-H",
        "X-Admin: yes",
        "--route",
        "hello"
    ]));
}

#[test]
fn why_nothing_takes_it() {
    insta::assert_snapshot!(shop().run(&["why", "POST", "/helo/ann"]));
}

#[test]
fn why_this_route_does_not_take_it() {
    insta::assert_snapshot!(shop().run(&["why", "GET", "/orders/seven", "--route", "order"]));
}

#[test]
fn why_as_json() {
    insta::assert_snapshot!(shop().run(&["why", "GET", "/orders/7", "--format", "json"]));
}

#[test]
fn why_with_mistakes() {
    let folder = shop();
    insta::assert_snapshot!(
        [
            folder.run(&["why", "GET", "shop.example/x"]),
            folder.run(&["why", "GET", "/x", "-H", "accept"]),
            folder.run(&["why", "GET", "/x", "--route", "helo"]),
            folder.run(&["why", "GET", "/a/../../x"]),
        ]
        .concat()
    );
}

#[test]
fn schema_is_json() {
    let told = shop().output(&["schema"], "");
    let schema: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(schema["title"], "gate spec");
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let told = shop().output(&["completions", shell], "");
        assert!(told.code == 0 && told.stdout.contains("inspect"), "{shell}");
    }
}

#[test]
fn a_route_that_fits_is_not_told_to_be_near() {
    let spec = r#"listener "web" bind="127.0.0.1:8080"

route "both" public=#true {
    match "GET" "/a"
    match "POST" "/a"
    respond 200
}

route "other" public=#true {
    match "GET" "/ab"
    respond 200
}
"#;
    let folder = Folder::of(&[("gate.kdl", spec)]);
    let told = folder.output(&["why", "GET", "/a", "--format", "json"], "");
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(told["taken_by"]["route"], "both");
    assert_eq!(told["nearest"].as_array().unwrap().len(), 1);
    assert_eq!(told["nearest"][0]["route"], "other");
}
