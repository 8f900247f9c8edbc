//! Loading a bundle: everything is checked, and next to nothing is copied.
//!
//! Divan prints, beside the time, what was allocated at most (`max alloc`): that and the file itself
//! (printed first) are the memory that a load needs.

#![allow(
    clippy::print_stderr,
    missing_docs,
    reason = "a benchmark, which says what it measured"
)]

use bytes::Bytes;
use divan::{AllocProfiler, Bencher};
use gated_engine::Bundle;
use gated_engine::bundle::{Contents, encode};
use gated_engine::matcher::{PathForm, PathPart, Pattern, build};
use gated_engine::program::*;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// One of four routes proxies, the others are mocks; half of the paths have a parameter.
fn bundle(routes: u32) -> Bytes {
    let mut contents = Contents {
        bodies: b"{\"ok\": true}".to_vec(),
        ..Contents::default()
    };
    let program = &mut contents.program;
    program.upstreams.push(Upstream {
        name: "orders".to_owned(),
        servers: vec![Server {
            host: "10.0.0.1".to_owned(),
            port: 9000,
            secure: false,
            authority: "10.0.0.1:9000".to_owned(),
            base_path: String::new(),
            weight: 1,
        }],
        connect_timeout_ms: 1000,
        request_timeout_ms: 5000,
        idle_timeout_ms: 60_000,
        tls: None,
        http1: true,
        http2: true,
        pool: gated_engine::program::Pool {
            idle: 256,
            idle_timeout_ms: 55_000,
            lifetime_ms: 0,
            requests: 0,
        },
    });
    program.proxies.push(Proxy {
        upstream: 0,
        path: None,
        strip_segments: 1,
        host: None,
        timeout_ms: None,
    });
    program.routes = (0..routes).map(route).collect();
    program.matcher = build((0..routes).map(pattern).collect());
    Bytes::from(encode(&contents).unwrap_or_default())
}

fn route(index: u32) -> Route {
    let action = match index % 4 {
        0 => Action::Proxy(0),
        _ => Action::Respond(Box::new(Respond {
            status: 200,
            headers: vec![HeaderTemplate {
                name: "content-type".to_owned(),
                value: Template {
                    segments: vec![Segment::Text("application/json".to_owned())],
                },
            }],
            body: Body::Bytes(Blob {
                offset: 0,
                length: 12,
            }),
            encoded: None,
        })),
    };
    Route {
        name: format!("route-{index}"),
        guard: None,
        limits: None,
        session: None,
        action,
        request: None,
        response: None,
        body_limit: None,
        timeout_ms: 0,
        compression: None,
    }
}

fn pattern(index: u32) -> Pattern {
    let literal = |text: String| PathPart::Literal(text);
    let mut parts = vec![
        literal("api".to_owned()),
        literal(format!("service-{index}")),
    ];
    let mut captures = Vec::new();
    if index.is_multiple_of(2) {
        parts.push(PathPart::Parameter(ParameterKind::Int));
        captures.push("id".to_owned());
    }
    Pattern {
        priority: 0,
        hosts: Vec::new(),
        path: PathForm::Whole(parts),
        matched: Match {
            route: index,
            ordinal: 0,
            methods: 1,
            captures,
            extra: None,
        },
    }
}

#[divan::bench(args = [10_000, 100_000], sample_count = 20)]
fn load(bencher: Bencher<'_, '_>, routes: u32) {
    let file = bundle(routes);
    eprintln!("{routes} routes: {} bytes", file.len());
    bencher.bench_local(|| Bundle::load(file.clone()));
}

#[divan::bench(args = [100_000], sample_count = 5)]
fn encode_only(bencher: Bencher<'_, '_>, routes: u32) {
    let contents = Contents {
        program: Program {
            routes: (0..routes).map(route).collect(),
            matcher: build((0..routes).map(pattern).collect()),
            ..Program::default()
        },
        ..Contents::default()
    };
    bencher.bench_local(|| encode(&contents));
}
