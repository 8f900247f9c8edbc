//! The bundle's file: what was put in comes out, and nothing else is taken for a bundle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test"
)]

mod bundle_sample;
mod decide_fixture;

use bundle_sample::{load, refusal, sample};
use decide_fixture::*;
use gated_engine::bundle::{Contents, FORMAT, RawSections, assemble, encode};
use gated_engine::program::*;
use gated_engine::{Bundle, Digest, Manifest};
use proptest::prelude::*;

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
    assert_eq!(
        refusal(file),
        "the file goes on 3 bytes after the bundle's end"
    );
}

#[test]
fn what_is_wrong_is_said() {
    let file = sample().file();
    assert_eq!(
        refusal(b"gateway \"shop\"".to_vec()),
        "the file is no bundle"
    );
    assert_eq!(refusal(Vec::new()), "the file is no bundle");
    assert_eq!(refusal(file[..10].to_vec()), "the bundle is cut off");
    let changed = |at: usize, value: u8| {
        let mut file = file.clone();
        file[at] = value;
        refusal(file)
    };
    assert_eq!(
        changed(8, 5),
        "made by a newer gatec: format 5, this gated reads 4"
    );
    assert_eq!(
        changed(8, 3),
        "made by an older gatec: format 3, this gated reads 4; build it anew with this version's gatec"
    );
    assert_eq!(changed(8, 0), "there is no format 0, this gated reads 4");
    assert_eq!(changed(12, 6), "the bundle has 6 sections, format 4 has 5");
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
            with_header(|header| {
                header[start + 4..start + 12].copy_from_slice(&number.to_le_bytes())
            });
            with_header(|header| {
                header[start + 12..start + 20].copy_from_slice(&number.to_le_bytes())
            });
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
    const MANIFEST: &[u8] = br#"{"format":4,"name":"","profile":"","compiler":"","min_runtime":"","required_features":[],"counts":{}}"#;
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
    assert!(
        assembled(|sections| sections.manifest = b"{}").starts_with("the manifest cannot be read")
    );
    assert!(
        assembled(|sections| sections.tests = b"{\"a\":")
            .starts_with("the section `tests` cannot be read")
    );
    assert!(
        assembled(|sections| sections.tests = b"\"\xff\"")
            .starts_with("the section `tests` cannot be read")
    );
    let deep: &'static [u8] = "[".repeat(100_000).leak().as_bytes();
    assert!(
        assembled(|sections| sections.tests = deep)
            .starts_with("the section `tests` cannot be read")
    );
    assert!(assembled(|sections| sections.program = &[0xff; 512]).contains("no sound program"));
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
fn too_large_a_manifest_is_not_written() {
    let mut contents = Contents::default();
    contents.manifest.name = "n".repeat(2 * 1024 * 1024);
    assert!(
        encode(&contents)
            .unwrap_err()
            .0
            .starts_with("the manifest is 20")
    );
}
