//! The examples of every rule do what the rule says, through the whole compiler.

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

use gatec_compiler::load::{Format, Options};
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
    let input = common::text_in(folder, text, format);
    gatec_compiler::compile(input, &options).diagnostics
}

#[test]
fn codes_are_unique_and_well_formed() {
    let all = rules::all();
    assert!(all.len() > 60, "{}", all.len());
    let mut codes: Vec<&str> = all.iter().map(|rule| rule.code).collect();
    for rule in &all {
        let (family, number) = rule.code.split_at(1);
        assert!("KSRPTUBM".contains(family), "{}", rule.code);
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
    let mut bad = Vec::new();
    // The other families are held to their examples beside their checks.
    let own = |rule: &&Rule| {
        let of_comments = rule.code.starts_with("S3");
        rule.code.starts_with(['K', 'S']) && !of_comments && !LARGE.contains(&rule.code)
    };
    for rule in rules::all().into_iter().filter(own) {
        let wrong = findings(rule, rule.wrong, folder.path());
        // What a broken text leaves behind may be wrong in other ways too.
        let of_syntax = rule.code.starts_with('K');
        let own =
            |finding: &Diagnostic| finding.code == rule.code && finding.severity == rule.severity;
        if !wrong.iter().any(own) || !(of_syntax || wrong.iter().all(own)) {
            bad.push(format!("{} wrong: {wrong:#?}", rule.code));
        }
        let right = findings(rule, rule.right, folder.path());
        // Examples of syntax need not be whole gateways, so only errors count there.
        let counts = |finding: &&Diagnostic| !of_syntax || finding.severity == Severity::Error;
        if right.iter().any(|finding| counts(&finding)) {
            bad.push(format!("{} right: {right:#?}", rule.code));
        }
        for finding in wrong {
            let first = finding.message.chars().next();
            assert!(
                first.is_some_and(|c| !c.is_uppercase()),
                "{}",
                finding.message
            );
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Rules on texts that are larger than an example can be; their own tests put the bound lower.
const LARGE: &[&str] = &["K116", "K210"];
