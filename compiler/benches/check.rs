//! How long checking and building takes: `cargo bench -p gatec-compiler`.

#![allow(missing_docs)]

mod common;

use divan::Bencher;
use gatec_compiler::load::{Format, Input, Options, front};
use gatec_compiler::{check, compile};

fn main() {
    divan::main();
}

fn input(text: String, format: Format) -> Input {
    Input::Text {
        name: "gate".to_owned(),
        text,
        format,
        base: ".".into(),
    }
}

#[divan::bench(args = [1_000, 10_000])]
fn check_kdl(bencher: Bencher<'_, '_>, routes: usize) {
    let text = common::kdl(routes);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .with_inputs(|| input(text.clone(), Format::Kdl))
        .bench_values(|input| clean(check(input, &Options::default())));
}

#[divan::bench(args = [1_000, 10_000])]
fn check_yaml(bencher: Bencher<'_, '_>, routes: usize) {
    let text = common::yaml(routes);
    bencher
        .counter(divan::counter::BytesCount::of_str(&text))
        .with_inputs(|| input(text.clone(), Format::Yaml))
        .bench_values(|input| clean(check(input, &Options::default())));
}

#[divan::bench(args = [1_000, 10_000])]
fn build_kdl(bencher: Bencher<'_, '_>, routes: usize) {
    let text = common::kdl(routes);
    bencher
        .with_inputs(|| input(text.clone(), Format::Kdl))
        .bench_values(|input| clean(compile(input, &Options::default())));
}

/// What comes before the checks: reading, merging, validating.
#[divan::bench(args = [1_000, 10_000])]
fn front_kdl(bencher: Bencher<'_, '_>, routes: usize) {
    let text = common::kdl(routes);
    bencher
        .with_inputs(|| input(text.clone(), Format::Kdl))
        .bench_values(|input| front(input, &Options::default()));
}

/// A spec with findings would measure something else.
fn clean(compiled: gatec_compiler::Compiled) -> gatec_compiler::Compiled {
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics.first()
    );
    compiled
}
