//! Tables and texts that no compiler writes: a search in them ends, and what cannot be used is refused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

mod matching_support;

use gated_engine::matcher::{self, Compiled, Routing};
use gated_engine::program::{
    ArchivedProgram, Leaf, Matcher, NO_PARENT, ParameterBranch, ParameterKind, Program, method_bit,
};
use matching_support::{Draft, Sent, Table, on, sent, to};

type Error = rkyv::rancor::Error;

/// What becomes of a request in these tables.
fn route(program: &Program, request: &Sent) -> String {
    let bytes = rkyv::to_bytes::<Error>(program).unwrap();
    let archived = rkyv::access::<ArchivedProgram, Error>(&bytes).unwrap();
    let compiled = Compiled::new(archived).unwrap();
    let request = request.normal().unwrap();
    matcher::nearest(archived, &compiled, &request, None, 3);
    match matcher::route(archived, &compiled, &request, None) {
        Routing::Found(found) => found.route.to_string(),
        Routing::NeedsBody => "body?".to_owned(),
        Routing::NotFound => "none".to_owned(),
    }
}

/// The tables of sound patterns.
fn tables(drafts: impl IntoIterator<Item = Draft>) -> Program {
    let table = Table::of(drafts);
    let mut program = rkyv::deserialize::<Program, Error>(table.program()).unwrap();
    program.matcher = matcher::build(table.patterns.clone());
    program
}

/// A few of them, to be broken. Two paths have several matches, so that there are lists of candidates.
fn program() -> Program {
    let program = tables([
        on("/a/{x}/b"),
        on("/a/{x:int}/**"),
        on("/c"),
        to("GET", "/d/{y}"),
        to("POST", "/d/{y}"),
        to("GET", "/e"),
        to("POST", "/e"),
    ]);
    assert_eq!(program.matcher.candidates, [5, 6, 3, 4]);
    program
}

fn long() -> Sent {
    sent(&format!("GET {}", "/a".repeat(9_999)))
}

/// What becomes of a request for a lone match in the trie and one among the whole paths, and for one of
/// several in either.
fn outcomes(program: &Program) -> [String; 4] {
    ["GET /a/x/b", "GET /c", "POST /d/1", "POST /e"].map(|line| route(program, &sent(line)))
}

#[test]
fn sound_tables_find() {
    assert_eq!(outcomes(&program()), ["0", "2", "4", "6"]);
    assert_eq!(route(&program(), &sent("GET /a/7/b")), "1");
    assert_eq!(route(&program(), &sent("GET /d/1")), "3");
    assert_eq!(route(&program(), &long()), "none");
}

/// Lets every parameter of every node lead to every node.
fn entangle(program: &mut Program) {
    let circle = |child| ParameterBranch {
        kind: ParameterKind::Any,
        child,
    };
    let count = program.matcher.nodes.len() as u32;
    for node in &mut program.matcher.nodes {
        node.parameters = (0..count).chain(0..count).map(circle).collect();
    }
}

#[test]
fn nodes_that_lead_to_themselves() {
    let mut program = program();
    entangle(&mut program);
    assert_eq!(route(&program, &long()), "none");
}

/// A circle of literals: the root is the third node below itself.
#[test]
fn nodes_that_lead_back() {
    let mut program = tables([on("/a/a/a/{x}")]);
    let matcher = &mut program.matcher;
    let parents: Vec<u32> = matcher.nodes.iter().map(|node| node.parent).collect();
    assert_eq!(parents, [NO_PARENT, 0, 1, 2, NO_PARENT]);
    (matcher.nodes[0].parent, matcher.nodes[0].segment) = (2, "a".to_owned());
    // The table's entry for an `a` below node 2 is of node 3, as the number 4; now it is of the root.
    let mut slots = matcher.node_table.slots.iter_mut();
    let slot = slots.find(|slot| **slot as u32 == 4).unwrap();
    *slot = *slot - 4 + 1;
    matcher.nodes[0].end = Leaf { start: 0, count: 1 };
    let segments = |count| route(&program, &sent(&format!("GET {}", "/a".repeat(count))));
    assert_eq!(
        [1, 2, 3, 4, 6].map(segments),
        ["none", "none", "0", "none", "0"]
    );
    assert_eq!(segments(9_999), "none");
}

/// Makes all leaves one.
fn overlap(program: &mut Program, leaf: Leaf) {
    for node in &mut program.matcher.nodes {
        (node.end, node.regexes, node.rest) = (leaf, leaf, leaf);
    }
    for path in &mut program.matcher.paths {
        path.leaf = leaf;
    }
}

#[test]
fn leaves_that_overlap() {
    let lone = Leaf { start: 4, count: 1 };
    let mut all = program();
    all.matcher.candidates = (0..7).cycle().take(10_000).collect();
    let several = Leaf {
        start: 0,
        count: 10_000,
    };
    for (mut program, leaf, sound) in [(program(), lone, "4"), (all, several, "0")] {
        overlap(&mut program, leaf);
        assert_eq!(route(&program, &sent("POST /a/x/b")), sound, "{leaf:?}");
        for matched in &mut program.matcher.matches {
            matched.methods = method_bit("TRACE").unwrap();
        }
        assert_eq!(outcomes(&program), ["none"; 4], "{leaf:?}");
        entangle(&mut program);
        assert_eq!(outcomes(&program), ["none"; 4], "{leaf:?}");
        assert_eq!(route(&program, &long()), "none", "{leaf:?}");
    }
}

#[test]
fn leaves_that_lead_nowhere() {
    for (start, count) in [
        (u32::MAX, u32::MAX),
        (u32::MAX, 1),
        (7, 1),
        (4, 2),
        (3, 2),
        (0, u32::MAX),
    ] {
        let nowhere = Leaf { start, count };
        let mut program = program();
        program
            .matcher
            .nodes
            .iter_mut()
            .for_each(|node| (node.end, node.rest) = (nowhere, nowhere));
        assert_eq!(
            outcomes(&program),
            ["none", "2", "none", "6"],
            "{nowhere:?}"
        );
        overlap(&mut program, nowhere);
        assert_eq!(outcomes(&program), ["none"; 4], "{nowhere:?}");
        route(&program, &long());
    }
}

/// Breaks tables.
type Break = fn(&mut Matcher);

#[test]
fn numbers_that_lead_nowhere() {
    let breaks: [(Break, [&str; 4]); 6] = [
        (
            |matcher| {
                matcher
                    .hosts
                    .iter_mut()
                    .for_each(|host| host.root = u32::MAX)
            },
            ["none"; 4],
        ),
        (
            |matcher| {
                let nodes = matcher.nodes.iter_mut();
                nodes.for_each(|node| node.parent = 1 << 31);
            },
            ["none", "2", "none", "6"],
        ),
        (
            |matcher| matcher.candidates.fill(u32::MAX),
            ["0", "2", "none", "none"],
        ),
        (
            |matcher| matcher.node_table.slots = vec![u64::MAX; 8],
            ["none", "2", "none", "6"],
        ),
        (|matcher| matcher.host_table.slots = vec![1; 3], ["none"; 4]),
        (|matcher| matcher.nodes.clear(), ["none", "2", "none", "6"]),
    ];
    for (number, (change, expected)) in breaks.into_iter().enumerate() {
        let mut program = program();
        change(&mut program.matcher);
        assert_eq!(outcomes(&program), expected, "{number}");
        route(&program, &long());
    }
}

#[test]
fn broken_texts_are_refused() {
    let refused = |change: fn(&mut Program)| {
        let mut program = program();
        change(&mut program);
        let bytes = rkyv::to_bytes::<Error>(&program).unwrap();
        let archived = rkyv::access::<ArchivedProgram, Error>(&bytes).unwrap();
        Compiled::new(archived).err()
    };
    assert_eq!(refused(|_| ()), None);
    assert!(refused(|program| program.patterns.push("(".into())).is_some());
    assert!(refused(|program| program.schemas.push("{".into())).is_some());
    assert!(refused(|program| program.schemas.push(r#"{"type":7}"#.into())).is_some());
}

/// A schema may point at itself; what is asked of a body must still have an end.
#[test]
fn schemas_that_go_in_circles() {
    for schema in [
        r##"{"$ref":"#"}"##,
        r##"{"allOf":[{"$ref":"#"}]}"##,
        r##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}"##,
        r##"{"items":{"$ref":"#"}}"##,
    ] {
        if matcher::check_schema(schema).is_ok() {
            let table = Table::of([on("/a").schema(schema)]);
            let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
            table.route(&sent("POST /a").body(&deep));
        }
    }
}

#[test]
fn json_paths_are_read_in_bounded_time() {
    for path in [
        format!("$[?{}@.a{}]", "(".repeat(14), ")".repeat(14)),
        format!("$[?{}@.a{}]", "!(".repeat(7), ")".repeat(7)),
        format!("${}", "[?@.a".repeat(14) + &"]".repeat(14)),
        format!("$[?@.a{}]", " && @.a".repeat(500)),
        format!("$[?{}@.a{}]", "length(".repeat(14), ")".repeat(14)),
        format!("${}", "..*".repeat(1000)),
    ] {
        let _ = matcher::check_json_path(&path);
    }
}
