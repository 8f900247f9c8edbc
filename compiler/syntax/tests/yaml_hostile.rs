//! Texts made to hang, to overflow the stack or to fill the memory. They only have to end, and to
//! be refused where they go beyond a limit.

use gatec_syntax::{Diagnostic, Document, SourceId, Value, yaml};

fn read(text: &str) -> (Document, Vec<Diagnostic>) {
    let (document, findings) = yaml::parse(SourceId::default(), text);
    for finding in &findings {
        assert!(text.get(finding.span.range()).is_some(), "{finding:?}");
    }
    (document, findings)
}

fn has(findings: &[Diagnostic], code: &str) -> bool {
    findings.iter().any(|finding| finding.code == code)
}

#[test]
fn a_billion_laughs() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for n in 1..12 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    text.push_str("z: 1\n");
    let (document, findings) = read(&text);
    assert!(has(&findings, "K210"));
    assert_eq!(findings.len(), 1);
    assert!(document.root.get("z").is_some());
}

#[test]
fn a_billion_merges() {
    let mut text = "a0: &a0 {k0: 1, l0: 2}\n".to_owned();
    for n in 1..40 {
        let before = n - 1;
        text.push_str(&format!(
            "a{n}: &a{n} {{<<: [*a{before}, *a{before}], k{n}: 1}}\n"
        ));
    }
    assert!(has(&read(&text).1, "K210"));
}

#[test]
fn a_long_chain_of_anchors() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for n in 1..5_000 {
        text.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
    }
    assert!(has(&read(&text).1, "K210"));
}

#[test]
fn anchors_inside_anchors() {
    let opened: String = (0..100).map(|n| format!("&a{n} [")).collect();
    let text = format!("a: {opened}{}{}\n", "1,".repeat(50_000), "]".repeat(100));
    assert_eq!(read(&text).1, []);
}

#[test]
fn deep_nesting() {
    for open in [
        "[", "{", "{a: ", "- ", "? ", "[a: ", "[{", "- - ? ", "!t [", "&a [", "\"", "'", "|",
    ] {
        let text = format!("k: {}\nz: 1\n", open.repeat(1_000_000 / open.len()));
        let (_, findings) = read(&text);
        assert_eq!(findings.is_empty(), open == "'", "{open}");
        let text = open.repeat(1_000_000 / open.len());
        read(&text);
    }
}

#[test]
fn staircases() {
    let stairs = |step: &str| {
        (0..1_400)
            .map(|n| " ".repeat(n) + step + "\n")
            .collect::<String>()
    };
    assert!(has(&read(&stairs("a:")).1, "K210"));
    assert!(has(&read(&stairs("-")).1, "K210"));
}

#[test]
fn depth_within_the_limit_is_read() {
    let text = format!("a: {}{}\nz: 1\n", "[".repeat(120), "]".repeat(120));
    assert_eq!(read(&text).1, []);
    let mixed = format!(
        "a:\n  - b:\n    - {}x{}\nz: 1\n",
        "[{k: ".repeat(80),
        "}]".repeat(80)
    );
    let (document, findings) = read(&mixed);
    assert!(has(&findings, "K210"));
    assert_eq!(document.root.entries.len(), 2);
}

#[test]
fn long_lines_of_nothing() {
    let size = 400_000;
    for text in [
        "#".repeat(size),
        "# \n".repeat(size / 3),
        "a: 1 # c\n".repeat(size / 9),
        "x".repeat(size),
        format!("{}: 1\n", "x".repeat(size)),
        format!("a: {}\n", "x ".repeat(size / 2)),
        format!("a: [{}]\n", "x,".repeat(size / 2)),
        format!("a: {{{}}} # c\n", "b: 1, ".repeat(size / 6)),
        format!("a: {}\n", "*b ".repeat(size / 3)),
        format!("a: {}\n", ": ".repeat(size / 2)),
        format!("a: \"{}\"\n", "\\".repeat(size)),
        "---\n".repeat(size / 4),
        "%TAG ! x\n".repeat(size / 9),
        "\t".repeat(size),
        "\n".repeat(size),
        "a:\n\tb: 1\n".repeat(size / 10),
        "\u{feff}".repeat(size / 3),
        "\0".repeat(size),
    ] {
        read(&text);
    }
}

#[test]
fn formatting_and_writing_end_too() {
    for text in [
        "a: 1 # c\n".repeat(20_000),
        format!("a: [{}]\n", "x,".repeat(50_000)),
        format!("a: {{{}}} # c\n", "b: 1, ".repeat(20_000)),
        format!("a: {}{}\n", "[".repeat(120), "]".repeat(120)),
        format!("a:\n  {}x\n", "- ".repeat(100)),
        "a:\n  - b\n".repeat(20_000),
        "# c\n".repeat(50_000),
    ] {
        let formatted = yaml::format(&text).unwrap();
        assert_eq!(yaml::format(&formatted).unwrap(), formatted);
        yaml::write(&read(&text).0);
    }
}

#[test]
fn a_text_over_the_limit_is_not_read() {
    let text = "#".repeat(yaml::MAX_TEXT + 1);
    assert!(has(&read(&text).1, "K210"));
}

#[test]
fn an_empty_list_is_kept_apart_from_nothing() {
    let (document, _) = read("a: []\nb:\n");
    assert_eq!(document.root.get("a").unwrap().value, Value::Array(vec![]));
    assert_eq!(document.root.get("b").unwrap().value, Value::Null);
}
