//! A small bundle to be loaded, damaged and refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "for tests, each of which uses a part"
)]

use bytes::Bytes;
use gated_engine::bundle::SourceMap;
use gated_engine::program::*;
use gated_engine::{Bundle, Manifest};

use crate::decide_fixture::*;

pub fn sample() -> Gateway {
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
        policies: Vec::new(),
    };
    gateway.contents.program.settings.name = "shop".to_owned();
    let hello = gateway.blob(b"hello");
    let folder = gateway.folder(&[("index.html", "<h1>shop</h1>")]);
    gateway
        .route(
            "/hello/{name}",
            Action::Respond(Box::new(respond(
                200,
                &[(
                    "x-name",
                    template(
                        Escape::Header,
                        vec![value(ValueSource::Path("name".to_owned()), &[])],
                    ),
                )],
                Body::Bytes(hello),
            ))),
        )
        .route("/*", Action::Files(Box::new(files(folder))))
}

pub fn load(file: Vec<u8>) -> Result<Bundle, String> {
    Bundle::load(Bytes::from(file)).map_err(|error| error.0)
}

pub fn refusal(file: Vec<u8>) -> String {
    match load(file) {
        Ok(_) => panic!("the file was taken"),
        Err(message) => message,
    }
}
