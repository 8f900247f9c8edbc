//! The `kdl` crate as an oracle: random texts, and random texts with random mistakes, are read by both.
//!
//! Texts are small, because the oracle's time can grow exponentially on malformed ones (kdl-rs#177).

#![expect(
    clippy::expect_used,
    reason = "a test stops at what it does not expect"
)]

mod kdl_common;

use gatec_syntax::SourceId;
use gatec_syntax::kdl::{format, parse, write};
use kdl::KdlDocument;
use kdl_common::{check_spans, difference, known_deviation, known_leniency, meaning};
use proptest::prelude::*;

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_.-]{0,5}",
        Just("-".to_owned()),
        Just("+x".to_owned()),
        Just(".a".to_owned()),
        Just("é".to_owned()),
        Just("r".to_owned()),
        Just("\"q \\n\\u{e9}\"".to_owned()),
        Just("#\"raw \\\"#".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => word(),
        1 => "[+-]?[0-9][0-9_]{0,4}",
        1 => "[+-]?[0-9]{1,3}\\.[0-9]{1,3}(e[+-]?[0-9]{1,2})?",
        1 => "0x[0-9a-fA-F][0-9a-f_]{0,4}",
        1 => "0b[01][01_]{0,4}",
        1 => prop::sample::select(vec!["#true", "#false", "#null", "#inf", "#-inf", "#nan"])
            .prop_map(str::to_owned),
        1 => Just("\"\"\"\n  a\n\n    b \\\n   c\n  \"\"\"".to_owned()),
        1 => Just("#\"\"\"\n\ta\\\n\t\"\"\"#".to_owned()),
        1 => Just("\"a \\\n   b\"".to_owned()),
        1 => (word(), word()).prop_map(|(annotation, value)| format!("({annotation}){value}")),
    ]
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(" ".to_owned()),
        1 => Just("\t \u{a0}".to_owned()),
        1 => Just(" /* c /* d */ */ ".to_owned()),
        1 => Just(" \\\n  ".to_owned()),
        1 => Just(" \\ // e\n  ".to_owned()),
    ]
}

fn entry() -> impl Strategy<Value = String> {
    let plain = prop_oneof![
        value(),
        (word(), value()).prop_map(|(key, value)| format!("{key}={value}")),
        (word(), space(), value())
            .prop_map(|(key, space, value)| format!("{key}{space}={space}{value}")),
    ];
    (
        space(),
        prop_oneof![6 => Just(""), 1 => Just("/-"), 1 => Just("/- \n ")],
        plain,
    )
        .prop_map(|(space, dash, plain)| format!("{space}{dash}{plain}"))
}

fn nodes() -> impl Strategy<Value = String> {
    let leaf = Just(String::new());
    leaf.prop_recursive(3, 12, 3, |inner| {
        let end = prop::sample::select(vec!["\n", "; ", ";\n", " // end\n", "\r\n", "\n\n"]);
        let block = prop_oneof![
            2 => Just(String::new()),
            2 => inner.clone().prop_map(|nodes| format!(" {{\n{nodes}}}")),
            1 => inner.prop_map(|nodes| format!(" {{ {nodes} }}")),
        ];
        let before =
            prop_oneof![8 => Just(""), 1 => Just("/-"), 1 => Just("// lead\n"), 1 => Just("(t)")];
        let node = (
            before,
            word(),
            prop::collection::vec(entry(), 0..4),
            block,
            end,
        )
            .prop_map(|(before, name, entries, block, end)| {
                format!("{before}{name}{}{block}{end}", entries.concat())
            });
        prop::collection::vec(node, 0..4).prop_map(|nodes| nodes.concat())
    })
}

/// A text with a few characters put in, taken out or doubled.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "", "\"", "#", "{", "}", "(", ")", "=", "/-", "/*", "*/", "//", "\\", "\n", " ", ";",
        "\"\"\"", "1", "true", "[", "\u{2028}", "é", ".",
    ]);
    (
        nodes(),
        prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize, piece), 1..3),
    )
        .prop_map(|(text, edits)| {
            let mut characters: Vec<char> = text.chars().take(120).collect();
            for (at, remove, insert) in edits {
                let at = at.index(characters.len() + 1);
                let end = (at + remove).min(characters.len());
                characters.splice(at..end, insert.chars());
            }
            characters.into_iter().collect()
        })
}

fn check_layouts(text: &str) {
    let (tree, _) = parse(SourceId(0), text);
    let once = format(text).expect("a text without mistakes");
    let (again, found) = parse(SourceId(0), &once);
    assert_eq!(found, [], "formatting {text:?} gave {once:?}");
    assert_eq!(
        meaning(&again),
        meaning(&tree),
        "formatting {text:?} gave {once:?}"
    );
    assert_eq!(
        format(&once).as_deref(),
        Ok(once.as_str()),
        "formatting {text:?} twice"
    );
    let comments = |text: &str| text.matches(['*', '/']).count();
    assert_eq!(
        comments(&once),
        comments(text),
        "a comment was lost from {text:?} in {once:?}"
    );
    let written = write(&tree);
    let (again, found) = parse(SourceId(0), &written);
    assert_eq!(found, [], "writing {text:?} gave {written:?}");
    assert_eq!(
        meaning(&again),
        meaning(&tree),
        "writing {text:?} gave {written:?}"
    );
    assert_eq!(
        format(&written).as_deref(),
        Ok(written.as_str()),
        "writing {text:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn valid_texts_are_read_alike_and_laid_out_without_loss(text in nodes()) {
        let (tree, found) = parse(SourceId(0), &text);
        check_spans(&tree, &text);
        prop_assert!(found.is_empty(), "{:?}: {:?}", text, found);
        if text.len() < 400 && known_deviation(&text).is_none() {
            let oracle = KdlDocument::parse_v2(&text).expect("the oracle reads it too");
            prop_assert_eq!(difference(&tree, &oracle), None, "{:?}", text);
        }
        check_layouts(&text);
    }

    #[test]
    fn mutated_texts_are_judged_alike(text in mutated()) {
        let (tree, found) = parse(SourceId(0), &text);
        check_spans(&tree, &text);
        if text.len() < 200 && known_deviation(&text).is_none() {
            match KdlDocument::parse_v2(&text) {
                Ok(oracle) if found.is_empty() => {
                    prop_assert_eq!(difference(&tree, &oracle), None, "{:?}", text);
                }
                Ok(_) => prop_assert!(
                    known_leniency(&text).is_some(),
                    "only the oracle takes {:?}: {:?}",
                    text,
                    found
                ),
                Err(why) => prop_assert!(!found.is_empty(), "only we take {:?}: {:?}", text, why),
            }
        }
        if found.is_empty() {
            check_layouts(&text);
        }
    }
}
