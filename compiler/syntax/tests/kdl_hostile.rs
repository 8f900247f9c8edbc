//! Texts made to be slow, deep or large. A quadratic step would make one of these run for minutes.

mod kdl_common;

use gatec_syntax::SourceId;
use gatec_syntax::kdl::{Limits, MAX_DEPTH, MAX_ERRORS, format, parse, parse_within, write};
use kdl_common::check_spans;

const SIZE: usize = 100_000;

#[test]
fn no_repetition_of_anything_is_slow_or_deep() {
    let pieces = [
        "{",
        "}",
        "a{",
        "{}",
        "a {}",
        "(",
        ")",
        "(a",
        "(a)",
        "a(",
        "=",
        "a=",
        "a =",
        "a=b",
        "/",
        "/-",
        "/-a",
        "/-{",
        "a /-{",
        "/*",
        "*/",
        "/* */",
        "/**/a",
        "//",
        "\"",
        "\"\"\"",
        "\"\"\"\n",
        "a \"\"\"\n",
        "#",
        "##\"",
        "#\"",
        "#\"\"\"\n",
        "a #\"\"\"\n  ",
        "#\"\"\"#",
        "\"#",
        "r",
        "r\"",
        "r#\"",
        "\\",
        "\\\n",
        "\\ ",
        "a \\\n",
        "\\u{",
        "\"\\u{\"",
        "\"\\",
        "\"a\" ",
        "\"a\"b",
        "1",
        "1.",
        "1e",
        "0x",
        "#true",
        "#x",
        "true ",
        "a true\n",
        ";",
        "a;",
        "\n",
        " ",
        "\t",
        "\r",
        "\u{feff}",
        "\u{7f}",
        "\u{2028}",
        "[",
        "a [",
        "a 1 2 {b 3\n",
        " a{\n",
        "  }\n",
        "a 'x' {\n",
        "#\"x\"# ",
        "\"\"\"x\"\"\" ",
        "r\"x\" ",
        "-",
        "é",
        "a{/*",
        "a{\"",
        "a \"\"\"\n b \\\n",
        "/-/-",
        "a /-1 ",
    ];
    for piece in pieces {
        let text = piece.repeat(SIZE / piece.len());
        for text in [
            text.clone(),
            format!("a {text}"),
            format!("a{{ b \"\"\"\n  {text}\n  \"\"\"\n}}"),
        ] {
            let (tree, found) = parse(SourceId(0), &text);
            assert!(found.len() <= MAX_ERRORS, "{piece:?}");
            check_spans(&tree, &text);
            if found.is_empty() {
                let once = format(&text).expect(piece);
                assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "{piece:?}");
            }
            write(&tree);
        }
    }
}

#[test]
fn growing_numbers_of_hashes_are_not_slow() {
    let rising: String = (1..600)
        .map(|n| format!("a {}\"\"\"\n", "#".repeat(n)))
        .collect();
    let falling: String = (1..600)
        .rev()
        .map(|n| format!("a {}\"\"\"\n", "#".repeat(n)))
        .collect();
    for text in [rising, falling] {
        assert!(!parse(SourceId(0), &text).1.is_empty());
    }
}

#[test]
fn the_deepest_block_is_read_and_the_next_is_not() {
    let nested = |depth: usize| format!("{}x{}", "a{".repeat(depth), "}".repeat(depth));
    assert_eq!(parse(SourceId(0), &nested(MAX_DEPTH)).1, []);
    let text = format!("{}\nb", nested(MAX_DEPTH + 1));
    let (tree, found) = parse(SourceId(0), &text);
    assert_eq!(
        found.iter().map(|found| found.code).collect::<Vec<_>>(),
        ["K110"]
    );
    assert_eq!(tree.nodes.len(), 2, "what stands beside it is read");
    assert!(format(&nested(MAX_DEPTH)).is_ok());
}

#[test]
fn a_text_that_is_too_large_is_not_looked_at() {
    let limits = Limits {
        text: 10,
        ..Limits::default()
    };
    let (tree, found) = parse_within(SourceId(0), "a \"unclosed", limits);
    assert_eq!(
        found.iter().map(|found| found.code).collect::<Vec<_>>(),
        ["K116"]
    );
    assert_eq!(tree.nodes, []);
    assert_eq!(
        parse_within(SourceId(0), "0123456789", limits).1[0].code,
        "K104"
    );
}

#[test]
fn a_text_full_of_mistakes_reports_the_first_hundred() {
    let text = "a 1x\n".repeat(1000);
    let (tree, found) = parse(SourceId(0), &text);
    assert_eq!(found.len(), MAX_ERRORS);
    assert_eq!(tree.nodes.len(), 1000);
}
