//! The bundle's file: what was put in comes out, and nothing else is taken for a bundle.

#![allow(missing_docs, reason = "a test")]

mod decide_fixture;

use bytes::Bytes;
use decide_fixture::*;
use gated_engine::bundle::{self, Contents, FORMAT, RawSections, SourceMap, assemble, encode};
use gated_engine::program::*;
use gated_engine::{Bundle, Digest, Manifest};
use proptest::prelude::*;

fn sample() -> Gateway {
    let mut gateway = Gateway::default();
    gateway.contents.manifest = Manifest {
        name: "shop".to_owned(),
        compiler: "0.1.0".to_owned(),
        counts: [("routes".to_owned(), 2)].into(),
        ..Manifest::default()
    };
    gateway.contents.tests = br#"{"a test":{}}"#.to_vec();
    gateway.contents.source_map = SourceMap {
        files: vec!["shop.kdl".to_owned()],
        routes: vec![(0, 4, 1), (0, 9, 1)],
    };
    gateway.contents.program.settings.name = "shop".to_owned();
    let hello = gateway.blob(b"hello");
    let folder = gateway.folder(&[("index.html", "<h1>shop</h1>")]);
    gateway
        .route(
            "/hello/{name}",
            Action::Respond(Box::new(respond(
                200,
                &[("x-name", template(Escape::Header, vec![value(ValueSource::Path("name".to_owned()), &[])]))],
                Body::Bytes(hello),
            ))),
        )
        .route("/*", Action::Files(Box::new(files(folder))))
}

fn load(file: Vec<u8>) -> Result<Bundle, String> {
    Bundle::load(Bytes::from(file)).map_err(|error| error.0)
}

fn refusal(file: Vec<u8>) -> String {
    match load(file) {
        Ok(_) => panic!("the file was taken"),
        Err(message) => message,
    }
}

#[test]
fn what_was_put_in_comes_out() {
    let gateway = sample();
    let contents = gateway.contents.clone();
    let file = gateway.file();
    let bundle = load(file.clone()).unwrap();
    assert_eq!(bundle.digest(), Digest::of(&file));
    assert_eq!(
        bundle.manifest(),
        &Manifest {
            format: FORMAT,
            ..contents.manifest
        }
    );
    assert_eq!(bundle.tests(), contents.tests);
    assert_eq!(bundle.source_map(), contents.source_map);
    assert_eq!(bundle.source_map().route(1), Some(("shop.kdl", 9, 1)));
    assert_eq!(bundle.file(), &file);
    let hello = Blob {
        offset: 0,
        length: 5,
    };
    assert_eq!(bundle.body(hello), "hello");
    assert!(std::ptr::eq(
        bundle.body(hello).as_ptr(),
        bundle.file()[bundle.sections()[2].1 as usize..].as_ptr()
    ));
    let mut read: Program =
        rkyv::deserialize::<Program, rkyv::rancor::Error>(bundle.program()).unwrap();
    read.matcher = Matcher::default();
    assert_eq!(read, contents.program);
}

#[test]
fn sections_follow_one_another_to_the_end() {
    let bundle = sample().load();
    let sections = bundle.sections();
    let names: Vec<&str> = sections.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        ["manifest", "program", "bodies", "tests", "source-map"]
    );
    for pair in sections.windows(2) {
        assert_eq!(pair[0].1 + pair[0].2, pair[1].1);
    }
    let (_, offset, length) = sections.last().unwrap();
    assert_eq!(offset + length, bundle.file().len() as u64);
}

#[test]
fn the_same_contents_give_the_same_bytes() {
    assert_eq!(sample().file(), sample().file());
    let mut shuffled = Contents::default();
    shuffled.manifest.required_features = vec!["b".to_owned(), "a".to_owned(), "b".to_owned()];
    let mut sorted = Contents::default();
    sorted.manifest.required_features = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(encode(&shuffled), encode(&sorted));
}

#[test]
fn a_bundle_of_nothing_loads() {
    let bundle = load(encode(&Contents::default()).unwrap()).unwrap();
    assert_eq!(bundle.program().routes.len(), 0);
    assert_eq!(bundle.tests(), b"{}");
}

#[test]
fn a_bundle_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Bundle>();
}

#[test]
fn every_flipped_byte_is_refused() {
    let file = sample().file();
    for at in 0..file.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut flipped = file.clone();
            flipped[at] ^= mask;
            assert!(load(flipped).is_err(), "byte {at} flipped by {mask:#x}");
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    let file = sample().file();
    for length in 0..file.len() {
        assert!(load(file[..length].to_vec()).is_err(), "{length} bytes");
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut file = sample().file();
    file.extend([0; 3]);
    assert_eq!(refusal(file), "the file goes on 3 bytes after the bundle's end");
}

#[test]
fn what_is_wrong_is_said() {
    let file = sample().file();
    assert_eq!(refusal(b"gateway \"shop\"".to_vec()), "the file is no bundle");
    assert_eq!(refusal(Vec::new()), "the file is no bundle");
    assert_eq!(refusal(file[..10].to_vec()), "the bundle is cut off");
    let changed = |at: usize, value: u8| {
        let mut file = file.clone();
        file[at] = value;
        refusal(file)
    };
    assert_eq!(
        changed(8, 2),
        "made by a newer gatec: format 2, this gated reads 1"
    );
    assert_eq!(changed(8, 0), "there is no format 0, this gated reads 1");
    assert_eq!(changed(12, 6), "the bundle has 6 sections, format 1 has 5");
    assert_eq!(changed(20, 7), "the header is damaged: its digest differs");
    assert_eq!(
        changed(file.len() - 1, 7),
        "the section `source-map` is damaged: its digest differs"
    );
}

/// Writes the header's digest anew, so that only what the header says can be wrong.
fn with_header(change: impl FnOnce(&mut [u8])) -> String {
    let mut file = sample().file();
    let (header, digest) = file.split_at_mut(16 + 5 * 52);
    change(header);
    digest[..32].copy_from_slice(&Digest::of(header).0);
    refusal(file)
}

#[test]
fn hostile_offsets_and_lengths_are_refused() {
    let far = [u64::MAX, u64::MAX / 2, 1 << 40, 0];
    for entry in 0..5 {
        let start = 16 + entry * 52;
        for number in far {
            with_header(|header| header[start + 4..start + 12].copy_from_slice(&number.to_le_bytes()));
            with_header(|header| header[start + 12..start + 20].copy_from_slice(&number.to_le_bytes()));
        }
        with_header(|header| header[start..start + 4].copy_from_slice(&9_u32.to_le_bytes()));
    }
}

#[test]
fn two_sections_cannot_change_places() {
    let message = with_header(|header| {
        let (before, after) = header[16..].split_at_mut(52);
        before.swap_with_slice(&mut after[..52]);
    });
    assert_eq!(message, "the section `manifest` is not where it belongs");
}

fn assembled(change: impl FnOnce(&mut RawSections<'static>)) -> String {
    const MANIFEST: &[u8] = br#"{"format":1,"name":"","profile":"","compiler":"","min_runtime":"","required_features":[],"counts":{}}"#;
    let mut sections = RawSections {
        manifest: MANIFEST,
        tests: b"{}",
        source_map: &[0; 8],
        ..RawSections::default()
    };
    change(&mut sections);
    refusal(assemble(&sections).unwrap())
}

#[test]
fn sections_that_make_no_sense_are_refused() {
    assert_eq!(
        assembled(|_| {}),
        "the section `program` holds no sound program"
    );
    assert!(assembled(|sections| sections.manifest = b"{}").starts_with("the manifest cannot be read"));
    assert!(
        assembled(|sections| sections.tests = b"{\"a\":").starts_with("the section `tests` cannot be read")
    );
    assert!(
        assembled(|sections| sections.tests = b"\"\xff\"").starts_with("the section `tests` cannot be read")
    );
    let deep: &'static [u8] = "[".repeat(100_000).leak().as_bytes();
    assert!(assembled(|sections| sections.tests = deep).starts_with("the section `tests` cannot be read"));
    assert!(assembled(|sections| sections.program = &[0xff; 512]).contains("no sound program"));
}

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

#[test]
fn every_index_must_lead_somewhere() {
    let table: &[(fn(&mut Program), &str)] = &[
        (|p| p.matcher.matches[0].route = 2, "there is no route number 2"),
        (|p| p.matcher.candidates.push(9), "there is no match number 9"),
        (|p| p.matcher.hosts[0].tier = 9, "there is no priority number 9"),
        (|p| p.matcher.hosts[0].root = 9999, "node 9999 is no root of the tables"),
        (
            |p| p.matcher.nodes[0].end = Leaf { start: u32::MAX, count: u32::MAX },
            "a leaf ends after the candidates",
        ),
        (
            |p| p.matcher.nodes[0].parameters.push(ParameterBranch { kind: ParameterKind::Any, child: 99 }),
            "there is no node 99",
        ),
        (
            |p| {
                let edge = p.matcher.edges[0].clone();
                p.matcher.nodes[0].parameters.push(ParameterBranch { kind: ParameterKind::Any, child: edge.child });
            },
            "two branches lead to node 1",
        ),
        (
            |p| p.matcher.nodes[1].parameters.push(ParameterBranch { kind: ParameterKind::Any, child: 0 }),
            "node 0 is no root of the tables",
        ),
        (|p| p.matcher.host_table.slots.fill(1), "the table of hosts has 2 slots for 1 entries"),
        (|p| p.matcher.host_table.slots.push(0), "the table of hosts has 3 slots for 1 entries"),
        (|p| p.matcher.host_table.slots.clear(), "the table of hosts has 0 slots for 1 entries"),
        (|p| p.matcher.edge_table.slots[0] = 77, "the table of edges has no entry 77"),
        (|p| p.matcher.edge_table.slots[0] = 1 << 40, "the table of edges has no entry 0"),
        (
            |p| p.routes[0].action = Action::Proxy(Box::new(proxy())),
            "route `route-0`: there is no upstream number 0",
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
            |p| p.routes[0].action = Action::Respond(Box::new(respond(200, &[("X", text("a"))], Body::Empty))),
            "route `route-0`: `X` is no header name in lower case",
        ),
        (
            |p| p.routes[0].action = Action::Respond(Box::new(respond(200, &[], Body::Bytes(Blob { offset: u64::MAX, length: 2 })))),
            "route `route-0`: its body is not in the bundle",
        ),
        (
            |p| p.routes[0].action = Action::Redirect(Box::new(Redirect { status: 200, to: text("/") })),
            "route `route-0`: a redirect cannot have status 200",
        ),
        (|p| p.folders[0].files[0].body.length = 1 << 40, "file `index.html`: its contents are not in the bundle"),
        (|p| p.folders[0].files[0].path = "a/../b".to_owned(), "file `a/../b`: not a plain relative path"),
        (|p| p.folders[0].files[0].etag = "W/\"x\"".to_owned(), "file `index.html`: `W/\"x\"` is no strong entity tag"),
        (
            |p| {
                let file = p.folders[0].files[0].clone();
                p.folders[0].files.push(file);
            },
            "the files of a folder are not in order",
        ),
        (|p| p.settings.log_level = "loud".to_owned(), "`loud` is none of , error, warn, info, debug, trace"),
        (|p| p.settings.management = Some("here".to_owned()), "`here` is no address"),
    ];
    for (change, expected) in table {
        assert_eq!(nonsense(|contents| change(&mut contents.program)), *expected);
    }
}

#[test]
fn templates_must_make_sense() {
    let with = |source: ValueSource, filters: &[Filter]| {
        let body = Body::Template(template(Escape::None, vec![value(source, filters)]));
        nonsense(|contents| {
            contents.program.routes[0].action =
                Action::Respond(Box::new(respond(200, &[], body)));
        })
    };
    let named = |name: &str| name.to_owned();
    assert_eq!(with(ValueSource::Random(2, 1), &[]), "route `route-0`: random from 2 to 1");
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
        with(ValueSource::Method, &[Filter::Replace(String::new(), named("x"))]),
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(load(bytes).is_err());
    }

    #[test]
    fn a_damaged_program_under_right_digests_does_no_harm(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
    ) {
        let bundle = sample().load();
        let file = bundle.file();
        let sections: Vec<Vec<u8>> = bundle
            .sections()
            .iter()
            .map(|(_, offset, length)| file[*offset as usize..(offset + length) as usize].to_vec())
            .collect();
        let mut program = sections[1].clone();
        for (at, byte) in &changes {
            let at = at.index(program.len());
            program[at] = *byte;
        }
        let file = assemble(&RawSections {
            manifest: &sections[0],
            program: &program,
            bodies: &sections[2],
            tests: &sections[3],
            source_map: &sections[4],
        });
        if let Ok(bundle) = load(file.unwrap()) {
            for target in ["/", "/hello/x", "/index.html", "/hello/x/y"] {
                get(target, &[]).with(|request| {
                    if let gated_engine::matcher::Routing::Found(found) = bundle.route(request, None) {
                        let _ = gated_engine::decide::decide(&bundle, &found, request, None, &environment());
                    }
                });
            }
        }
    }
}

#[test]
fn too_large_a_bundle_is_not_written() {
    assert!(bundle::SIZE_LIMIT >= 1024 * 1024);
    let mut contents = Contents::default();
    contents.manifest.name = "n".repeat(2 * 1024 * 1024);
    assert!(encode(&contents).unwrap_err().0.starts_with("the manifest is 20"));
}
