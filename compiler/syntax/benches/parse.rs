//! How fast a spec of 10,000 routes is read, formatted and written.
//!
//! `cargo bench -p gatec-syntax --bench parse`

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use gatec_syntax::SourceId;
use gatec_syntax::kdl::{format, parse, write};

fn main() {
    divan::main();
}

/// A gateway with so many routes that answer by themselves, about 190 bytes each.
fn spec(routes: usize) -> String {
    let mut text = String::from("gateway \"bench\"\n\nlistener \"web\" bind=\"127.0.0.1:8080\"\n");
    for n in 0..routes {
        let _ = write!(
            text,
            "\nroute \"r-{n}\" public=#true {{\n    match \"GET\" \"/api/v1/things/{{id}}/r{n}\"\n    \
             respond 200 {{\n        header \"content-type\" \"application/json\"\n        \
             body #\"{{\"a\": \"{{{{ path.id }}}}\"}}\"#\n    }}\n}}\n"
        );
    }
    text
}

#[divan::bench(args = [1_000, 10_000])]
fn kdl_parse(bencher: Bencher<'_, '_>, routes: usize) {
    let text = spec(routes);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| parse(SourceId(0), &text));
}

#[divan::bench(args = [1_000, 10_000])]
fn kdl_format(bencher: Bencher<'_, '_>, routes: usize) {
    let text = spec(routes);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| format(&text));
}

#[divan::bench(args = [1_000, 10_000])]
fn kdl_write(bencher: Bencher<'_, '_>, routes: usize) {
    let text = spec(routes);
    let (tree, _) = parse(SourceId(0), &text);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| write(&tree));
}
