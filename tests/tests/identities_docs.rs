//! What `docs/identities.md` shows can be written as it stands.

use gatec_compiler::load::{Format, Input, Options};
use gatec_syntax::Severity;

#[test]
fn every_snippet_compiles() {
    let page = std::fs::read_to_string(gatec_tests::root().join("docs/identities.md")).unwrap();
    let blocks: Vec<&str> = page
        .split("```kdl\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(blocks.len() > 7, "{}", blocks.len());
    for block in blocks {
        let found = wrong(&whole(block));
        assert!(found.is_empty(), "{block}\n{found:#?}");
    }
    // The wrapping does not hide what is wrong.
    assert!(!wrong(&whole("identity \"x\" {\n    basik \"users\"\n}\n")).is_empty());
}

/// A spec around identities: a route that takes all of them, and policies that let in some.
fn whole(block: &str) -> String {
    let names = block
        .lines()
        .filter_map(|line| line.strip_prefix("identity "))
        .map(|rest| rest.trim_end_matches(" {"));
    let names: Vec<&str> = names.collect();
    let listener = match block.contains("listener ") {
        true => "",
        false => "listener \"web\" bind=\"127.0.0.1:8080\"\n",
    };
    format!(
        "{listener}{block}\npolicies {{\n    cedar #\"permit (principal, action, resource) when {{ context.client.isInRange(ip(\"10.0.0.0/8\")) }};\"#\n}}\n\
         route \"home\" {{\n    match \"/\"\n    identity {}\n    respond 200\n}}\n",
        names.join(" ")
    )
}

fn wrong(text: &str) -> Vec<String> {
    let input = Input::Text {
        name: "gate.kdl".to_owned(),
        text: text.to_owned(),
        format: Format::Kdl,
        base: gatec_tests::root(),
    };
    let compiled = gatec_compiler::compile(input, &Options::default());
    compiled
        .diagnostics
        .iter()
        // Files are not there, which is a warning.
        .filter(|found| {
            found.severity == Severity::Error || !["P114", "U130"].contains(&found.code)
        })
        .map(|found| format!("{} {}", found.code, found.message))
        .collect()
}
