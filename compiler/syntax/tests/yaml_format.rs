//! The formatter changes layout, never words or meaning, and is content with its own result.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gatec_syntax::{SourceId, yaml};
use proptest::prelude::*;

fn check(text: &str) -> String {
    let formatted = yaml::format(text).unwrap();
    let (before, _) = yaml::parse(SourceId::default(), text);
    let (after, findings) = yaml::parse(SourceId::default(), &formatted);
    assert_eq!(findings, []);
    assert!(yaml::same(&before, &after), "{formatted}");
    assert_eq!(yaml::format(&formatted).unwrap(), formatted);
    formatted
}

#[test]
fn indentation_and_blanks() {
    let text = "\n\n#shop\n\n\n\ngateway :   {  name:shop,b : 'x' ,c: [ 1,2 ]   }   #name\nroutes:\n    get:\n        path:   \"/a\"\n        methods:\n        -   GET\n        -   POST   # p\n\n\n\n        list:\n             - a:   1\n               b: 2\n             -\n               c: 3\n             -   -   x\n                 -   y\n    # about put\n    put: {}\n";
    insta::assert_snapshot!(check(text), @r#"
        # shop

        gateway: {name:shop, b: 'x', c: [1, 2]}  # name
        routes:
          get:
            path: "/a"
            methods:
              - GET
              - POST  # p

            list:
              - a: 1
                b: 2
              -
                c: 3
              - - x
                - y
          # about put
          put: {}
        "#);
}

#[test]
fn scalars_over_lines() {
    let text = "a:\n    b: |\n          x\n            y\n\n          z\n\n\n    c: >-   # folded\n        one\n        two\n    d: |2\n        lead\n    e: plain\n          over lines\n\n          more\n    f: \"quoted\n      over   \n\n      lines\"\n    g: |+\n     keep\n\n\n    h: 1\n-x: |\n y\n";
    insta::assert_snapshot!(check(text), @r#"
        a:
          b: |
            x
              y

            z

          c: >-  # folded
            one
            two
          d: |2
              lead
          e: plain
            over lines

            more
          f: "quoted
            over

            lines"
          g: |+
            keep


          h: 1
        -x: |
          y
        "#);
}

#[test]
fn anchors_tags_and_flow() {
    let text = "base:   &base   !!map\n   a:   !env   X\n   b: &n 1\nuse:\n   <<:   *base\n   c:   *n\nflow: [\n a,   # first\n   {b: 1,\n  c: 2},\n\n\n      # own line\n d\n   ]\n? explicit\n:   value\n\"q\":'x'\n";
    let text = text.replace("\"q\":'x'", "q: {\"k\":'x', *n : 2}");
    insta::assert_snapshot!(check(&text), @r#"
        base: &base !!map
          a: !env X
          b: &n 1
        use:
          <<: *base
          c: *n
        flow: [
          a,  # first
          {b: 1,
            c: 2},

          # own line
          d
        ]
        ? explicit
        : value
        q: {"k": 'x', *n : 2}
        "#);
}

#[test]
fn comments_keep_their_level() {
    let text = "a:\n    b: 1\n    # still in a\n\n    # and this\n# about c\nc:\n  # first in c\n    - 1\n    # between\n    - 2\n   # odd\nd:\n- x\n# in list\n- y\n# the end\n\n\n";
    insta::assert_snapshot!(check(text), @r#"
        a:
          b: 1
          # still in a

          # and this
        # about c
        c:
          # first in c
          - 1
          # between
          - 2
        # odd
        d:
          - x
          # in list
          - y
        # the end
        "#);
}

#[test]
fn markers_and_line_ends() {
    insta::assert_snapshot!(check("\u{feff}%YAML 1.2\r\n---   \r\na:   1  \r\nb:\r\n    c: |\r\n       x\r\n...\r\n"), @r#"
        %YAML 1.2
        ---
        a: 1
        b:
          c: |
            x
        ...
        "#);
    assert_eq!(check(""), "");
    assert_eq!(check("\n\n"), "");
    assert_eq!(check("# c"), "# c\n");
    assert_eq!(check("a: 1"), "a: 1\n");
}

#[test]
fn a_text_with_mistakes_is_left_alone() {
    let findings = yaml::format("a: [1\n").unwrap_err();
    assert_eq!(findings[0].code, "K205");
}

/// Lines that often fit together.
fn line() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a: 1",
        "b:",
        "c:   x # c",
        "- d",
        "-   e: 1",
        "- - f",
        "-",
        "# note",
        "#x",
        "",
        "  ",
        "g: |",
        "h: >-",
        "text",
        "  more",
        "i: [1,",
        "2 ]",
        "j: {k: 1,",
        "l : 2}",
        "m: \"q",
        "r\"",
        "n: &n",
        "o: *n",
        "p: !env X",
        "? q",
        ": r",
        "s: 'x'  ",
        "- |",
        "- &t u: 1",
        "v: # w",
        "---",
        "'y':z",
        "- # dash",
        "<<: *n",
        "z: |+",
        "aa: |2",
        "bb: - c",
    ]);
    (0_usize..5, words).prop_map(|(depth, words)| " ".repeat(depth * 2 / 2) + words)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn formatting_keeps_the_meaning_and_is_done_once(lines in prop::collection::vec(line(), 0..9)) {
        let text = lines.join("\n");
        let (before, _) = yaml::parse(SourceId::default(), &text);
        if let Ok(formatted) = yaml::format(&text) {
            let (after, findings) = yaml::parse(SourceId::default(), &formatted);
            prop_assert_eq!(findings, vec![]);
            prop_assert!(yaml::same(&before, &after), "{}\n---\n{}", text, formatted);
            prop_assert_eq!(yaml::format(&formatted).unwrap(), formatted);
        }
    }

    #[test]
    fn spans_stay_within_the_text(lines in prop::collection::vec(line(), 0..9), cut in any::<prop::sample::Index>()) {
        let mut text = lines.join("\né");
        let at = text.floor_char_boundary(cut.index(text.len() + 1));
        text.truncate(at);
        let (_, findings) = yaml::parse(SourceId::default(), &text);
        for finding in findings {
            prop_assert!(text.get(finding.span.range()).is_some(), "{:?}", finding);
        }
    }
}
