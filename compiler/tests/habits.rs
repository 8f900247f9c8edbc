//! What people write from habit in other programs and formats: each is told with its mend.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod common;

use std::path::Path;

use common::shown;
use gatec_compiler::load::Format;
use gatec_syntax::Severity;

/// How a spec is written around a text.
type Written = fn(&str) -> String;

#[test]
fn each_habit_is_told_with_its_mend() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/habits");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let format = Format::of_path(&file).unwrap();
        let checked =
            gatec_compiler::check(common::text_in(&folder, &text, format), &common::options());
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        insta::assert_snapshot!(name, shown(&checked.sources, &checked.diagnostics));
    }
}

/// What would keep a bundle from being made is found without making one for good.
#[test]
fn a_host_that_no_replica_takes_is_found_by_check() {
    let text = "listener \"web\" bind=\":80\"\nupstream \"u\" { server \"http://{x}\"; }\n\
                route \"r\" public=#true { match \"/\"; proxy \"u\"; }\n";
    let input = common::text_in(Path::new("."), text, Format::Kdl);
    let checked = gatec_compiler::check(input, &common::options());
    let errors: Vec<_> = checked
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.code)
        .collect();
    assert_eq!(errors, ["S113"]);
    assert!(checked.bundle.is_none());
}

/// What the reference and editors show as an example is one.
#[test]
fn every_example_of_a_template_compiles() {
    let places: [(&str, &str, Written); 6] = [
        ("Redirect", "to", |text| format!("redirect {text}")),
        ("Proxy", "path", |text| format!("proxy \"u\" path={text}")),
        ("Proxy", "host", |text| format!("proxy \"u\" host={text}")),
        ("Cookie", "value", |text| {
            format!("respond 200; response {{ cookie \"c\" {text}; }}")
        }),
        ("Respond", "body", |text| format!("respond 200 {text}")),
        ("ErrorPage", "body", |text| {
            format!("respond 200\n}}\nerror-page 404 {{ body {text}")
        }),
    ];
    let schema = gatec_schema::json_schema();
    let mut left: Vec<String> = Vec::new();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let properties = definition["properties"].as_object().into_iter().flatten();
        for (key, property) in properties.filter(|(_, p)| p["format"] == "template") {
            if name.ends_with("Overlay") {
                continue;
            }
            let Some((.., wrap)) = places.iter().find(|(n, k, _)| n == name && k == key) else {
                left.push(format!("{name}.{key}"));
                continue;
            };
            for example in property["examples"].as_array().unwrap() {
                let text = format!(
                    "listener \"w\" bind=\":80\"\nupstream \"u\" {{ server \"http://127.0.0.1:1\"; }}\n\
                     route \"r\" public=#true {{\n match \"/x/{{name}}/{{id}}\"\n {}\n}}\n",
                    wrap(&example.to_string())
                );
                let input = common::text_in(Path::new("."), &text, Format::Kdl);
                let checked = gatec_compiler::check(input, &common::options());
                let errors = checked.has_errors();
                assert!(
                    !errors,
                    "{text}\n{}",
                    shown(&checked.sources, &checked.diagnostics)
                );
            }
        }
    }
    assert_eq!(left, [""; 0]);
}
