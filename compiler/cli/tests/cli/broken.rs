//! Specs with mistakes in them.

use super::{Folder, SHOP};

const BROKEN: &str = r#"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    mtach "GET" "/hello"
    respond 999
}
"#;

#[test]
fn check_clean() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["check"]));
}

#[test]
fn check_shows_every_mistake() {
    let folder = Folder::of(&[("gate.kdl", BROKEN)]);
    insta::assert_snapshot!(folder.run(&["check", "./gate.kdl"]));
}

#[test]
fn check_as_json() {
    let folder = Folder::of(&[("gate.kdl", BROKEN)]);
    insta::assert_snapshot!(folder.run(&["check", "gate.kdl", "--format", "json"]));
}

#[test]
fn check_clean_as_json() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["check", "--format", "json"]));
}

#[test]
fn check_reads_standard_input() {
    let folder = Folder::of(&[]);
    assert!(folder.run_with(&["check", "-"], SHOP).contains("[exit 0]"));
    let yaml = "gateway: {name: x}\nroutes: {a: {public: yes}}\n";
    let told = folder.run_with(&["check", "-", "--stdin-format", "yaml"], yaml);
    assert!(
        told.contains("[exit 1]") && told.contains("<stdin>:2:22"),
        "{told}"
    );
}

#[test]
fn warnings_count_only_if_asked() {
    let unused = SHOP
        .replace(
            "proxy \"orders\" path=\"/v1/orders/{{ path.id }}\"",
            "respond 200",
        )
        .replace(" upstream=\"orders\" upstream-path=\"/v1/orders/7\"", "");
    let folder = Folder::of(&[("gate.kdl", &unused)]);
    let told = folder.run(&["check"]);
    assert!(
        told.contains("[exit 0]") && told.contains("1 warning"),
        "{told}"
    );
    assert!(
        folder
            .run(&["check", "--deny-warnings"])
            .contains("[exit 1]")
    );
}

#[test]
fn a_mistake_in_a_profile_is_found_without_naming_it() {
    let broken = SHOP.replace("bind=\"0.0.0.0:80\"", "bind=\"0.0.0.0:99999\"");
    let folder = Folder::of(&[("gate.kdl", &broken)]);
    assert!(folder.run(&["check"]).contains("[exit 1]"));
    let unknown = folder.run(&["check", "--profile", "prd"]);
    assert!(
        unknown.contains("[exit 2]") && unknown.contains("`prd`"),
        "{unknown}"
    );
}

#[test]
fn colour_on_demand() {
    let folder = Folder::of(&[("gate.kdl", BROKEN)]);
    let is_coloured = |arguments: &[&str]| folder.output(arguments, "").stdout.contains('\u{1b}');
    assert!(!is_coloured(&["check"]));
    assert!(is_coloured(&["check", "--color", "always"]));
    assert!(!is_coloured(&["check", "--color", "never"]));
}

#[test]
fn nothing_is_built_from_a_broken_spec() {
    let folder = Folder::of(&[("gate.kdl", BROKEN)]);
    let told = folder.run(&["build", "-o", "out.gateb"]);
    assert!(told.contains("[exit 1]"), "{told}");
    assert!(
        !folder.path().join("out.gateb").exists() && !folder.path().join("out.gateb.map").exists()
    );
}

#[test]
fn of_very_many_findings_the_first_are_shown_and_that_is_said() {
    let routes: String = (0..1_200)
        .map(|number| format!("route \"r{number}\" public=#true {{\n    match \"/{number}\"\n    respond 999\n}}\n"))
        .collect();
    let folder = Folder::of(&[("gate.kdl", &format!("{SHOP}{routes}"))]);
    let told = folder.run(&["check"]);
    assert!(told.ends_with(
        "and 900 more that are not shown here\n\n1000 errors\nthere may be more: these are the first\n"
    ));
}
