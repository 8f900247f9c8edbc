//! What a reader sees of broken texts, and what is still read of them.

#![expect(
    clippy::indexing_slicing,
    reason = "a test stops at what it does not expect"
)]

use gatec_syntax::kdl::{KdlNode, parse};
use gatec_syntax::{SourceId, Sources};

/// Each finding as `line:column code message`, then what was read.
fn report(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("gate.kdl", text);
    let (tree, found) = parse(id, text);
    let mut out = String::new();
    for found in found {
        let at = sources.place(found.span).replace("gate.kdl:", "");
        out.push_str(&format!(
            "{at} {} {} `{}`\n",
            found.code,
            found.message,
            sources.slice(found.span)
        ));
        for related in &found.related {
            out.push_str(&format!(
                "  {} {}\n",
                sources.place(related.span),
                related.label
            ));
        }
        if let Some(fix) = found.fix {
            out.push_str(&format!("  fix: {} -> {}\n", fix.title, fix.edits[0].text));
        }
    }
    out.push_str(&tree.nodes.iter().map(outline).collect::<Vec<_>>().join(" "));
    out
}

fn outline(node: &KdlNode<'_>) -> String {
    let mut out = format!(
        "{}:{}+{}",
        node.name,
        node.arguments.len(),
        node.properties.len()
    );
    if let Some(children) = &node.children {
        out.push_str(&format!(
            "{{{}}}",
            children
                .nodes
                .iter()
                .map(outline)
                .collect::<Vec<_>>()
                .join(" ")
        ));
    }
    out
}

#[test]
fn ten_mistakes_in_one_text_are_all_found() {
    insta::assert_snapshot!(report(
        r#"gateway shop"
listener "web" bind=127.0.0.1
route "a" public=true {
    match ["GET"]
    respond 200 { body "a\qb" } x=1
}
limit = "x"
8080
store "redis"url=(env "X"
b k=
# note
c r"\d" #True
}
"#
    ));
}

#[test]
fn a_missing_brace_is_placed_by_indentation() {
    insta::assert_snapshot!(report(
        "route \"a\" {\n    match \"GET\" {\n        x\n    respond 200\n}\nroute \"b\" {\n    match\n\nroute \"c\" {\n    y\n}\n"
    ));
}

#[test]
fn without_indentation_a_missing_brace_is_reported_where_it_opens() {
    insta::assert_snapshot!(report("a {\nb {\nc\n}\nd\n"));
}

#[test]
fn an_open_string_takes_no_more_than_its_node() {
    insta::assert_snapshot!(report(
        "route \"a {\n    x 1\n}\nr2 {\n    body \"\"\"\n        text \"\n        more }\n    y\n}\nz /* open\n    in\nlast 1\n"
    ));
}

#[test]
fn what_cannot_be_placed_is_left_out_but_read() {
    insta::assert_snapshot!(report(
        "a 1\n{ b 1x }\nc { d } { e 2x }\n(t)\n/-\n/- }\nf /- \n"
    ));
}

#[test]
fn strings_are_checked_inside() {
    insta::assert_snapshot!(report(
        "a \"\\u{d800} \\/ \\x\" \"\"\"\n    ok\n  bad\n    \"\"\" \"\"\"\n  x\"\"\"\nb \"\"\"x\"\"\" #\"\"\"y\"\"\"#\n"
    ));
}

#[test]
fn keywords_without_their_mark_are_read_as_meant() {
    insta::assert_snapshot!(report(
        "a true k=false null inf (t)nan\nnull 1\na true=1 (false)2\n"
    ));
}

#[test]
fn a_node_knows_that_it_is_broken() {
    let (tree, _) = parse(SourceId(0), "a 1\nb 1x\nc { d 1x; e 2 }\nf\n");
    let broken: Vec<_> = tree.nodes.iter().map(|node| node.broken).collect();
    assert_eq!(broken, [false, true, true, false]);
    let children = &tree.nodes[2].children.as_ref().unwrap().nodes;
    assert_eq!(
        children.iter().map(|node| node.broken).collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn comments_belong_to_the_node_they_stand_at() {
    let text = "// one\n/* two\n * three\n */\na 1 { // four\n    // five\n    b // six\n    /-c // gone\n    // seven\n} // eight\n\n// nine\n";
    let (tree, found) = parse(SourceId(0), text);
    assert_eq!(found, []);
    let [a] = tree.nodes.as_slice() else {
        panic!("{tree:?}")
    };
    let comments = a.comments.as_ref().unwrap();
    assert_eq!(comments.leading, ["one", "two", "three"]);
    assert_eq!(comments.trailing.as_deref(), Some("four eight"));
    let block = a.children.as_ref().unwrap();
    let comments = block.nodes[0].comments.as_ref().unwrap();
    assert_eq!(comments.leading, ["five"]);
    assert_eq!(comments.trailing.as_deref(), Some("six"));
    assert_eq!(block.trailing_comments, ["/-c", "gone", "seven"]);
    assert_eq!(tree.trailing_comments, ["nine"]);
}

#[test]
fn spans_are_exact_and_keys_apart_from_values() {
    let text = "(t)nöde (env)\"A\\n\" key = (secret) #\"v\"# { x }";
    let mut sources = Sources::new();
    let id = sources.add("gate.kdl", text);
    let (tree, found) = parse(id, text);
    assert_eq!(found, []);
    let node = &tree.nodes[0];
    let spans = [
        node.span,
        node.name_span,
        node.annotation.as_ref().unwrap().span,
        node.arguments[0].span,
        node.arguments[0].annotation.as_ref().unwrap().name_span,
        node.properties[0].key_span,
        node.properties[0].value_span,
        node.properties[0].annotation.as_ref().unwrap().span,
        node.children.as_ref().unwrap().span,
    ];
    let words = spans.map(|span| sources.slice(span));
    assert_eq!(
        words,
        [
            text, "nöde", "(t)", "\"A\\n\"", "env", "key", "#\"v\"#", "(secret)", "{ x }"
        ]
    );
}
