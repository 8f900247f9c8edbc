//! The examples of every rule do what the rule says, through the whole front half.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use std::fs;
use std::path::Path;

use gatec_compiler::load::{Format, Options, front};
use gatec_compiler::rules;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The folder the examples are written for.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "routes/orders.kdl",
        "route \"orders\" public=#true {\n    match \"/orders\"\n    respond 200\n}\n",
    );
    write("loop.kdl", "include \"loop.kdl\"\n");
    write("bodies/hello.json", "{}\n");
    write("site/index.html", "<p>hello</p>\n");
    for number in 0..1_001 {
        write(&format!("many/{number}.kdl"), "");
    }
    folder
}

fn findings(rule: &Rule, text: &str, folder: &Path) -> Vec<Diagnostic> {
    // The examples of YAML's syntax are the only ones that cannot be in KDL.
    let format = if rule.code.starts_with("K2") {
        Format::Yaml
    } else {
        Format::Kdl
    };
    let profile = (rule.code == "S206").then(|| "prod".to_owned());
    let options = Options {
        profile,
        ..common::options()
    };
    front(common::text_in(folder, text, format), &options).diagnostics
}

#[test]
fn codes_are_unique_and_well_formed() {
    let all = rules::all();
    assert!(all.len() > 60, "{}", all.len());
    let mut codes: Vec<&str> = all.iter().map(|rule| rule.code).collect();
    for rule in &all {
        let (family, number) = rule.code.split_at(1);
        assert!("KSRPTUB".contains(family), "{}", rule.code);
        assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(
            rule.name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        );
        assert!(
            rule.explanation.len() > 60,
            "{} explains too little",
            rule.code
        );
        assert!(!rule.summary.ends_with('.'), "{}", rule.code);
        assert_eq!(
            rules::find(rule.code).map(|found| found.name),
            Some(rule.name)
        );
    }
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len(), "a code stands twice");
    assert!(rules::find("s101").is_some());
    assert!(rules::find("X999").is_none());
}

#[test]
fn wrong_examples_are_found_and_right_ones_are_clean() {
    let folder = folder();
    for rule in rules::all() {
        if !rule.code.starts_with(['K', 'S']) || LARGE.contains(&rule.code) {
            continue;
        }
        let wrong = findings(rule, rule.wrong, folder.path());
        let first = wrong.iter().find(|finding| finding.code == rule.code);
        let first = first.unwrap_or_else(|| panic!("{}: {wrong:#?}", rule.code));
        assert_eq!(first.severity, rule.severity, "{}", rule.code);
        // What a broken text leaves behind may be wrong in shape too.
        let alone = rule.code.starts_with('K') || wrong.iter().all(|f| f.code == rule.code);
        assert!(alone, "{} comes with others: {wrong:#?}", rule.code);
        assert_eq!(
            findings(rule, rule.right, folder.path()),
            [],
            "{}",
            rule.code
        );
        let lower = first
            .message
            .chars()
            .next()
            .is_some_and(|c| !c.is_uppercase());
        assert!(
            lower && first.severity >= Severity::Warning,
            "{}",
            first.message
        );
    }
}

/// Rules on texts that are larger than an example can be; their own tests put the bound lower.
const LARGE: &[&str] = &["K116", "K210"];
