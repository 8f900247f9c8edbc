//! The official test cases of KDL v2, from the package of the `kdl` crate.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops at what it does not expect"
)]

mod kdl_common;

use std::path::PathBuf;
use std::process::Command;

use gatec_syntax::SourceId;
use gatec_syntax::kdl::{format, parse, write};
use kdl::KdlDocument;
use kdl_common::{check_spans, difference, meaning};

/// Cases that the `kdl` crate itself cannot read: `hex` has a number of 128 bits without a sign. Ours has
/// no deviation from the suite.
const ORACLE_FAILS: [&str; 1] = ["hex"];

/// The package's folder: whatever cargo unpacked for the version in the lock file.
fn cases() -> Vec<(String, String, bool)> {
    // Only packages of this machine's kind are sure to have been fetched.
    let version = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs")
        .stdout;
    let version = String::from_utf8(version).expect("rustc speaks UTF-8");
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("a host");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            host,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let manifest = metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .filter(|package| package["name"] == "kdl")
        .find(|package| {
            package["version"]
                .as_str()
                .is_some_and(|version| version.starts_with("6."))
        })
        .and_then(|package| package["manifest_path"].as_str())
        .expect("the kdl crate is a dependency");
    let root = PathBuf::from(manifest)
        .parent()
        .expect("a folder")
        .join("tests/test_cases");
    let mut cases: Vec<_> = std::fs::read_dir(root.join("input"))
        .expect("the package has test cases")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let expected = !name.ends_with("_fail");
            (
                name,
                std::fs::read_to_string(&path).expect("a text"),
                expected,
            )
        })
        .collect();
    cases.sort();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    cases
}

#[test]
fn every_official_case_is_read_as_the_standard_says() {
    let mut wrong = Vec::new();
    for (name, text, expected) in cases() {
        let (tree, found) = parse(SourceId(0), &text);
        check_spans(&tree, &text);
        if !expected {
            if found.is_empty() {
                wrong.push(format!("{name}: accepted"));
            }
            continue;
        }
        if !found.is_empty() {
            wrong.push(format!("{name}: {found:?}"));
            continue;
        }
        let Ok(oracle) = KdlDocument::parse_v2(&text) else {
            assert!(
                ORACLE_FAILS.contains(&name.as_str()),
                "{name}: the oracle fails"
            );
            continue;
        };
        wrong.extend(difference(&tree, &oracle).map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_official_case_is_formatted_and_written_without_loss() {
    for (name, text, expected) in cases() {
        if !expected {
            assert!(format(&text).is_err(), "{name}");
            continue;
        }
        let (tree, _) = parse(SourceId(0), &text);
        let once = format(&text).unwrap_or_else(|found| panic!("{name}: {found:?}"));
        let (again, found) = parse(SourceId(0), &once);
        assert_eq!(found, [], "{name}: {once}");
        assert_eq!(meaning(&again), meaning(&tree), "{name}: {once}");
        assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{name}");

        let written = write(&tree);
        let (again, found) = parse(SourceId(0), &written);
        assert_eq!(found, [], "{name}: {written}");
        assert_eq!(meaning(&again), meaning(&tree), "{name}: {written}");
        assert_eq!(format(&written).as_deref(), Ok(written.as_str()), "{name}");
    }
}
