//! Tables and texts that no compiler writes: a search in them ends, and what cannot be used is refused.

#![allow(clippy::unwrap_used, reason = "test code")]

mod matching_support;

use gated_engine::matcher::{self, Compiled, Routing};
use gated_engine::program::{
    ArchivedProgram, HashTable, Leaf, ParameterBranch, ParameterKind, Program,
};
use matching_support::{Sent, Table, on, sent};

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

/// The tables of a few sound patterns, to be broken.
fn program() -> Program {
    let table = Table::of([on("/a/{x}/b"), on("/a/{x:int}/**"), on("/c")]);
    let mut program = rkyv::deserialize::<Program, Error>(table.program()).unwrap();
    program.matcher = matcher::build(table.patterns.clone());
    program
}

fn long() -> Sent {
    sent(&format!("GET {}", "/a".repeat(10_000)))
}

#[test]
fn sound_tables_find() {
    assert_eq!(route(&program(), &sent("GET /a/7/b")), "1");
    assert_eq!(route(&program(), &sent("GET /a/x/b")), "0");
    assert_eq!(route(&program(), &sent("GET /c")), "2");
}

#[test]
fn nodes_that_lead_to_themselves() {
    let mut program = program();
    let circle = |child| ParameterBranch {
        kind: ParameterKind::Any,
        child,
    };
    let count = program.matcher.nodes.len() as u32;
    for node in &mut program.matcher.nodes {
        node.parameters = (0..count).chain(0..count).map(circle).collect();
    }
    assert_eq!(route(&program, &long()), "none");
}

#[test]
fn nodes_that_lead_back() {
    let mut program = program();
    for node in &mut program.matcher.nodes {
        node.parent = 0;
    }
    assert_eq!(route(&program, &long()), "none");
}

#[test]
fn leaves_that_overlap() {
    let mut program = program();
    let all = Leaf {
        start: 0,
        count: program.matcher.candidates.len() as u32,
    };
    for matched in &mut program.matcher.matches {
        matched.methods = 1 << 7;
    }
    for node in &mut program.matcher.nodes {
        (node.end, node.regexes, node.rest) = (all, all, all);
    }
    assert_eq!(route(&program, &sent("GET /a/7/b")), "none");
}

#[test]
fn numbers_that_lead_nowhere() {
    let nowhere = Leaf {
        start: u32::MAX,
        count: u32::MAX,
    };
    for part in 0..8 {
        let mut program = program();
        let matcher = &mut program.matcher;
        match part {
            0 => matcher
                .hosts
                .iter_mut()
                .for_each(|host| host.root = u32::MAX),
            1 => matcher
                .nodes
                .iter_mut()
                .for_each(|node| node.parent = 1 << 31),
            2 => matcher
                .candidates
                .iter_mut()
                .for_each(|index| *index = u32::MAX),
            3 => matcher.nodes.iter_mut().for_each(|node| node.end = nowhere),
            4 => matcher
                .paths
                .iter_mut()
                .for_each(|path| path.leaf = nowhere),
            5 => {
                matcher.node_table = HashTable {
                    slots: vec![u64::MAX; 8],
                }
            }
            6 => matcher.host_table = HashTable { slots: vec![1; 3] },
            _ => matcher.nodes.clear(),
        }
        for request in [sent("GET /a/x/b"), sent("GET /c"), long()] {
            route(&program, &request);
        }
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
