use std::path::PathBuf;

use super::rules;
use crate::compile::{check_text, compile};
use crate::load::{Format, Input, Options};

fn codes_of(text: &str, format: Format) -> Vec<&'static str> {
    let input = Input::Text {
        name: "gate".to_owned(),
        text: text.to_owned(),
        format,
        base: PathBuf::from("."),
    };
    let checked = check_text(input, &Options::default());
    checked.diagnostics.iter().map(|found| found.code).collect()
}

fn codes(text: &str) -> Vec<&'static str> {
    codes_of(text, Format::Kdl)
}

const UNUSED: &str = "upstream \"a\" {\n    server \"http://127.0.0.1:1\"\n}\n";
const REST: &str =
    "listener \"web\" bind=\"127.0.0.1:8080\"\nroute \"r\" public=#true {\n    respond 200\n}\n";

#[test]
fn a_comment_above_a_node_silences_what_is_in_it() {
    assert_eq!(codes(&format!("{UNUSED}{REST}")), ["U102"]);
    assert_eq!(
        codes(&format!("// gatec: ignore U102 soon\n{UNUSED}{REST}")),
        [""; 0]
    );
    assert_eq!(
        codes(&format!(
            "/* gatec: ignore u102 */\n// more\n{UNUSED}{REST}"
        )),
        [""; 0]
    );
    assert_eq!(
        codes(&format!("// gatec:ignore U102\n{UNUSED}{REST}")),
        [""; 0]
    );
    // It speaks of the node below it alone.
    assert_eq!(
        codes(&format!("// gatec: ignore U102\n{REST}{UNUSED}")),
        ["S301", "U102"]
    );
}

#[test]
fn a_comment_behind_something_silences_its_line() {
    let behind = UNUSED.replacen("{\n", "{ // gatec: ignore U102 soon\n", 1);
    assert_eq!(codes(&format!("{behind}{REST}")), [""; 0]);
    let whole = format!("{REST}{UNUSED}// gatec: ignore-file U102 drafts\n");
    assert_eq!(codes(&whole), [""; 0]);
}

#[test]
fn what_cannot_silence_is_told() {
    assert_eq!(codes(&format!("// gatec: ignore R101\n{REST}")), ["S302"]);
    assert_eq!(codes(&format!("// gatec: ignore X999\n{REST}")), ["S302"]);
    assert_eq!(codes(&format!("// gatec: ignore\n{REST}")), ["S302"]);
    assert_eq!(codes(&format!("// gatec: a fine tool\n{REST}")), [""; 0]);
    // Text is no comment.
    let text = REST.replace("respond 200", "respond 200 \"// gatec: ignore U102\"");
    assert_eq!(codes(&text), [""; 0]);
}

#[test]
fn errors_stay_and_hide_what_is_idle() {
    let broken = REST.replace(" public=#true", "");
    assert_eq!(codes(&format!("// gatec: ignore U102\n{broken}")), ["R101"]);
}

#[test]
fn yaml_has_the_same() {
    let rest = "listeners:\n  web: {bind: '127.0.0.1:8080'}\nroutes:\n  r:\n    public: true\n    respond: {status: 200}\n";
    let unused = |above: &str, behind: &str| {
        format!(
            "upstreams:\n{above}  a:{behind}\n    servers:\n      - url: http://127.0.0.1:1\n{rest}"
        )
    };
    let codes = |text: &str| codes_of(text, Format::Yaml);
    assert_eq!(codes(&unused("", "")), ["U102"]);
    assert_eq!(codes(&unused("  # gatec: ignore U102 soon\n", "")), [""; 0]);
    assert_eq!(codes(&unused("", " # gatec: ignore U102 soon")), [""; 0]);
    assert_eq!(codes(&format!("# gatec: ignore U102\n{rest}")), ["S301"]);
    let text = rest.replace(
        "{status: 200}",
        "\n      status: 200\n      body: |\n        # gatec: ignore U102\n        b",
    );
    assert_eq!(codes(&text), [""; 0]);
}

#[test]
fn one_profile_alone_cannot_tell_what_is_idle() {
    let text = format!("// gatec: ignore U102\n{REST}");
    let input = Input::Text {
        name: "gate".to_owned(),
        text,
        format: Format::Kdl,
        base: PathBuf::from("."),
    };
    assert_eq!(compile(input, &Options::default()).diagnostics, []);
}

#[test]
fn the_examples_show_their_rules() {
    for rule in rules::RULES {
        assert!(codes(rule.wrong).contains(&rule.code), "{}", rule.code);
        assert!(
            codes(rule.right).is_empty(),
            "{}: {:?}",
            rule.code,
            codes(rule.right)
        );
    }
}

#[test]
fn a_comment_speaks_of_nothing_outside_its_block() {
    let last = "listener \"web\" bind=\"127.0.0.1:8080\"\nroute \"r\" public=#true {\n    respond 200\n    // gatec: ignore U102\n}\n";
    assert_eq!(codes(&format!("{last}{UNUSED}")), ["S301", "U102"]);
    let yaml = "listeners:\n  web: {bind: '127.0.0.1:8080'}\nroutes:\n  r:\n    public: true\n    respond: {status: 200}\n    # gatec: ignore U102\nupstreams:\n  a:\n    servers:\n      - url: http://127.0.0.1:1\n";
    assert_eq!(codes_of(yaml, Format::Yaml), ["S301", "U102"]);
}

#[test]
fn many_comments_take_no_longer_than_their_text() {
    let many = "//\n".repeat(200_000);
    assert_eq!(codes(&format!("// gatec: x\n{REST}{many}")), [""; 0]);
    let ours = "// gatec: ignore U102\n".repeat(20_000);
    assert!(codes(&format!("{REST}{ours}")).len() <= 1_000);
}
