//! Programs that are sound but make no sense are refused when they are loaded, not when they are used.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

mod bundle_sample;
mod decide_fixture;

use bundle_sample::{refusal, sample};
use bytes::Bytes;
use decide_fixture::*;
use gated_engine::Bundle;
use gated_engine::bundle::{Contents, encode};
use gated_engine::program::*;

/// The sentence that refuses a program, without its common beginning.
fn nonsense(change: impl FnOnce(&mut Contents)) -> String {
    let mut gateway = sample();
    let file = Bundle::load(Bytes::from(sample().file())).unwrap();
    gateway.contents.program =
        rkyv::deserialize::<Program, rkyv::rancor::Error>(file.program()).unwrap();
    change(&mut gateway.contents);
    let message = refusal(encode(&gateway.contents).unwrap());
    message
        .strip_prefix("the program makes no sense: ")
        .unwrap_or(&message)
        .to_owned()
}

/// Makes nonsense of a program.
type Change = fn(&mut Program);

#[test]
fn every_index_must_lead_somewhere() {
    let table: &[(Change, &str)] = &[
        (
            |p| p.matcher.matches[0].route = 2,
            "there is no route number 2",
        ),
        (
            |p| p.matcher.candidates.push(9),
            "there is no match number 9",
        ),
        (
            |p| p.matcher.hosts[0].tier = 9,
            "there is no priority number 9",
        ),
        (
            |p| p.matcher.hosts[0].root = 9999,
            "node 9999 is no root of the tables",
        ),
        (
            |p| {
                p.matcher.nodes[0].end = Leaf {
                    start: u32::MAX,
                    count: u32::MAX,
                }
            },
            "a leaf ends after the candidates",
        ),
        (
            |p| {
                p.matcher.nodes[0].parameters.push(ParameterBranch {
                    kind: ParameterKind::Any,
                    child: 99,
                })
            },
            "there is no node 99",
        ),
        (
            |p| {
                let is_literal = |node: &TrieNode| node.parent != NO_PARENT;
                let child = p.matcher.nodes.iter().position(is_literal).unwrap() as u32;
                p.matcher.nodes[0].parameters.push(ParameterBranch {
                    kind: ParameterKind::Any,
                    child,
                });
            },
            "two branches lead to node 1",
        ),
        (
            |p| {
                p.matcher.nodes[1].parameters.push(ParameterBranch {
                    kind: ParameterKind::Any,
                    child: 0,
                })
            },
            "node 0 is no root of the tables",
        ),
        (
            |p| p.matcher.host_table.slots.fill(1),
            "the table of hosts has 2 slots for 1 entries",
        ),
        (
            |p| p.matcher.host_table.slots.push(0),
            "the table of hosts has 3 slots for 1 entries",
        ),
        (
            |p| p.matcher.host_table.slots.clear(),
            "the table of hosts has 0 slots for 1 entries",
        ),
        (
            |p| p.matcher.node_table.slots[0] = 77,
            "the table of nodes has no entry 77",
        ),
        (
            |p| p.matcher.node_table.slots[0] = 1 << 40,
            "the table of nodes has no entry 0",
        ),
        (
            |p| p.matcher.nodes[0].literals = 9,
            "a node has 1 literal branches, not 9",
        ),
        (
            |p| {
                p.matcher.nodes[0].rest = Leaf {
                    start: 77,
                    count: 1,
                }
            },
            "there is no match number 77",
        ),
        (
            |p| p.routes[0].action = Action::Proxy(0),
            "route `route-0`: there is no way number 0 to pass it on",
        ),
        (
            |p| {
                p.proxies.push(proxy());
                p.routes[0].action = Action::Proxy(0);
            },
            "proxy 0: there is no upstream number 0",
        ),
        (
            |p| p.proxies.push(proxy()),
            "proxy 0: there is no upstream number 0",
        ),
        (
            |p| p.routes[0].action = Action::Files(Box::new(files(1))),
            "route `route-0`: there is no folder number 1",
        ),
        (
            |p| p.routes[0].action = Action::Respond(Box::new(respond(100, &[], Body::Empty))),
            "route `route-0`: an answer cannot have status 100",
        ),
        (
            |p| {
                let many = vec![("x-a", text("a")); 1001];
                p.routes[0].action = Action::Respond(Box::new(respond(200, &many, Body::Empty)));
            },
            "route `route-0`: 1001 headers, at most 1000 are sent",
        ),
        (
            |p| {
                p.routes[0].action =
                    Action::Respond(Box::new(respond(200, &[("X", text("a"))], Body::Empty)))
            },
            "route `route-0`: `X` is no header name in lower case",
        ),
        (
            |p| {
                p.routes[0].action = Action::Respond(Box::new(respond(
                    200,
                    &[("transfer-encoding", text("chunked"))],
                    Body::Empty,
                )))
            },
            "route `route-0`: the header `transfer-encoding` belongs to the connection",
        ),
        (
            |p| p.settings.request_id_header = "x-forwarded-for".to_owned(),
            "`x-forwarded-for` has a meaning of its own and cannot hold the request id",
        ),
        (
            |p| p.settings.request_id_header = "connection".to_owned(),
            "`connection` has a meaning of its own and cannot hold the request id",
        ),
        (
            |p| {
                p.routes[0].action = Action::Respond(Box::new(respond(
                    200,
                    &[],
                    Body::Bytes(Blob {
                        offset: u64::MAX,
                        length: 2,
                    }),
                )))
            },
            "route `route-0`: its body is not in the bundle",
        ),
        (
            |p| {
                p.routes[0].action = Action::Redirect(Box::new(Redirect {
                    status: 200,
                    to: text("/"),
                }))
            },
            "route `route-0`: a redirect cannot have status 200",
        ),
        (
            |p| p.folders[0].files[0].body.length = 1 << 40,
            "file `index.html`: its contents are not in the bundle",
        ),
        (
            |p| p.folders[0].files[0].path = "a/../b".to_owned(),
            "file `a/../b`: not a plain relative path",
        ),
        (
            |p| p.folders[0].files[0].etag = "W/\"x\"".to_owned(),
            "file `index.html`: `W/\"x\"` is no strong entity tag",
        ),
        (
            |p| {
                let file = p.folders[0].files[0].clone();
                p.folders[0].files.push(file);
            },
            "the files of a folder are not in order",
        ),
        (
            |p| p.settings.log_level = "loud".to_owned(),
            "`loud` is none of , error, warn, info, debug, trace",
        ),
        (
            |p| p.settings.management = Some("here".to_owned()),
            "`here` is no address",
        ),
    ];
    for (change, expected) in table {
        eprintln!("expected: {expected}");
        assert_eq!(
            nonsense(|contents| change(&mut contents.program)),
            *expected
        );
    }
}

#[test]
fn templates_must_make_sense() {
    let with = |source: ValueSource, filters: &[Filter]| {
        let body = Body::Template(template(Escape::None, vec![value(source, filters)]));
        nonsense(|contents| {
            contents.program.routes[0].action = Action::Respond(Box::new(respond(200, &[], body)));
        })
    };
    let named = |name: &str| name.to_owned();
    let unlisted = template(
        Escape::None,
        vec![value(ValueSource::Secret(named("x")), &[])],
    );
    assert_eq!(
        nonsense(|contents| {
            contents.program.upstreams.push(upstream("users"));
            contents.program.proxies.push(proxy());
            let host = Some(unlisted);
            contents.program.proxies.push(Proxy { host, ..proxy() });
        }),
        "proxy 1: the secret `x` is not listed"
    );
    assert_eq!(
        with(ValueSource::Random(2, 1), &[]),
        "route `route-0`: random from 2 to 1"
    );
    assert_eq!(
        with(ValueSource::Secret(named("x")), &[]),
        "route `route-0`: the secret `x` is not listed"
    );
    assert!(with(ValueSource::BodyJson(named("$[")), &[]).contains("`$[` is no JSON path"));
    assert!(with(ValueSource::BodyJson("[".repeat(900)), &[]).contains("nests deeper"));
    assert_eq!(
        with(ValueSource::Now, &[Filter::Date(named("%"))]),
        "route `route-0`: `%` is no date format"
    );
    assert_eq!(
        with(
            ValueSource::Method,
            &[Filter::Replace(String::new(), named("x"))]
        ),
        "route `route-0`: an empty text cannot be replaced"
    );
}

#[test]
fn the_source_map_fits_the_program() {
    assert_eq!(
        nonsense(|contents| contents.source_map.routes.push((0, 1, 1))),
        "the source map is for 3 routes, the program has 2"
    );
    assert_eq!(
        nonsense(|contents| contents.source_map.routes[0].0 = 1),
        "the source map names a file that it does not list"
    );
}
