//! `gatec check --fix` and `--diff`.

use super::Folder;

const GATE: &str = r#"include "routes/*.kdl"

// The listener.
listener "web" bind="127.0.0.1:8080"

route "hello" public=true { // said to everybody
    mtach "GET" "/hello" /* typo */
    respond 200
}
"#;

const MORE: &str =
    "// More.\nroute \"more\" pubic=#true {\r\n    match \"/möre\"\r\n    respnd 200\r\n}";

fn shop() -> Folder {
    Folder::of(&[("gate.kdl", GATE), ("routes/more.kdl", MORE)])
}

#[test]
fn fix_mends_every_file_and_keeps_the_rest() {
    let folder = shop();
    insta::assert_snapshot!(folder.run(&["check", "--fix"]));
    assert_eq!(
        folder.read("gate.kdl"),
        GATE.replace("=true", "=#true").replace("mtach", "match")
    );
    assert_eq!(
        folder.read("routes/more.kdl"),
        MORE.replace("pubic", "public").replace("respnd", "respond")
    );
    assert!(folder.run(&["check"]).contains("[exit 0]"));
    assert!(folder.run(&["check", "--fix"]).contains("[exit 0]"));
}

#[test]
fn diff_writes_nothing_and_shows_what_fix_would() {
    let folder = shop();
    let told = folder.output(&["check", "--diff"], "");
    insta::assert_snapshot!(folder.run(&["check", "--diff"]));
    assert_eq!(folder.read("gate.kdl"), GATE);
    assert_eq!(told.code, 1);
    folder.run(&["check", "--fix"]);
    assert_eq!(
        folder.run(&["check", "--diff"]),
        "$ gatec check --diff\n[exit 0]\n"
    );
}

#[test]
#[cfg(unix)]
fn the_diff_is_one_that_patch_takes() {
    let folder = shop();
    let diff = folder.output(&["check", "--diff"], "").stdout;
    std::fs::write(folder.path().join("mend.diff"), diff).unwrap();
    let ran = std::process::Command::new("git")
        .args(["apply", "-p0", "mend.diff"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(ran.success());
    assert!(folder.run(&["check"]).contains("[exit 0]"));
}

#[test]
fn what_cannot_be_mended_is_told_and_counts() {
    let folder = Folder::of(&[("gate.kdl", &GATE.replace("respond 200", "respond 999"))]);
    let told = folder.run(&["check", "--fix", "--format", "concise"]);
    assert!(
        told.contains("[exit 1]") && told.contains("mended gate.kdl:6:"),
        "{told}"
    );
    assert!(told.contains("gate.kdl:8:13: error[S118]"), "{told}");
    assert!(folder.read("gate.kdl").contains("match \"GET\""));
}

#[test]
fn a_file_that_several_specs_include_is_mended_once() {
    let folder = Folder::of(&[
        ("a.kdl", GATE),
        ("b.kdl", &GATE.replace("8080", "8081")),
        ("routes/more.kdl", MORE),
    ]);
    let diff = folder.output(&["check", "--diff", "a.kdl", "b.kdl"], "");
    assert_eq!(diff.stdout.matches("+++ routes/more.kdl").count(), 1);
    assert_eq!(
        diff.stderr.matches("routes/more.kdl").count(),
        2,
        "{}",
        diff.stderr
    );
    let told = folder.run(&["check", "--fix", "a.kdl", "b.kdl"]);
    assert!(told.contains("[exit 0]"), "{told}");
    assert!(folder.read("routes/more.kdl").contains("public=#true"));
}

#[test]
fn a_spec_on_standard_input_goes_to_standard_output() {
    let folder = Folder::of(&[("x/routes/more.kdl", MORE)]);
    let name = ["--stdin-filename", "x/gate.kdl"];
    let told = folder.output(&[&["check", "--fix", "-"], name.as_slice()].concat(), GATE);
    assert_eq!(
        told.stdout,
        GATE.replace("=true", "=#true").replace("mtach", "match")
    );
    // What it includes is another's file.
    assert_eq!(told.code, 1);
    assert!(
        told.stderr
            .contains("a fix is left: x/routes/more.kdl:2:14 S101"),
        "{}",
        told.stderr
    );
    assert_eq!(folder.read("x/routes/more.kdl"), MORE);
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let folder = Folder::of(&[("gate.kdl", GATE), ("routes/more.kdl", "")]);
    let path = folder.path().join("gate.kdl");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let told = folder.run(&["check", "--fix"]);
    assert!(
        told.contains("[exit 2]") && told.contains("it is read-only"),
        "{told}"
    );
    assert_eq!(folder.read("gate.kdl"), GATE);
}

#[test]
fn no_file_is_mended_unless_all_can_be() {
    let folder = shop();
    let path = folder.path().join("routes/more.kdl");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let told = folder.run(&["check", "--fix"]);
    assert_eq!(folder.read("gate.kdl"), GATE);
    assert_eq!(folder.read("routes/more.kdl"), MORE);
    assert!(
        told.contains("[exit 2]") && told.contains("more.kdl`: it is read-only"),
        "{told}"
    );
    assert!(told.contains("no file was mended"), "{told}");
    assert!(!told.contains("mended gate.kdl"), "{told}");
    let left = std::fs::read_dir(folder.path().join("routes")).unwrap();
    assert_eq!(left.count(), 1);
}

#[test]
fn yaml_is_mended_too() {
    let yaml = "# top\nlisteners:\n  web: {bind: 127.0.0.1:8080} # here\nroutes:\n  a:\n    pubic: true\n    match: [{path: /a}]\n    respond: {status: 200}\n";
    let folder = Folder::of(&[("gate.yaml", yaml)]);
    let told = folder.run(&["check", "--fix"]);
    assert!(told.contains("[exit 0]"), "{told}");
    assert_eq!(folder.read("gate.yaml"), yaml.replace("pubic", "public"));
}

#[test]
fn what_is_mended_of_every_rule_stays_mended() {
    use gatec_compiler::load::Format;
    let rules = gatec_compiler::rules::all();
    let files: Vec<(String, &str)> = rules
        .iter()
        .map(|rule| match Format::guess(rule.wrong) {
            Format::Kdl => (format!("{}.kdl", rule.code), rule.wrong),
            Format::Yaml => (format!("{}.yaml", rule.code), rule.wrong),
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let folder = Folder::of(&files);
    let names = files.iter().map(|(name, _)| *name);
    let with =
        |option| -> Vec<&str> { ["check", option].into_iter().chain(names.clone()).collect() };
    let told = folder.output(&with("--fix"), "");
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(!told.stderr.contains("a fix is left"), "{}", told.stderr);
    assert!(
        told.stderr.matches("mended ").count() >= 10,
        "{}",
        told.stderr
    );
    let left = folder.output(&with("--diff"), "");
    assert_eq!((left.code, left.stdout), (0, String::new()));
}

/// A mend that changes what a spec means is shown and not applied.
#[test]
fn what_changes_the_meaning_is_left_to_people() {
    let text = "listener \"web\" bind=\":8080\"\nroute \"a\" public=#true {\n    match \"/users/:id\"\n    respond 200\n}\n";
    let folder = Folder::of(&[("gate.kdl", text)]);
    let told = folder.run(&["check", "--fix", "gate.kdl"]);
    assert!(
        told.contains("R114") && told.contains("write `/users/{id}`"),
        "{told}"
    );
    assert!(!told.contains("a fix is left"), "{told}");
    assert_eq!(folder.read("gate.kdl"), text);
}
