//! How findings look, and that no text or place makes drawing them slow, loud or wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use gatec_render::{human, human_within, json};
use gatec_syntax::{Diagnostic, SourceId, Sources, Span};
use proptest::prelude::*;

const SHOP: &str = r#"gateway "shop"

listener "web" bind="127.0.0.1:8080"

route "hello" public=true {
    mtach "GET" "/hello"
    respond 200
}
"#;

fn shop() -> Sources {
    let mut sources = Sources::new();
    sources.add("shop.kdl", SHOP);
    sources.add(
        "routes/more.kdl",
        "route \"hello\" public=#true {\n    respond 204\n}\n",
    );
    sources
}

fn span_of(sources: &Sources, source: u32, words: &str) -> Span {
    let id = SourceId(source);
    let start = sources.get(id).unwrap().text().find(words).unwrap();
    Span::new(id, start, start + words.len())
}

fn findings(sources: &Sources) -> Vec<Diagnostic> {
    let bare = span_of(sources, 0, "true");
    let typo = span_of(sources, 0, "mtach");
    let block = Span::new(SourceId(0), SHOP.find("route").unwrap(), SHOP.len());
    vec![
        Diagnostic::error(
            "K113",
            bare,
            "found `true`, expected `#true` or a string in quotes",
        )
        .label("expected `#true`")
        .fix("write `#true`, as KDL v2 does", bare, "#true"),
        Diagnostic::error("S101", typo, "`mtach` is not a key of a route")
            .label("unknown key")
            .related(block, "in this route")
            .help("a route takes `match`, `public`, `respond` and others")
            .fix("write `match`", typo, "match"),
        Diagnostic::warning(
            "S102",
            span_of(sources, 1, "\"hello\""),
            "the route `hello` is there twice",
        )
        .label("again here")
        .related(span_of(sources, 0, "\"hello\""), "first here"),
    ]
}

#[test]
fn for_people() {
    let sources = shop();
    insta::assert_snapshot!(human(&findings(&sources), &sources, false));
}

#[test]
fn for_programs() {
    let sources = shop();
    insta::assert_json_snapshot!(json(&findings(&sources), &sources));
}

#[test]
fn nothing_to_say_is_said_in_no_words() {
    assert_eq!(human(&[], &shop(), true), "");
}

#[test]
fn colour_is_kept_out_unless_asked_for() {
    let sources = shop();
    assert!(!human(&findings(&sources), &sources, false).contains('\u{1b}'));
    assert!(human(&findings(&sources), &sources, true).contains('\u{1b}'));
}

#[test]
fn a_text_cannot_steer_the_terminal() {
    let mut sources = Sources::new();
    let id = sources.add("x.kdl", "route \"\u{1b}[2J\u{202e}\u{9b}\u{7}\r\" x");
    let found = Diagnostic::error("S101", Span::new(id, 6, 10), "`\u{1b}[2J` is no name")
        .label("\u{1b}]0;x");
    let text = human(&[found], &sources, false);
    let loud =
        |character: char| character != '\n' && (character.is_control() || character == '\u{202e}');
    assert!(!text.chars().any(loud), "{text:?}");
}

#[test]
fn a_long_line_is_cut() {
    let mut sources = Sources::new();
    let id = sources.add("long.yaml", "word ".repeat(200_000));
    let near = Span::new(id, 500_000, 500_004);
    let far = Span::new(id, 900_000, 900_004);
    let found = Diagnostic::error("S101", near, "`word` is wrong")
        .label("here")
        .related(far, "and here");
    let text = human(&[found], &sources, false);
    assert!(text.len() < 4_000, "{}", text.len());
    assert!(
        text.contains("long.yaml:1:500001") && text.contains("long.yaml:1:900001"),
        "{text}"
    );
}

#[test]
fn what_is_cut_off_is_shown_by_an_ellipsis() {
    let mut sources = Sources::new();
    let long = format!("{}route \"é\" {}", "a ".repeat(300), "é ".repeat(300));
    let id = sources.add("long.kdl", format!("first\n{long}\nlast\n"));
    let start = span_of(&sources, 0, "route");
    let found = Diagnostic::error(
        "S101",
        Span {
            source: id,
            ..start
        },
        "`route` is wrong",
    )
    .label("here");
    insta::assert_snapshot!(human(&[found], &sources, false));
}

#[test]
fn of_very_many_findings_errors_are_drawn_first() {
    let mut sources = Sources::new();
    let id = sources.add("a.kdl", "x\n".repeat(300));
    let at = |line: usize| Span::new(id, 2 * line, 2 * line + 1);
    let mut found: Vec<Diagnostic> = (0..250)
        .map(|line| Diagnostic::warning("S101", at(line), format!("warning {line}.")))
        .collect();
    found.push(Diagnostic::error("S102", at(299), "the error"));
    let text = human(&found, &sources, false);
    assert!(text.contains("the error") && text.contains("warning 98."));
    assert!(!text.contains("warning 99."));
    assert!(text.ends_with("and 151 more that are not shown here\n\n1 error, 250 warnings\n"));
    assert_eq!(json(&found, &sources).as_array().unwrap().len(), 251);
}

#[test]
fn the_end_of_a_text_can_be_marked() {
    let mut sources = Sources::new();
    let id = sources.add("a.kdl", "route {\n\n");
    let empty = sources.add("empty.kdl", "");
    let at = |id, offset| {
        Diagnostic::error(
            "K105",
            Span::new(id, offset, offset),
            "a block is not closed",
        )
        .label("ends here")
    };
    insta::assert_snapshot!(human_within(
        &[at(id, 9), at(empty, 0)],
        &sources,
        false,
        60
    ));
}

proptest! {
    #[test]
    fn any_place_in_any_text_can_be_drawn(
        text in "(?s)[a-z\u{e9}\u{1f600}\t\r\n {}]{0,400}",
        places in prop::collection::vec((0usize..420, 0usize..420), 1..5),
    ) {
        let mut sources = Sources::new();
        let id = sources.add("x", text.repeat(1 + places.len()));
        let span = |(one, two): (usize, usize)| Span::new(id, one.min(two), one.max(two));
        let mut found = Diagnostic::error("S101", span(places[0]), "wrong").label("here");
        for place in &places[1..] {
            found = found.related(span(*place), "there");
        }
        prop_assert!(human(&[found], &sources, false).contains("wrong"));
    }
}
