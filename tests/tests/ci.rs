//! What `docs/ci/` gives to other projects works as it stands.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::Path;
use std::process::Command;

use gatec_syntax::{Node, SourceId};
use gatec_tests::{Ran, binary, gatec, root};
use regex::Regex;
use serde_json::Value;

const BAD: &str = r#"listener "web" bind="127.0.0.1:8080"

upstream "nobody" {
    server "http://127.0.0.1:9000"
}

route "hello" public=#true {
    mtach "GET" "/hello"
    respond 200
}
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("gate.kdl"), BAD).unwrap();
    std::fs::write(
        folder.path().join("fine.kdl"),
        BAD.replace("mtach", "match")
            .replace("respond 200", "proxy \"nobody\""),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("warned.kdl"),
        BAD.replace("mtach", "match"),
    )
    .unwrap();
    folder
}

fn docs(file: &str) -> String {
    std::fs::read_to_string(root().join("docs/ci").join(file)).unwrap()
}

/// The text at a path of keys in a YAML file.
fn at(yaml: &str, path: &[&str]) -> String {
    let (document, found) = gatec_syntax::yaml::parse(SourceId(0), yaml);
    assert!(found.is_empty(), "{found:?}");
    let mut node: &Node = document.root.get(path[0]).unwrap();
    for key in &path[1..] {
        node = match &node.value {
            gatec_syntax::Value::Array(items) => &items[key.parse::<usize>().unwrap()],
            _ => node.as_object().unwrap().get(key).unwrap(),
        };
    }
    node.as_str().unwrap().to_owned()
}

/// Runs a script as a CI system does, with the built `gatec` on the path.
fn run(script: &str, folder: &Path, variables: &[(&str, &str)]) -> Ran {
    let binaries = binary("gatec").parent().unwrap().to_owned();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", binaries.display()))
        .env("GATEC_CACHE_DIR", folder.join("cache"))
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    Ran::of(&output)
}

#[test]
fn the_problem_matcher_reads_what_concise_writes() {
    let folder = folder();
    let told = gatec(
        folder.path(),
        ["check", "--format", "concise", "gate.kdl", "warned.kdl"],
    );
    let matchers: Value = serde_json::from_str(&docs("github/problem-matcher.json")).unwrap();
    let pattern = |index: usize| matchers["problemMatcher"][index]["pattern"][0].clone();
    let regex = |index: usize| Regex::new(pattern(index)["regexp"].as_str().unwrap()).unwrap();
    let group = |name: &str| usize::try_from(pattern(0)[name].as_u64().unwrap()).unwrap();
    let lines: Vec<&str> = told.stdout.lines().collect();
    let (summary, findings) = lines.split_last().unwrap();
    assert!(!regex(0).is_match(summary) && !regex(1).is_match(summary));
    assert!(findings.len() >= 2, "{}", told.stdout);
    for line in findings {
        assert!(regex(0).is_match(line), "{line}");
    }
    let found = findings.iter().find(|line| line.contains("S101")).unwrap();
    let parts = regex(0).captures(found).unwrap();
    let part = |name: &str| parts.get(group(name)).unwrap().as_str();
    assert_eq!(
        ["file", "line", "column", "severity", "code"].map(part),
        ["gate.kdl", "8", "5", "error", "S101"]
    );
    assert!(part("message").starts_with("unknown node `mtach`"));
    let advice = "a b.kdl:1:2: advice[U102] of no weight";
    let parts = regex(1).captures(advice).unwrap();
    let message = usize::try_from(pattern(1)["message"].as_u64().unwrap()).unwrap();
    assert_eq!((&parts[1], &parts[message]), ("a b.kdl", "of no weight"));
    assert!(!regex(0).is_match(advice));
}

#[test]
fn the_github_action_annotates_and_fails() {
    let folder = folder();
    let script = at(&docs("github/action.yml"), &["runs", "steps", "0", "run"]);
    let check = |files: &str, level: &str| {
        let action = root().join("docs/ci/github");
        let variables = [
            ("FILES", files),
            ("FAIL_LEVEL", level),
            ("GITHUB_ACTION_PATH", action.to_str().unwrap()),
        ];
        run(&script, folder.path(), &variables)
    };
    let bad = check("", "error");
    assert_eq!(bad.code, 1, "{}", bad.stderr);
    assert!(
        bad.stdout
            .contains("::error file=gate.kdl,line=8,endLine=8,col=5,endColumn=10,title=S101::")
    );
    let warned = check("fine.kdl warned.kdl", "warning");
    assert!(
        warned.code == 1
            && warned
                .stdout
                .starts_with("::warning file=warned.kdl,line=3,"),
        "{}",
        warned.stdout
    );
    assert_eq!(check("", "never").code, 0);
    let fine = check("fine.kdl fine.kdl", "advice");
    assert_eq!(
        (fine.code, fine.stdout.as_str()),
        (0, ""),
        "{}",
        fine.stderr
    );
}

#[test]
fn the_gitlab_job_writes_its_report_and_fails() {
    let folder = folder();
    let job = docs("gitlab/gatec.gitlab-ci.yml");
    let report = at(
        &job,
        &["gatec-check", "artifacts", "reports", "codequality"],
    );
    let script = ["0", "1"]
        .map(|line| at(&job, &["gatec-check", "script", line]))
        .join("\n");
    let ran = run(
        &script,
        folder.path(),
        &[("GATEC_FILES", ""), ("GATEC_FAIL_LEVEL", "error")],
    );
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("gate.kdl:8:5: error[S101]"));
    let report = std::fs::read_to_string(folder.path().join(report)).unwrap();
    let issues: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(issues[0]["location"]["path"], "gate.kdl");
    for issue in issues.as_array().unwrap() {
        assert!(["major", "minor", "info"].contains(&issue["severity"].as_str().unwrap()));
    }
}
