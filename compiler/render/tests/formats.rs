//! Every form for programs, on the same findings: several files, places of several lines, further
//! places, mends, and words that mean something in the form itself.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::HashSet;

use gatec_render::{
    Checked, Report, Tool, agent, concise, github, gitlab, json_lines, json_report, junit, sarif,
};
use gatec_syntax::{Diagnostic, Edit, Fix, Rule, Severity, SourceId, Sources, Span};
use proptest::prelude::*;
use serde_json::Value;

const SHOP: &str = "gateway \"Bäckerei\"

listener \"web\" bind=\"127.0.0.1:8080\"

route \"grüezi\" public=true {
    mtach \"GET\" \"/grüezi\"
    respond 200
}

route \"old\" public=#true {
    match \"/a\"
    respond 200
}
";

const MORE: &str = "route \"old\" public=#true {\n    respond 204\n}";

static RULES: [Rule; 2] = [
    Rule {
        code: "S101",
        name: "unknown-key",
        severity: Severity::Error,
        summary: "a key that is not known",
        explanation: "Every key is *known*.\nOthers are mistakes.\n",
        wrong: "routte \"a\"\n",
        right: "route \"a\"\n",
    },
    Rule {
        code: "S999",
        name: "never-broken",
        severity: Severity::Advice,
        summary: "nobody breaks this one",
        explanation: "Never.",
        wrong: "",
        right: "",
    },
];

fn tool(rules: &[&'static Rule]) -> String {
    let sources = sources();
    let found = findings(&sources);
    let version = "1.2.3 (0123456789ab)";
    sarif(&report(&found, &sources), Tool { version, rules })
}

fn sources() -> Sources {
    let mut sources = Sources::new();
    sources.add("./gate.kdl", SHOP);
    sources.add("/home/ann/shop/routes/more, 100%: \"a\" & <b>.kdl", MORE);
    sources.add("fine.kdl", "");
    sources
}

fn span(source: u32, words: &str) -> Span {
    let text = [SHOP, MORE][source as usize];
    let start = text.find(words).unwrap();
    Span::new(SourceId(source), start, start + words.len())
}

fn findings(_: &Sources) -> Vec<Diagnostic> {
    let typo = span(0, "mtach");
    let block = span(0, "{\n    mtach \"GET\" \"/grüezi\"\n    respond 200\n}");
    let last = span(1, "204\n}");
    let end = Span::new(SourceId(1), MORE.len(), MORE.len());
    let mut several = Diagnostic::advice("U104", last, "two mends belong together");
    several.fix = Some(Fix {
        title: "write both".to_owned(),
        edits: vec![
            Edit {
                span: span(0, "\"old\""),
                text: "\"older\"".to_owned(),
            },
            Edit {
                span: end,
                text: "\n\nroute \"new\"".to_owned(),
            },
            Edit {
                span: span(1, "    respond 204\n"),
                text: String::new(),
            },
        ],
        certain: false,
    });
    vec![
        Diagnostic::error("S101", typo, "unknown node `mtach` in `route \"grüezi\"`")
            .label("did you mean `match`?")
            .related(block, "in this route")
            .help("known are `match`,\n`public` and others")
            .fix("write `match`", typo, "match"),
        Diagnostic::warning(
            "S102",
            block,
            "50% of {{ this }}: <b>, \"quoted\" & 'single'\r\nin two lines\u{1b}[2J",
        ),
        Diagnostic::warning("S102", span(1, "\"old\""), "the route `old` is there twice")
            .label("again here")
            .related(span(0, "\"old\""), "first here"),
        several,
        Diagnostic::error("", Span::new(SourceId(9), 0, 0), "a place nobody knows"),
    ]
}

fn report<'r>(found: &'r [Diagnostic], sources: &'r Sources) -> Report<'r> {
    // Two specs that read the same file find the same in it.
    let both = [found, &found[2..3]].map(|diagnostics| Checked {
        diagnostics,
        sources,
    });
    Report::new(both, "/home/ann/shop", Some(Severity::Warning))
}

fn shown(form: impl Fn(&Report<'_>) -> String) -> String {
    let sources = sources();
    let found = findings(&sources);
    form(&report(&found, &sources))
}

#[test]
fn as_concise() {
    insta::assert_snapshot!(shown(concise));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(shown(json_report));
}

#[test]
fn as_json_lines() {
    let lines = shown(json_lines);
    let parsed: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        Value::Array(parsed),
        serde_json::from_str::<Value>(&shown(json_report)).unwrap()
    );
    insta::assert_snapshot!(lines);
}

#[test]
fn as_github() {
    insta::assert_snapshot!(shown(github));
}

#[test]
fn as_gitlab() {
    insta::assert_snapshot!(shown(gitlab));
}

#[test]
fn as_junit() {
    insta::assert_snapshot!(shown(junit));
}

#[test]
fn as_agent() {
    insta::assert_snapshot!(shown(agent));
}

#[test]
fn as_sarif() {
    insta::assert_snapshot!(tool(&[&RULES[1], &RULES[0]]));
}

#[test]
fn nothing_found_is_well_formed_too() {
    let sources = sources();
    let report = report_of_nothing(&sources);
    let version = "1.2.3";
    let sarif = sarif(
        &report,
        Tool {
            version,
            rules: &[],
        },
    );
    assert_eq!(concise(&report), "");
    assert_eq!(json_report(&report), "[]\n");
    assert_eq!(json_lines(&report), "");
    assert_eq!(github(&report), "");
    assert_eq!(gitlab(&report), "[]\n");
    assert_eq!(agent(&report), "no findings\n");
    follows_the_schema(&sarif);
    let xml = junit(&report);
    let document = roxmltree::Document::parse(&xml).unwrap();
    assert_eq!(cases(&document, "testcase"), 3);
    assert_eq!(cases(&document, "failure"), 0);
}

fn report_of_nothing(sources: &Sources) -> Report<'_> {
    let nothing = Checked {
        diagnostics: &[],
        sources,
    };
    Report::new([nothing], "/home/ann/shop", None)
}

fn cases(document: &roxmltree::Document<'_>, name: &str) -> usize {
    let all = document.descendants();
    all.filter(|node| node.has_tag_name(name)).count()
}

fn follows_the_schema(sarif: &str) {
    let schema: Value = serde_json::from_str(include_str!("data/sarif-2.1.0.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let log: Value = serde_json::from_str(sarif).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sarif_follows_its_official_schema() {
    follows_the_schema(&tool(&[&RULES[0], &RULES[1]]));
    // The schema does refuse what is wrong.
    let schema: Value = serde_json::from_str(include_str!("data/sarif-2.1.0.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong = tool(&[]).replace("\"level\": \"warning\"", "\"level\": \"bad\"");
    assert!(!validator.is_valid(&serde_json::from_str(&wrong).unwrap()));
}

#[test]
fn junit_is_xml_that_says_what_was_found() {
    let xml = shown(junit);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failures: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .collect();
    // Advice passes where warnings fail.
    assert_eq!(failures.len(), 4);
    assert_eq!(
        failures[1].attribute("message").unwrap(),
        "50% of {{ this }}: <b>, \"quoted\" & 'single'\r\nin two lines\u{fffd}[2J"
    );
    assert_eq!(cases(&document, "system-out"), 1);
    let root = document.root_element();
    assert_eq!(root.attribute("tests").unwrap(), "6");
    assert_eq!(cases(&document, "testcase"), 6);
}

#[test]
fn fingerprints_stay_when_lines_move_and_are_unique() {
    let known = |shift: &str| {
        let mut sources = Sources::new();
        let text = format!("{shift}mtach 1\n  mtach 2\nmtach 1\n");
        let id = sources.add("a.kdl", text.as_str());
        let found: Vec<Diagnostic> = text
            .match_indices("mtach")
            .map(|(at, _)| Diagnostic::error("S101", Span::new(id, at, at + 5), "`mtach`?"))
            .collect();
        let spec = Checked {
            diagnostics: &found,
            sources: &sources,
        };
        let told = gitlab(&Report::new([spec], "/", None));
        let told: Value = serde_json::from_str(&told).unwrap();
        let issues = told.as_array().unwrap().iter();
        issues
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (before, after) = (known(""), known("// one\n// more\n"));
    assert_eq!(before, after);
    assert_eq!(before.iter().collect::<HashSet<_>>().len(), 3);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let mut sources = Sources::new();
    let text = format!("first\n{}X{}\nlast", "ä".repeat(300), "b".repeat(300));
    let at = text.find('X').unwrap();
    let id = sources.add("a.kdl", text.as_str());
    let span = Span::new(id, at, at + 1);
    let found =
        [Diagnostic::error("S101", span, "no `X`").fix("write `Y`", span, "Y".repeat(4_000))];
    let told = agent(&report_of(&found, &sources));
    let line = told.lines().nth(1).unwrap();
    assert!(
        line.starts_with("2 | …ä") && line.contains("äXb") && line.ends_with("b…"),
        "{line}"
    );
    assert!(
        line.len() < 300 && told.contains("fix: write `Y` (too long to show"),
        "{told}"
    );
}

/// Whatever the place and the text, every form is written, and quickly.
#[test]
fn a_text_of_one_line_with_very_many_findings() {
    let mut sources = Sources::new();
    let id = sources.add("a.kdl", "{ é }".repeat(200_000));
    let at = |number: usize| Span::new(id, number * 1_200, number * 1_200 + 1);
    let found: Vec<Diagnostic> = (0..1_000)
        .map(|number| Diagnostic::error("S101", at(number), "wrong").fix("mend", at(number), "["))
        .collect();
    let report = report_of(&found, &sources);
    for form in [
        concise,
        json_report,
        json_lines,
        github,
        gitlab,
        junit,
        agent,
    ] {
        assert!(form(&report).lines().count() >= 1_000);
    }
}

fn report_of<'r>(diagnostics: &'r [Diagnostic], sources: &'r Sources) -> Report<'r> {
    let spec = Checked {
        diagnostics,
        sources,
    };
    Report::new([spec], "/", None)
}

proptest! {
    #[test]
    fn any_place_in_any_text_can_be_told(
        text in "(?s)[a-z\u{e9}\u{1f600}\t\r\n {}]{0,400}",
        places in prop::collection::vec((0usize..420, 0usize..420, "[a-z\n\u{e9}]{0,5}"), 1..5),
    ) {
        let mut sources = Sources::new();
        let id = sources.add("x", text.as_str());
        let span = |one: usize, two: usize| Span::new(id, one.min(two), one.max(two));
        let found: Vec<Diagnostic> = places
            .iter()
            .map(|(one, two, new)| {
                let span = span(*one, *two);
                Diagnostic::error("S101", span, "wrong").related(span, "there").fix("mend", span, new.as_str())
            })
            .collect();
        let report = report_of(&found, &sources);
        for form in [concise, json_report, json_lines, github, gitlab, junit, agent] {
            prop_assert!(form(&report).contains("wrong"));
        }
        let log = sarif(&report, Tool { version: "1", rules: &[] });
        prop_assert!(log.contains("wrong"));
        let xml = junit(&report);
        prop_assert!(roxmltree::Document::parse(&xml).is_ok());
    }
}
