//! What somebody does who uses the command for the first time.

use super::{Folder, SHOP};

#[test]
fn no_spec_here() {
    insta::assert_snapshot!(Folder::of(&[]).run(&["check"]));
}

#[test]
fn two_specs_here() {
    let folder = Folder::of(&[("gate.kdl", ""), ("gate.yaml", "")]);
    insta::assert_snapshot!(folder.run(&["check"]));
}

#[test]
fn a_file_that_is_not_there() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["check", "gates.kdl"]));
}

#[test]
fn a_folder_instead_of_a_file() {
    let folder = Folder::of(&[("shop/gate.kdl", SHOP)]);
    insta::assert_snapshot!(folder.run(&["check", "shop"]));
}

#[test]
fn another_extension() {
    let folder = Folder::of(&[("gate.toml", "")]);
    insta::assert_snapshot!(folder.run(&["check", "gate.toml"]));
}

#[test]
fn an_unknown_flag() {
    insta::assert_snapshot!(Folder::of(&[]).run(&["check", "--profle", "x"]));
}

#[test]
fn an_unknown_command() {
    insta::assert_snapshot!(Folder::of(&[]).run(&["chek"]));
}

#[test]
fn a_text_that_is_no_bundle() {
    let folder = Folder::of(&[("notes.txt", "hello")]);
    insta::assert_snapshot!(folder.run(&["inspect", "notes.txt"]));
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::of(&[]);
    std::fs::write(folder.path().join("gate.kdl"), b"route \xff").unwrap();
    let output = folder.output(&["fmt", "gate.kdl"], "");
    assert_eq!(output.code, 2);
    assert_eq!(
        output.stderr,
        "error: cannot read `gate.kdl`: it is not UTF-8 text (at byte 6)\n"
    );
}

#[test]
fn help_lists_every_command() {
    insta::assert_snapshot!(Folder::of(&[]).run(&["--help"]));
}

#[test]
fn the_version_is_told() {
    let output = Folder::of(&[]).output(&["--version"], "");
    let version = output.stdout.trim_end();
    let expected = concat!("gatec ", env!("CARGO_PKG_VERSION"));
    assert!(
        version == expected
            || (version.starts_with(&format!("{expected} (")) && version.ends_with(')')),
        "{version}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_said() {
    let folder = Folder::of(&[]);
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gatec"))
        .args(["schema"])
        .current_dir(folder.path())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot write the output: no space left on the device\n"
    );
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::of(&[]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_gatec"))
        .args(["schema"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[test]
fn a_profile_that_is_not_there() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    let commands = [
        vec!["check", "--profile", "prd"],
        vec!["build", "--profile", "prd", "-o", "x.gateb"],
        vec!["inspect", "--profile", "prd"],
        vec!["why", "GET", "/", "--profile", "prd"],
    ];
    let told: Vec<String> = commands.iter().map(|words| folder.run(words)).collect();
    assert!(
        told.iter().all(|told| told.contains("[exit 2]")),
        "{told:?}"
    );
    assert!(!folder.path().join("x.gateb").exists());
    insta::assert_snapshot!(told[1]);
}

#[test]
fn a_profile_where_there_is_none() {
    let folder = Folder::of(&[("gate.kdl", "gateway \"x\"\n")]);
    insta::assert_snapshot!(folder.run(&["check", "--profile", "prod"]));
}

#[test]
fn a_profile_of_a_broken_text() {
    let folder = Folder::of(&[("gate.kdl", "gateway \"x\nprofile \"prod\" {\n")]);
    let told = folder.run(&["check", "--profile", "prod"]);
    assert!(told.contains("[exit 1]") && told.contains("K1"), "{told}");
}

#[test]
fn a_spec_where_why_takes_none() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    insta::assert_snapshot!(
        [
            folder.run(&["why", "GET", "/orders/7", "gate.kdl"]),
            folder.run(&["why", "gate.kdl", "/orders/7"]),
            folder.run(&["why", "GET", "gate.kdl"]),
            folder.run(&["why", "gate.kdl", "GET", "/orders/7"]),
            folder.run(&["why", "GET", "/orders/7", "/orders/8"]),
            folder.run(&["why", "get", "/orders/7"]),
        ]
        .concat()
    );
}

#[test]
fn a_filter_that_fits_no_test() {
    let folder = Folder::of(&[("gate.kdl", SHOP)]);
    let told = folder.run(&["test", "--filter", "typo"]);
    assert!(told.contains("[exit 2]"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn a_broken_spec_is_told_in_json_where_json_was_asked_for() {
    let folder = Folder::of(&[("gate.kdl", "route \"a\" {")]);
    for words in [
        vec!["test", "--format", "json"],
        vec!["inspect", "--format", "json"],
        vec!["why", "GET", "/", "--format", "json"],
    ] {
        let output = folder.output(&words, "");
        assert_eq!(output.code, 1, "{words:?}");
        let found: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert!(found[0]["code"].is_string(), "{found}");
    }
}

#[test]
fn a_file_that_is_there_is_not_written_over() {
    let folder = Folder::of(&[("gate.kdl", SHOP), ("gate.yaml", "kept")]);
    let told = folder.run(&["convert", "gate.kdl", "-o", "gate.yaml"]);
    assert!(
        told.contains("[exit 2]") && told.contains("--force"),
        "{told}"
    );
    let read = || std::fs::read_to_string(folder.path().join("gate.yaml")).unwrap();
    assert_eq!(read(), "kept");
    let told = folder.run(&["convert", "gate.kdl", "-o", "gate.yaml", "--force"]);
    assert!(told.contains("[exit 0]"), "{told}");
    assert!(read().contains("routes"));
}
