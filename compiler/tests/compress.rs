//! `compress`: what a route has of its gateway, and what lies encoded in the bundle.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail"
)]

mod common;

use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use common::{options, text_in};
use gatec_compiler::load::Format;
use gated_engine::Bundle;
use gated_engine::files::negotiate::Encoding;
use gated_engine::program::{ArchivedBlob, Blob};
use gated_engine::{compression, program::ArchivedAction};

const LISTENER: &str = "listener \"web\" bind=\"127.0.0.1:8080\"\n";

fn made_in(base: &Path, text: &str) -> Bundle {
    let text = format!("{LISTENER}{text}");
    let compiled = gatec_compiler::compile(text_in(base, &text, Format::Kdl), &options());
    let file = compiled.bundle.unwrap_or_else(|| {
        let said: Vec<_> = compiled
            .diagnostics
            .iter()
            .map(|one| &one.message)
            .collect();
        panic!("{said:?}")
    });
    Bundle::load(file).unwrap()
}

fn made(text: &str) -> Bundle {
    made_in(Path::new("."), text)
}

fn route(name: &str, compress: &str) -> String {
    format!(
        "route \"{name}\" public=#true {{\n match \"GET\" \"/{name}\"\n {compress}\n respond 200 \"{}\"\n}}\n",
        "long enough; ".repeat(300)
    )
}

/// Encodings, smallest size and number of types of each route; nothing where it is not compressed.
fn settings(text: &str) -> Vec<String> {
    let bundle = made(text);
    let routes = 0..u32::try_from(bundle.program().routes.len()).unwrap();
    routes
        .map(|route| match compression::of_route(&bundle, route) {
            None => "off".to_owned(),
            Some(settings) => {
                let encodings = compression::encodings(settings);
                let tokens: Vec<_> = encodings.iter().map(|one| one.token()).collect();
                format!(
                    "{} {} {}",
                    tokens.join(","),
                    settings.min_size,
                    settings.types.len()
                )
            }
        })
        .collect()
}

#[test]
fn a_route_has_what_it_says_and_else_what_the_gateway_says() {
    let routes = [
        route("a", ""),
        route("b", "compress \"br\""),
        route("c", "compress #false"),
        route("d", "compress min-size=\"2KiB\" { types \"Text/Plain\" }"),
        route("e", "compress"),
    ]
    .concat();
    let gateway = "gateway \"g\" {\n compress \"gzip\" \"zstd\" min-size=\"512B\"\n}\n";
    assert_eq!(
        settings(&format!("{gateway}{routes}")),
        [
            "gzip,zstd 512 18",
            "br 512 18",
            "off",
            "gzip,zstd 2048 1",
            "gzip,zstd 512 18"
        ]
    );
    assert_eq!(
        settings(&routes),
        [
            "off",
            "br 1024 18",
            "off",
            "zstd,br,gzip 2048 1",
            "zstd,br,gzip 1024 18"
        ]
    );
    let off = "gateway \"g\" {\n compress #false\n}\n";
    assert_eq!(settings(&format!("{off}{routes}"))[0], "off");
    assert_eq!(
        settings(&format!("{off}{routes}"))[4],
        "zstd,br,gzip 1024 18"
    );
}

#[test]
fn a_route_that_says_how_its_answers_are_encoded_is_left_alone() {
    for (change, expected) in [
        ("set \"content-encoding\" \"gzip\"", "off"),
        ("remove \"content-encoding\"", "off"),
        ("set \"cache-control\" \"public, no-transform\"", "off"),
        ("set \"cache-control\" \"public\"", "zstd,br,gzip 1024 18"),
    ] {
        let text = route("a", &format!("compress\n response {{ {change}; }}"));
        assert_eq!(settings(&text), [expected], "{change}");
    }
}

fn bytes(bundle: &Bundle, blob: &ArchivedBlob) -> Bytes {
    bundle.body(Blob {
        offset: blob.offset.to_native(),
        length: blob.length.to_native(),
    })
}

fn decoded(encoding: Encoding, encoded: &[u8]) -> String {
    let mut plain = String::new();
    match encoding {
        Encoding::Gzip => flate2::read::GzDecoder::new(encoded).read_to_string(&mut plain),
        Encoding::Brotli => brotli::Decompressor::new(encoded, 4096).read_to_string(&mut plain),
        Encoding::Zstd => zstd::stream::read::Decoder::new(encoded)
            .unwrap()
            .read_to_string(&mut plain),
    }
    .unwrap();
    plain
}

#[test]
fn fixed_answers_lie_in_the_bundle_once_in_each_encoding() {
    let plain = made(&[route("a", ""), route("b", "")].concat());
    let text = [
        route("a", "compress"),
        route("b", "compress \"gzip\""),
        route("c", "compress min-size=\"1MiB\""),
        route("d", ""),
    ]
    .concat();
    let bundle = made(&text);
    let forms = |index: usize| {
        let ArchivedAction::Respond(respond) = &bundle.program().routes[index].action else {
            panic!("no answer");
        };
        respond.encoded.as_ref().map(|encoded| {
            let form = encoded.iter().map(|form| {
                let encoding = Encoding::from(&form.encoding);
                let encoded = bytes(&bundle, &form.body);
                assert_eq!(decoded(encoding, &encoded), "long enough; ".repeat(300));
                (encoding.token(), form.body.offset.to_native())
            });
            form.collect::<Vec<_>>()
        })
    };
    let a = forms(0).unwrap();
    let tokens: Vec<_> = a.iter().map(|(token, _)| *token).collect();
    assert_eq!(tokens, ["zstd", "br", "gzip"]);
    assert_eq!(forms(1).unwrap(), [a[2]]);
    assert_eq!((forms(2), forms(3)), (None, None));
    let size = |bundle: &Bundle| {
        let sections = bundle.sections();
        sections.iter().find(|one| one.0 == "bodies").unwrap().2
    };
    assert!(size(&bundle) < size(&plain) + 400);
    assert_eq!(bundle.file(), made(&text).file(), "another build differs");
}

#[test]
fn files_are_encoded_where_that_saves_something_and_nobody_did_it() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| {
        std::fs::create_dir_all(folder.path().join("site")).unwrap();
        std::fs::write(folder.path().join("site").join(name), content).unwrap();
    };
    let text = "body { color: red } ".repeat(200);
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(4000)
    .collect();
    put("a.css", text.as_bytes());
    put("b.css", text.as_bytes());
    put("b.css.gz", b"by hand");
    put("noise.txt", &noise);
    put("short.txt", b"short");
    put("picture.png", text.as_bytes());
    let spec = "route \"site\" public=#true {\n match prefix=\"/\"\n compress \"gzip\" \"br\"\n files \"site\"\n}";
    let bundle = made_in(folder.path(), spec);
    let shown: Vec<String> = bundle.program().folders[0]
        .files
        .iter()
        .map(|file| {
            let forms = file.encoded.iter().map(|form| {
                let encoding = Encoding::from(&form.encoding);
                let encoded = bytes(&bundle, &form.body);
                assert_eq!(decoded(encoding, &encoded), text);
                assert_ne!(form.etag, file.etag);
                encoding.token()
            });
            format!("{} {}", file.path, forms.collect::<Vec<_>>().join(","))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a.css br,gzip",
            "b.css br",
            "b.css.gz ",
            "noise.txt ",
            "picture.png ",
            "short.txt "
        ]
    );
}

#[test]
fn error_pages_are_encoded_as_the_gateway_says() {
    let page = format!("error-page 404 \"{}\"\n", "not here; ".repeat(300));
    let gateway = "gateway \"g\" {\n compress \"gzip\"\n}\n";
    let bundle = made(&format!("{gateway}{page}{}", route("a", "")));
    let pages = &bundle.program().error_pages;
    assert_eq!(pages[0].respond.encoded.as_ref().unwrap().len(), 1);
}

#[test]
fn a_check_encodes_nothing_and_finds_the_same() {
    let text = format!("{LISTENER}{}", route("a", "compress"));
    let checked = gatec_compiler::check(text_in(Path::new("."), &text, Format::Kdl), &options());
    assert_eq!(checked.diagnostics, []);
    assert!(checked.bundle.is_none());
}

#[test]
fn what_is_written_reads_well_in_both_languages() {
    let kdl = format!(
        "gateway \"g\" {{\n    compress \"zstd\" \"gzip\" min-size=\"2KiB\" {{\n        types \"text/*\" \"application/json\"\n    }}\n}}\n\n{LISTENER}\n{}",
        route("a", "compress #false")
    );
    let (_, document, found) =
        gatec_compiler::load::document(text_in(Path::new("."), &kdl, Format::Kdl));
    assert_eq!(found, []);
    let yaml = gatec_compiler::convert::to_yaml(&document);
    assert!(yaml.contains("compress:"), "{yaml}");
    let (_, again, found) =
        gatec_compiler::load::document(text_in(Path::new("."), &yaml, Format::Yaml));
    assert_eq!(found, []);
    let back = gatec_compiler::convert::to_kdl(&again);
    assert!(back.contains("compress #false"), "{back}");
    assert_eq!(
        made(&back.replace(LISTENER, "")).digest(),
        made(&kdl.replace(LISTENER, "")).digest(),
        "{back}"
    );
}

#[test]
fn words_from_elsewhere_are_mended() {
    let mends = |compress: &str| -> Vec<String> {
        let text = format!("{LISTENER}{}", route("a", compress));
        let checked =
            gatec_compiler::check(text_in(Path::new("."), &text, Format::Kdl), &options());
        let fixes = checked.diagnostics.iter().map(|found| match &found.fix {
            Some(fix) => fix.title.clone(),
            None => format!("{} {}", found.code, found.message),
        });
        fixes.collect()
    };
    assert_eq!(
        mends("compress \"brotli\" \"GZIP\""),
        ["write `\"br\"`", "write `\"gzip\"`"]
    );
    assert_eq!(mends("compress \"off\""), ["write `#false`"]);
    assert_eq!(
        mends("compress \"gzip\" \"gzip\""),
        ["U150 the same encoding stands twice"]
    );
    assert_eq!(
        mends("compress \"deflate\""),
        ["S105 expected one of `zstd`, `br` or `gzip`, found a string `\"deflate\"`"]
    );
    assert_eq!(
        mends("compress #false min-size=\"2KiB\""),
        ["U150 nothing is compressed, so what else is said has no effect"]
    );
    assert_eq!(
        mends(
            "compress min-size=\"20B\" { types \"image/*\" \"video/mp4\" \"text/a\" \"Text/A\"; }"
        ),
        [
            "U150 bodies of 20 bytes grow when they are compressed; expected at least 128",
            "U150 `image/*` holds what is compressed in itself, such as `image/png`",
            "U150 `video/mp4` is compressed in itself, and gets no smaller",
            "U150 the same media type stands twice",
        ]
    );
    let empty = "route \"r\" public=#true {\n match \"/r\"\n compress\n respond 204\n}\n";
    let text = format!("{LISTENER}{empty}");
    let checked = gatec_compiler::check(text_in(Path::new("."), &text, Format::Kdl), &options());
    assert_eq!(
        checked.diagnostics[0].message,
        "route `r` has nothing to compress: its answer has no body"
    );
}
