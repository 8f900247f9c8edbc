//! Answering from a template: the whole decision, and the same answer without a template.

#![allow(missing_docs, reason = "a benchmark")]

#[path = "../tests/decide_fixture/mod.rs"]
mod decide_fixture;

use decide_fixture::*;
use divan::{AllocProfiler, Bencher};
use gated_engine::decide::decide;
use gated_engine::matcher::Routing;
use gated_engine::program::*;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn named(name: &str) -> String {
    name.to_owned()
}

#[divan::bench]
fn constant_body(bencher: Bencher<'_, '_>) {
    answer(
        bencher,
        vec![Segment::Text(named("{\"greeting\": \"Hello\"}"))],
        None,
    );
}

#[divan::bench]
fn path_parameter(bencher: Bencher<'_, '_>) {
    let segments = vec![
        Segment::Text(named("{\"greeting\": \"Hello ")),
        value(ValueSource::Path(named("name")), &[]),
        Segment::Text(named("\"}")),
    ];
    answer(bencher, segments, None);
}

#[divan::bench]
fn ten_values(bencher: Bencher<'_, '_>) {
    let segments = (0..10)
        .flat_map(|_| {
            let source = ValueSource::Query(named("q"));
            [Segment::Text(named(", ")), value(source, &[Filter::Upper])]
        })
        .collect();
    answer(bencher, segments, None);
}

#[divan::bench]
fn json_of_the_body(bencher: Bencher<'_, '_>) {
    let source = ValueSource::BodyJson(named("$.items[0].name"));
    let body = br#"{"items": [{"name": "chair", "price": 12}, {"name": "table", "price": 99}]}"#;
    answer(bencher, vec![value(source, &[])], Some(body));
}

fn answer(bencher: Bencher<'_, '_>, segments: Vec<Segment>, body: Option<&[u8]>) {
    let template = template(Escape::Json, segments);
    let respond = respond(
        200,
        &[("content-type", text("application/json"))],
        Body::Template(template),
    );
    let bundle = Gateway::default()
        .route("/hello/{name}", Action::Respond(Box::new(respond)))
        .load();
    let environment = environment();
    get("/hello/ann?q=two+words", &[]).with(|request| {
        let Routing::Found(found) = bundle.route(request, body) else {
            return;
        };
        bencher.bench_local(|| {
            decide(&bundle, &found, request, body, &environment);
        });
    });
}
