//! A mistake of syntax is told in our words, at its place, and costs its own entry only.

use gatec_syntax::{Sources, yaml};

/// The findings, then what was read of the text.
fn check(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("gate.yaml", text);
    let (document, findings) = yaml::parse(id, text);
    let mut out = String::new();
    for finding in &findings {
        let words = sources.slice(finding.span);
        out.push_str(&format!(
            "{} {} `{words}`\n",
            finding.code,
            sources.place(finding.span)
        ));
        out.push_str(&format!("  {}\n", finding.message));
        out.push_str(&format!(
            "  {}\n",
            finding.help.as_deref().unwrap_or("no help")
        ));
    }
    out + "---\n" + &yaml::write(&document)
}

#[test]
fn an_open_quote() {
    insta::assert_snapshot!(check("a: \"foo\nb: \"bar\"\nc: 1\n"), @r#"
        K204 gate.yaml:1:4 `"foo`
          the text that starts with this `"` has no closing `"`
          write `"` at its end; text over several lines is written with `|`
        ---
        b: bar
        c: 1
        "#);
    insta::assert_snapshot!(check("a:\n  b: 'foo\n  c: 2\nd: 1\n"), @r#"
        K204 gate.yaml:2:6 `'foo`
          the text that starts with this `'` has no closing `'`
          write `'` at its end; text over several lines is written with `|`
        ---
        a:
          c: 2
        d: 1
        "#);
    insta::assert_snapshot!(check("a: 1\nb: \"foo"), @r#"
        K204 gate.yaml:2:4 `"foo`
          the text that starts with this `"` has no closing `"`
          write `"` at its end; text over several lines is written with `|`
        ---
        a: 1
        "#);
    insta::assert_snapshot!(check("a: \"foo\" bar\nb: 1\n"), @r#"
        K208 gate.yaml:1:10 `bar`
          `bar` stands after the closing quote; expected the end of the value
          put the whole value in quotes, or escape the inner quote
        ---
        b: 1
        "#);
}

#[test]
fn an_open_bracket() {
    insta::assert_snapshot!(check("a: [1, 2\nb: 3\nc: 4\n"), @r#"
        K205 gate.yaml:1:4 `[`
          the list that starts with this `[` has no `]`
          write the `]`; a comma stands between two entries
        ---
        b: 3
        c: 4
        "#);
    insta::assert_snapshot!(check("x:\n  a: [1, 2,\n  b: 3\n  c: 4\nd: 5\n"), @r#"
        K205 gate.yaml:2:6 `[`
          the list that starts with this `[` has no `]`
          write the `]`; a comma stands between two entries
        ---
        x:
          b: 3
          c: 4
        d: 5
        "#);
    insta::assert_snapshot!(check("a: {x: 1\nb: 3\n"), @r#"
        K205 gate.yaml:1:4 `{`
          the map that starts with this `{` has no `}`
          write the `}`; a comma stands between two entries
        ---
        b: 3
        "#);
    insta::assert_snapshot!(check("a: [1, 2"), @r#"
        K205 gate.yaml:1:4 `[`
          the list that starts with this `[` has no `]`
          write the `]`; a comma stands between two entries
        ---
        "#);
    insta::assert_snapshot!(check("a: ]\nb: 1\n"), @r#"
        K205 gate.yaml:1:4 `]`
          `]` closes nothing
          take it away, write the bracket that opens, or put the text in quotes
        ---
        b: 1
        "#);
    insta::assert_snapshot!(check("a: {b: 1]\nc: 2\n"), @r#"
        K205 gate.yaml:1:4 `{`
          this `{` is closed by `]`; expected `}`
          write `}` where `]` stands
        ---
        c: 2
        "#);
    insta::assert_snapshot!(check("a: [x y: z: 1]\nc: 2\n"), @r#"
        K205 gate.yaml:1:11 `:`
          found `:`, but expected `,` or `]`
          separate entries with `,`; put text with `:`, `,` or brackets in quotes
        ---
        c: 2
        "#);
}

#[test]
fn tabs() {
    insta::assert_snapshot!(check("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 3\n"), @r#"
        K202 gate.yaml:2:1 `	`
          this line is indented with a tab; expected blanks
          indent with two blanks per level
        ---
        a:
          b: 1
          c:
            d: 2
        e: 3
        "#);
    insta::assert_snapshot!(check("a:\n  b: 1\n\tc: 1\nd: 2\n"), @r#"
        K202 gate.yaml:3:1 `	`
          this line is indented with a tab; expected blanks
          indent with two blanks per level
        ---
        a:
          b: 1
        d: 2
        "#);
}

#[test]
fn lines_that_are_no_entries() {
    insta::assert_snapshot!(check("a: 1\ngarbage\nb: 2\n"), @r#"
        K206 gate.yaml:2:1 `garbage`
          `garbage` is no entry; expected `key: value`
          write a colon and a value after the key, or indent the line if it is text
        ---
        a: 1
        b: 2
        "#);
    insta::assert_snapshot!(check("a: 1\nb:2\nc: 3\n"), @r#"
        K206 gate.yaml:2:1 `b:2`
          `b:` is not followed by a blank, so this is no `key: value` entry
          write a blank after the colon
        ---
        a: 1
        c: 3
        "#);
    insta::assert_snapshot!(check("a\nb\nc: 1\n"), @r#"
        K206 gate.yaml:1:1 `a`
          `a` is no entry; expected `key: value`
          write a colon and a value after the key, or indent the line if it is text
        K206 gate.yaml:2:1 `b`
          `b` is no entry; expected `key: value`
          write a colon and a value after the key, or indent the line if it is text
        ---
        c: 1
        "#);
    insta::assert_snapshot!(check("a: b: c\nd: 1\n"), @r#"
        K208 gate.yaml:1:5 `:`
          a second `: ` on this line; a value without quotes cannot contain it
          put the value in quotes, or write the inner entry on a line of its own
        ---
        d: 1
        "#);
}

#[test]
fn indentation() {
    insta::assert_snapshot!(check("a:\n  b: 1\n   c: 2\nd: 3\n"), @r#"
        K203 gate.yaml:3:4 `c: 2`
          `c: 2` is indented deeper than the entry above, which already has a value
          give both lines the same indentation, or take the value above away
        ---
        a:
          b: 1
        d: 3
        "#);
    insta::assert_snapshot!(check("a:\n    b: 1\n  c: 2\nd: 3\n"), @r#"
        K203 gate.yaml:3:3 `c: 2`
          `c: 2` is not in line with any entry above; expected the indentation of its siblings
          entries of one map or list start in the same column; indent with two blanks
        ---
        a:
          b: 1
        d: 3
        "#);
    insta::assert_snapshot!(check("a:\n  - b\n c: 1\nd: 1\n"), @r#"
        K203 gate.yaml:3:2 `c: 1`
          `c: 1` is not in line with any entry above; expected the indentation of its siblings
          entries of one map or list start in the same column; indent with two blanks
        ---
        a: [b]
        d: 1
        "#);
    insta::assert_snapshot!(check("a: 1\n- x\nb: 2\n"), @r#"
        K203 gate.yaml:2:1 `- x`
          `- x` is a list item; expected a `key: value` entry
          entries of one map or list start in the same column; indent with two blanks
        ---
        a: 1
        b: 2
        "#);
    insta::assert_snapshot!(check("a:\n  - 1\n  b: 1\nc: 2\n"), @r#"
        K203 gate.yaml:3:3 `b: 1`
          `b: 1` is no list item; expected a line with `- `
          entries of one map or list start in the same column; indent with two blanks
        ---
        a:
          - 1
        c: 2
        "#);
    insta::assert_snapshot!(check("key: - a\nb: 1\n"), @r#"
        K203 gate.yaml:1:6 `-`
          a list with `-` cannot start on the line of its key
          write the items on the lines below, or the list as `[a, b]`
        ---
        b: 1
        "#);
    insta::assert_snapshot!(check("a: >\n   x\n b\nc: 1\n"), @r#"
        K203 gate.yaml:3:2 `b`
          `b` is not in line with any entry above; expected the indentation of its siblings
          entries of one map or list start in the same column; indent with two blanks
        ---
        a: |
          x
        c: 1
        "#);
}

#[test]
fn words() {
    insta::assert_snapshot!(check("a: \"x\\q\"\nb: \"\\u12\"\nc: 1\n"), @r#"
        K207 gate.yaml:1:6 `\q`
          `\q` is not an escape; between double quotes `\` starts one
          write `\\` for a backslash, or use single quotes, where it stands for itself
        K207 gate.yaml:2:5 `\u12`
          `\u12` is not an escape; between double quotes `\` starts one
          write `\\` for a backslash, or use single quotes, where it stands for itself
        ---
        c: 1
        "#);
    insta::assert_snapshot!(check("a: @x\nb: `x`\nc: %x\nd: 1\n"), @r#"
        K208 gate.yaml:1:4 `@`
          a value without quotes cannot start with `@`
          put the value in quotes
        K208 gate.yaml:2:4 ```
          a value without quotes cannot start with a backtick
          put the value in quotes
        K208 gate.yaml:3:4 `%`
          a value without quotes cannot start with `%`
          put the value in quotes
        ---
        d: 1
        "#);
    insta::assert_snapshot!(check("a: 'z'#c\nb: !e!x y\nc: \u{1}\nd: |x\n  y\ne: 1\n"), @r#"
        K201 gate.yaml:1:7 `#`
          this cannot be read as YAML: comments must be separated from other tokens by whitespace
          write a blank before `#`, or quote the text
        K215 gate.yaml:2:4 `!e!x`
          `!e!x` is not a tag that can be read
          tags are one word: `!env NAME`, `!file path`, `!secret name`
        K201 gate.yaml:3:4 ``
          the character U+0001 may not stand here
          put the text in double quotes and write it as an escape such as `\x01`
        K201 gate.yaml:4:4 `|`
          this cannot be read as YAML: while scanning a block scalar, did not find expected comment or line break
          start the text on the line below `|` or `>`
        ---
        e: 1
        "#);
}

#[test]
fn ten_mistakes_are_ten_findings() {
    let text = "\
gateway: {name: \"shop}
listeners:
  web: {bind: [1, 2}
routes:
  one:
    path: @x
    a:b
    ok: 1
  two:
   ok: 2
    more: 3
  three: \"\\z\"
  four: x: y
  five: 'a' b
  six:
    - 1
    x: 2
  seven: *gone
  eight: !!int x
last: 1
";
    insta::assert_snapshot!(check(text), @r#"
        K204 gate.yaml:1:17 `"shop}`
          the text that starts with this `"` has no closing `"`
          write `"` at its end; text over several lines is written with `|`
        K205 gate.yaml:3:15 `[`
          this `[` is closed by `}`; expected `]`
          write `]` where `}` stands
        K208 gate.yaml:6:11 `@`
          a value without quotes cannot start with `@`
          put the value in quotes
        K206 gate.yaml:7:5 `a:b`
          `a:` is not followed by a blank, so this is no `key: value` entry
          write a blank after the colon
        K203 gate.yaml:11:5 `more: 3`
          `more: 3` is indented deeper than the entry above, which already has a value
          give both lines the same indentation, or take the value above away
        K207 gate.yaml:12:11 `\z`
          `\z` is not an escape; between double quotes `\` starts one
          write `\\` for a backslash, or use single quotes, where it stands for itself
        K208 gate.yaml:13:10 `:`
          a second `: ` on this line; a value without quotes cannot contain it
          put the value in quotes, or write the inner entry on a line of its own
        K208 gate.yaml:14:13 `b`
          `b` stands after the closing quote; expected the end of the value
          put the whole value in quotes, or escape the inner quote
        K203 gate.yaml:17:5 `x: 2`
          `x: 2` is no list item; expected a line with `- `
          entries of one map or list start in the same column; indent with two blanks
        K209 gate.yaml:18:10 `*gone`
          `*gone` names no anchor; none called `&gone` stands above it
          mark a value above with `&gone`, or put the text in quotes
        K215 gate.yaml:19:10 `!!int`
          `x` is not what the tag `!!int` promises
          leave the tag out, or write a value of that type
        ---
        listeners: null
        routes:
          one:
            ok: 1
          two:
            ok: 2
          six:
            - 1
          seven: null
          eight: x
        last: 1
        "#);
}

#[test]
fn more_mistakes_than_rounds() {
    let text: String = (0..100).map(|n| format!("k{n}: @x\n")).collect();
    let (_, findings) = yaml::parse(gatec_syntax::SourceId::default(), &text);
    assert_eq!(findings.len(), 21);
}
