//! What a text becomes: values, places, comments, references, aliases and merges.

use gatec_syntax::{Document, Node, Number, Object, Sources, Value, yaml};

/// A tree in a few words, each value with the text its span covers.
fn show(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("gate.yaml", text);
    let (document, findings) = yaml::parse(id, text);
    let mut out = String::new();
    for finding in &findings {
        out.push_str(&format!(
            "{} {} {}\n",
            finding.code,
            sources.place(finding.span),
            finding.message
        ));
    }
    object(&document.root, 0, text, &mut out);
    for comment in &document.trailing_comments {
        out.push_str(&format!("# {comment}\n"));
    }
    out
}

fn object(object: &Object, depth: usize, text: &str, out: &mut String) {
    for entry in &object.entries {
        let indent = "  ".repeat(depth);
        let comments = entry.comments.clone().unwrap_or_default();
        for line in comments.leading {
            out.push_str(&format!("{indent}# {line}\n"));
        }
        out.push_str(&format!(
            "{indent}{}@{}: ",
            entry.key,
            place(text, entry.key_span.range())
        ));
        if let Some(comment) = comments.trailing {
            out.push_str(&format!("(# {comment}) "));
        }
        node(&entry.node, depth, text, out);
    }
}

fn place(text: &str, range: std::ops::Range<usize>) -> String {
    format!("{:?}", &text[range])
}

fn node(node: &Node, depth: usize, text: &str, out: &mut String) {
    let at = place(text, node.span.range());
    match &node.value {
        Value::Null => out.push_str(&format!("null {at}\n")),
        Value::Bool(value) => out.push_str(&format!("{value} {at}\n")),
        Value::Number(Number::Integer(value)) => out.push_str(&format!("int {value} {at}\n")),
        Value::Number(Number::Float(value)) => out.push_str(&format!("float {value:?} {at}\n")),
        Value::String(value) => out.push_str(&format!("{value:?} {at}\n")),
        Value::Reference(value) => {
            let kind = place(text, value.kind_span.range());
            let target = place(text, value.target_span.range());
            out.push_str(&format!(
                "({}){:?} {at} {kind} {target}\n",
                value.kind, value.target
            ));
        }
        Value::Array(items) => {
            out.push_str(&format!("list {at}\n"));
            for item in items {
                out.push_str(&format!("{}- ", "  ".repeat(depth + 1)));
                self::node(item, depth + 1, text, out);
            }
        }
        Value::Object(map) => {
            out.push_str(&format!("map {at}\n"));
            object(map, depth + 1, text, out);
        }
    }
}

fn clean(text: &str) -> Document {
    let (document, findings) = yaml::parse(gatec_syntax::SourceId::default(), text);
    assert_eq!(findings, [], "{text}");
    document
}

#[test]
fn scalars_with_their_places() {
    insta::assert_snapshot!(show("é: ü # ö\n404: 1.5\n'q k': \"a\\tb\"\nn:\nt: true\nyes: no\nd: |\n  a\n  b\n\nf: >-\n  x\n  y\nm: two\n  lines\n"), @r#"
        é@"é": (# ö) "ü" "ü"
        404@"404": float 1.5 "1.5"
        q k@"'q k'": "a\tb" "\"a\\tb\""
        n@"n": null ""
        t@"t": true "true"
        yes@"yes": "no" "no"
        d@"d": "a\nb\n" "|\n  a\n  b"
        f@"f": "x y" ">-\n  x\n  y"
        m@"m": "two lines" "two\n  lines"
        "#);
}

#[test]
fn lists_and_maps_with_their_places() {
    insta::assert_snapshot!(show("a:\n- 1\n- x: 1\n  y: [2, {z: 3}]\n-\nb:\n  - - 1\n    - 2\n  - {}\n? long\n: short\n"), @r#"
        a@"a": list "- 1\n- x: 1\n  y: [2, {z: 3}]\n-"
          - int 1 "1"
          - map "x: 1\n  y: [2, {z: 3}]"
            x@"x": int 1 "1"
            y@"y": list "[2, {z: 3}]"
              - int 2 "2"
              - map "{z: 3}"
                z@"z": int 3 "3"
          - null ""
        b@"b": list "- - 1\n    - 2\n  - {}"
          - list "- 1\n    - 2"
            - int 1 "1"
            - int 2 "2"
          - map "{}"
        long@"long": "short" "short"
        "#);
}

#[test]
fn tags_are_references() {
    insta::assert_snapshot!(show("url: !env REDIS_URL\nkey: !file ./a b.pem\nlist: [!secret one, !vault \"two\"]\nn: !!str 5\nf: !!float 5\ni: !!int \"7\"\nt: ! 5\n"), @r#"
        url@"url": (env)"REDIS_URL" "!env REDIS_URL" "!env" "REDIS_URL"
        key@"key": (file)"./a b.pem" "!file ./a b.pem" "!file" "./a b.pem"
        list@"list": list "[!secret one, !vault \"two\"]"
          - (secret)"one" "!secret one" "!secret" "one"
          - (vault)"two" "!vault \"two\"" "!vault" "\"two\""
        n@"n": "5" "!!str 5"
        f@"f": float 5.0 "!!float 5"
        i@"i": int 7 "!!int \"7\""
        t@"t": "5" "! 5"
        "#);
}

#[test]
fn aliases_are_copies_and_merges_give_way() {
    insta::assert_snapshot!(show("base: &base\n  every: 5s\n  path: /\na: *base\nb:\n  path: /b\n  <<: *base\nc:\n  <<: [*base, {more: 1, path: /c}]\nd: [&x 1, *x]\n\"<<\": 1\n"), @r#"
        base@"base": map "every: 5s\n  path: /"
          every@"every": "5s" "5s"
          path@"path": "/" "/"
        a@"a": map "*base"
          every@"every": "5s" "5s"
          path@"path": "/" "/"
        b@"b": map "path: /b\n  <<: *base"
          path@"path": "/b" "/b"
          every@"every": "5s" "5s"
        c@"c": map "<<: [*base, {more: 1, path: /c}]"
          every@"every": "5s" "5s"
          path@"path": "/" "/"
          more@"more": int 1 "1"
        d@"d": list "[&x 1, *x]"
          - int 1 "1"
          - int 1 "*x"
        <<@"\"<<\"": int 1 "1"
        "#);
}

#[test]
fn comments_find_their_entries() {
    insta::assert_snapshot!(show("# top\n#second\n\na: 1 # one\nb: # two\n  # in b\n  c: \"#no\" # three\n  url: x#y\n# before d\nd:\n  - GET # get\n  # post\n  - POST\n  - k: 1 # k\ne: { f: 1, g: 2 } # flow\nt: | # head\n  # text\n# last\n"), @r##"
        # top
        # second
        a@"a": (# one) int 1 "1"
        b@"b": (# two) map "c: \"#no\" # three\n  url: x#y"
          # in b
          c@"c": (# three) "#no" "\"#no\""
          url@"url": "x#y" "x#y"
        # before d
        d@"d": list "- GET # get\n  # post\n  - POST\n  - k: 1"
          - "GET" "GET"
          - "POST" "POST"
          - map "k: 1"
            # get
            # post
            k@"k": (# k) int 1 "1"
        e@"e": (# flow) map "{ f: 1, g: 2 }"
          f@"f": int 1 "1"
          g@"g": int 2 "2"
        t@"t": (# head) "# text\n" "| # head\n  # text"
        # last
        "##);
}

#[test]
fn mistakes_of_meaning() {
    insta::assert_snapshot!(show("a: *nope\nb: &b [*b]\n[x]: 1\n{{ name }}: 2\n!env X: 3\nc:\n  <<: 7\nd: !!int x\ne: !env [a]\nf: !!binary x\n"), @r#"
        K209 gate.yaml:1:4 `*nope` names no anchor; none called `&nope` stands above it
        K209 gate.yaml:2:8 `*b` stands inside the very value it names
        K211 gate.yaml:3:1 a key must be one word or one quoted text, but this is a list
        K211 gate.yaml:4:1 a key must be one word or one quoted text, but this is an object
        K211 gate.yaml:5:1 a key must be one word or one quoted text, but this is a key with a tag
        K214 gate.yaml:7:7 `<<` merges maps, but this is an integer
        K215 gate.yaml:8:4 `x` is not what the tag `!!int` promises
        K215 gate.yaml:9:4 `!env` stands before a list; it takes one name or path
        K215 gate.yaml:10:4 the tag `!!binary` means nothing here
        a@"a": null "*nope"
        b@"b": list "[*b]"
          - null "*b"
        X@"X": int 3 "3"
        c@"c": map "<<: 7"
        d@"d": "x" "!!int x"
        e@"e": list "[a]"
          - "a" "a"
        f@"f": "x" "!!binary x"
        "#);
    insta::assert_snapshot!(show("a: 1\n---\nb: 2\n"), @r#"
        K212 gate.yaml:2:1 a second document begins here; a file holds one
        a@"a": int 1 "1"
        "#);
    insta::assert_snapshot!(show("- a\n"), @r#"
        K213 gate.yaml:1:1 the text must be a map of `key: value` entries, but it is a list
        "#);
    insta::assert_snapshot!(show("gateway:shop\n"), @r#"
        K213 gate.yaml:1:1 the text must be a map of `key: value` entries, but it is a string
        "#);
}

#[test]
fn nothing_is_an_empty_map() {
    for text in [
        "",
        "\n\n",
        "# only\n",
        "---\n",
        "\u{feff}",
        "{}",
        "--- {}\n...\n",
        "%YAML 1.2\n---\n",
    ] {
        assert_eq!(clean(text).root, Object::default(), "{text:?}");
    }
}

#[test]
fn a_key_given_twice_stands_twice() {
    let document = clean("a: 1\nb: 2\na: 3\n");
    let keys: Vec<&str> = document
        .root
        .entries
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    assert_eq!(keys, ["a", "b", "a"]);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark() {
    insta::assert_snapshot!(show("\u{feff}a: 1 # x\r\nb:\r\n  c: é\r\n"), @r#"
        a@"a": (# x) int 1 "1"
        b@"b": map "c: é"
          c@"c": "é" "é"
        "#);
}
