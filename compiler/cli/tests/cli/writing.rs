//! Commands that write files.

use super::{Folder, SHOP};

#[test]
fn init_begins_a_spec_that_is_clean_and_passes_its_test() {
    let folder = Folder::of(&[]);
    insta::assert_snapshot!(folder.run(&["init", "mine"]));
    for (more, file) in [(None, "mine/gate.kdl"), (Some("--yaml"), "yours/gate.yaml")] {
        let into = file.split('/').next().unwrap();
        if let Some(flag) = more {
            assert!(folder.run(&["init", into, flag]).contains("[exit 0]"));
        }
        for command in [
            ["check", "--deny-warnings"].as_slice(),
            &["test"],
            &["fmt", "--check"],
        ] {
            let told = folder.run(&[command, &[file]].concat());
            assert!(told.contains("[exit 0]"), "{told}");
        }
    }
}

#[test]
fn init_in_kdl_and_in_yaml_mean_the_same() {
    let folder = Folder::of(&[]);
    folder.run(&["init", "a"]);
    folder.run(&["init", "b", "--yaml"]);
    let digest = |file: &str| {
        let told = folder
            .output(&["inspect", file, "--format", "json"], "")
            .stdout;
        serde_json::from_str::<serde_json::Value>(&told).unwrap()["digest"].clone()
    };
    assert_eq!(digest("a/gate.kdl"), digest("b/gate.yaml"));
}

#[test]
fn init_writes_over_nothing() {
    let folder = Folder::of(&[("gate.yaml", "mine")]);
    insta::assert_snapshot!(folder.run(&["init"]));
    assert!(!folder.path().join("gate.kdl").exists());
}

#[test]
fn fmt_check_shows_what_would_change() {
    let folder = Folder::of(&[(
        "a.kdl",
        "gateway   \"x\" // name\n\n\n\n  listener \"web\" bind=\"127.0.0.1:1\"\n",
    )]);
    insta::assert_snapshot!(folder.run(&["fmt", "--check", "a.kdl"]));
    assert!(folder.run(&["fmt", "a.kdl"]).contains("[exit 0]"));
    assert!(
        folder
            .run(&["fmt", "--check", "a.kdl"])
            .contains("[exit 0]")
    );
    assert!(folder.read("a.kdl").contains("// name"));
}

#[test]
fn fmt_lays_out_policies_and_keeps_their_comments() {
    let untidy = "// who\npermit(principal,action,resource)when{principal.x>3}; // why\n";
    let folder = Folder::of(&[
        ("a.cedar", untidy),
        ("b.cedar", "permit (principal, oops;\n"),
    ]);
    insta::assert_snapshot!(folder.run(&["fmt", "--check", "a.cedar"]));
    insta::assert_snapshot!(folder.run(&["fmt", "b.cedar"]));
    assert!(folder.run(&["fmt", "a.cedar"]).contains("[exit 0]"));
    let told = folder.run(&["fmt", "--check", "a.cedar"]);
    assert!(told.contains("[exit 0]"), "{told}");
    let piped = folder.output(&["fmt", "-", "--stdin-filename", "x.cedar"], untidy);
    assert_eq!(piped.stdout, folder.read("a.cedar"));
}

#[test]
fn fmt_writes_every_file_or_none() {
    let folder = Folder::of(&[
        ("a.kdl", "gateway   \"a\"\n"),
        ("b.kdl", "gateway \"b\n"),
        ("c.kdl", "gateway   \"c\"\n"),
    ]);
    let told = folder.run(&["fmt", "a.kdl", "b.kdl", "c.kdl"]);
    assert!(told.contains("nothing was written: "), "{told}");
    assert!(told.contains("[exit 1]"), "{told}");
    assert_eq!(folder.read("a.kdl"), "gateway   \"a\"\n");
    assert_eq!(folder.read("c.kdl"), "gateway   \"c\"\n");
    // One that cannot be written keeps the others from being.
    let locked = folder.path().join("c.kdl");
    let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).unwrap();
    let told = folder.run(&["fmt", "a.kdl", "c.kdl"]);
    assert!(
        told.contains("cannot write `c.kdl`: it is read-only"),
        "{told}"
    );
    assert_eq!(folder.read("a.kdl"), "gateway   \"a\"\n");
    let told = folder.run(&["fmt", "a.kdl", "a.kdl"]);
    assert!(told.contains("[exit 0]"), "{told}");
    assert_eq!(folder.read("a.kdl"), "gateway \"a\"\n");
}

#[test]
fn fmt_goes_from_input_to_output() {
    let folder = Folder::of(&[]);
    let told = folder.run_with(&["fmt", "-", "--stdin-format", "yaml"], "# top\na:   1\n");
    assert_eq!(
        told,
        "$ gatec fmt - --stdin-format yaml\n[exit 0]\n--- stdout\n# top\na: 1\n"
    );
}

#[test]
fn fmt_leaves_a_broken_text_alone() {
    let folder = Folder::of(&[("a.kdl", "route {\n")]);
    let told = folder.run(&["fmt", "a.kdl"]);
    assert!(
        told.contains("[exit 1]") && told.contains("a.kdl:1"),
        "{told}"
    );
    assert_eq!(folder.read("a.kdl"), "route {\n");
}

#[test]
fn convert_goes_both_ways() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["convert", "gate.kdl"]));
    assert!(
        folder
            .run(&["convert", "gate.kdl", "-o", "there.yaml"])
            .contains("[exit 0]")
    );
    assert!(
        folder
            .run(&["convert", "there.yaml", "-o", "back.kdl"])
            .contains("[exit 0]")
    );
    for file in ["there.yaml", "back.kdl"] {
        let told = folder.run(&["build", file, "-o", &format!("{file}.gateb")]);
        assert!(told.contains("[exit 0]"), "{told}");
    }
    folder.run(&["build", "gate.kdl", "-o", "gate.gateb"]);
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!(read("gate.gateb"), read("there.yaml.gateb"));
    assert_eq!(read("gate.gateb"), read("back.kdl.gateb"));
}

#[test]
fn build_writes_a_bundle_and_a_map_of_its_digest() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    let told = folder.output(
        &["build", "gate.kdl", "-o", "shop.gateb", "--profile", "prod"],
        "",
    );
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    let map: serde_json::Value = serde_json::from_str(&folder.read("shop.gateb.map")).unwrap();
    let digest = map["digest"].as_str().unwrap();
    assert!(told.stdout.contains(digest), "{}", told.stdout);
    assert_eq!(
        map["routes"]["hello"],
        serde_json::json!({"file": "gate.kdl", "line": 20, "column": 7})
    );
    let inspected = folder.run(&["inspect", "shop.gateb"]);
    assert!(
        inspected.contains(digest) && inspected.contains("(profile prod)"),
        "{inspected}"
    );
    assert!(
        folder
            .run(&["test", "shop.gateb"])
            .contains("2 passed, 0 failed")
    );
}

#[test]
fn convert_keeps_what_is_taken_out_as_a_comment() {
    let spec = r#"/- kdl-version 2
listener "web" bind="127.0.0.1:8080"

/-route "old" public=#true {
    match "/old"

    respond 200 // was fine
}

route "new" public=#true /-priority=7 {
    // as it is
    match "/new"
    respond 200 /-{
        header "x-y" "z"
    }
    /-timeout "5s"
}
"#;
    let folder = Folder::of(&[("gate.kdl", spec)]);
    insta::assert_snapshot!(
        [
            folder.run(&["convert", "gate.kdl"]),
            folder.run(&["convert", "gate.kdl", "--to", "kdl"]),
        ]
        .concat()
    );
}
