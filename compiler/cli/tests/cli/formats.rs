//! The forms of a report, from the command itself.

use std::collections::HashSet;

use serde_json::Value;

use super::{Folder, SHOP};

/// One mistake of each family: syntax, shape, routes, templates, upstreams; a warning among them.
const ALL: &str = r#"gateway "shop"

listener "web" bind="127.0.0.1:8080"

upstream "nobody" {
    server "http://127.0.0.1:9000"
}

route "syntax" public=true {
    match "/syntax"
    respond 200
}

route "shape" public=#true {
    match "/shape"
    respond 999
}

route "private" {
    match "/private"
    respond 200
}

route "template" public=#true {
    match "/template/{id}"
    respond 200 "{{ path.ids }}"
}

route "upstream" public=#true {
    match "/upstream"
    proxy "missing"
}
"#;

const FORMATS: [&str; 9] = [
    "human",
    "concise",
    "json",
    "json-lines",
    "github",
    "gitlab",
    "sarif",
    "junit",
    "agent",
];

fn folder() -> Folder {
    Folder::of(&[("gate.kdl", ALL), ("fine.kdl", SHOP), ("more/b.kdl", ALL)])
}

fn report(folder: &Folder, format: &str, files: &[&str]) -> String {
    let told = folder.output(&[&["check", "--format", format], files].concat(), "");
    assert_eq!(told.code, 1, "{}", told.stderr);
    told.stdout
}

#[test]
fn one_of_each_family_as_concise() {
    insta::assert_snapshot!(report(&folder(), "concise", &["gate.kdl"]));
}

#[test]
fn one_of_each_family_as_agent() {
    insta::assert_snapshot!(report(&folder(), "agent", &["gate.kdl"]));
}

#[test]
fn one_of_each_family_for_github() {
    let told = report(&folder(), "github", &["gate.kdl"]);
    for line in told.lines() {
        let (head, message) = line
            .split_once("::")
            .map(|(_, rest)| rest.split_once("::").unwrap())
            .unwrap();
        assert!(!message.is_empty());
        for key in [
            "file=gate.kdl",
            ",line=",
            ",endLine=",
            ",col=",
            ",endColumn=",
            ",title=",
        ] {
            assert!(head.contains(key), "{key} in {line}");
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn several_specs_make_one_report() {
    let folder = folder();
    let files = ["gate.kdl", "./fine.kdl", "more/b.kdl"];
    let json =
        |format: &str| -> Value { serde_json::from_str(&report(&folder, format, &files)).unwrap() };
    let count = json("json").as_array().unwrap().len();
    assert!(count >= 10);
    let issues = json("gitlab");
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), count);
    let known: HashSet<_> = issues
        .iter()
        .map(|one| one["fingerprint"].as_str())
        .collect();
    assert_eq!(known.len(), count);
    let sarif = json("sarif");
    assert_eq!(sarif["runs"].as_array().unwrap().len(), 1);
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), count);
    let lines = report(&folder, "json-lines", &files);
    assert_eq!(lines.lines().count(), count);
    let junit = report(&folder, "junit", &files);
    assert_eq!(junit.matches("<testsuites").count(), 1);
    assert!(
        junit.contains("<testcase name=\"fine.kdl\" classname=\"gatec check\" file=\"fine.kdl\"/>")
    );
    let concise = report(&folder, "concise", &files);
    assert_eq!(concise.lines().count(), count + 1);
    assert!(
        concise.contains("\nmore/b.kdl:9:23: error[K113] "),
        "{concise}"
    );
}

#[test]
fn a_clean_spec_is_well_formed_in_every_form() {
    let folder = folder();
    for format in FORMATS {
        let told = folder.output(&["check", "fine.kdl", "--format", format], "");
        assert_eq!(told.code, 0, "{format}");
        assert!(!told.stdout.contains('\u{1b}'));
        if matches!(format, "json" | "gitlab" | "sarif") {
            serde_json::from_str::<Value>(&told.stdout).unwrap();
        }
    }
}

#[test]
fn names_are_relative_to_the_folder_one_is_in() {
    let folder = folder();
    let absolute = std::fs::canonicalize(folder.path().join("more/b.kdl")).unwrap();
    let told = report(&folder, "concise", &[absolute.to_str().unwrap()]);
    assert!(told.starts_with("more/b.kdl:"), "{told}");
}

#[test]
fn the_level_that_counts_can_be_chosen() {
    let folder = Folder::of(&[
        (
            "warned.kdl",
            &SHOP
                .replace(
                    "proxy \"orders\" path=\"/v1/orders/{{ path.id }}\"",
                    "respond 200",
                )
                .replace(" upstream=\"orders\" upstream-path=\"/v1/orders/7\"", ""),
        ),
        ("wrong.kdl", ALL),
    ]);
    let code = |file: &str, level: &str| {
        folder
            .output(&["check", file, "--fail-level", level], "")
            .code
    };
    let codes = |file: &str| ["advice", "warning", "error", "never"].map(|level| code(file, level));
    assert_eq!(codes("warned.kdl"), [1, 1, 0, 0]);
    assert_eq!(codes("wrong.kdl"), [1, 1, 1, 0]);
    let both = folder.output(
        &[
            "check",
            "--deny-warnings",
            "--fail-level",
            "error",
            "warned.kdl",
        ],
        "",
    );
    assert_eq!(both.code, 2);
    // JUnit calls a failure what counts.
    let failures = |level: &str| {
        let told = folder.output(
            &[
                "check",
                "warned.kdl",
                "--format",
                "junit",
                "--fail-level",
                level,
            ],
            "",
        );
        told.stdout.matches("<failure").count()
    };
    assert_eq!((failures("warning"), failures("error")), (1, 0));
}

#[test]
fn a_spec_that_is_not_there_spoils_no_document() {
    let folder = folder();
    let told = folder.output(&["check", "gate.kdl", "none.kdl", "--format", "json"], "");
    assert_eq!((told.code, told.stdout.as_str()), (2, ""));
    let told = folder.output(&["check", "gate.kdl", "none.kdl"], "");
    assert!(told.code == 2 && told.stdout.contains("K113"));
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let folder = Folder::of(&[(
        "x/routes/a.kdl",
        "route \"a\" public=#true {\n    match \"/a\"\n    respond 999\n}\n",
    )]);
    let yaml = "include: [routes/a.kdl]\nlisteners: {web: {bind: nowhere}}\n";
    let told = folder.run_with(
        &[
            "check",
            "-",
            "--stdin-filename",
            "x/gate.yaml",
            "--format",
            "concise",
        ],
        yaml,
    );
    assert!(
        told.contains("x/gate.yaml:2:") && told.contains("x/routes/a.kdl:3:13: error[S118]"),
        "{told}"
    );
    // The form that is said counts more than the ending.
    let told = folder.run_with(
        &[
            "check",
            "-",
            "--stdin-filename",
            "gate.kdl",
            "--stdin-format",
            "yaml",
            "--format",
            "concise",
        ],
        "listeners: {web: {bind: nowhere}}\n",
    );
    assert!(told.contains("gate.kdl:1:25: error[S"), "{told}");
}

#[test]
fn every_code_is_listed_as_json() {
    let told = folder().output(&["explain", "--list", "--format", "json"], "");
    let rules: Value = serde_json::from_str(&told.stdout).unwrap();
    let listed = folder().output(&["explain", "--list"], "").stdout;
    assert_eq!(rules.as_array().unwrap().len(), listed.lines().count());
    for (rule, line) in rules.as_array().unwrap().iter().zip(listed.lines()) {
        let text = |key: &str| rule[key].as_str().unwrap();
        let start = format!("{}  {:<8} ", text("code"), text("severity"));
        assert_eq!(line, format!("{start}{}", text("summary")));
    }
}
