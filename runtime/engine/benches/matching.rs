//! What it costs to find the route of a request, by the number of routes.
//!
//! A third of the routes are whole paths, a third have a parameter, a third are prefixes. `random`
//! asks for another route each time, so that its tables come from memory and not from the cache.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use divan::{Bencher, black_box};
use gated_engine::matcher::{Routing, nearest, route};
use gated_engine::request::{Request, normal_path};

#[path = "../tests/matching_support/mod.rs"]
mod matching_support;

use matching_support::{Draft, Sent, Table, on, sent, to};

const COUNTS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn pattern(number: usize) -> Draft {
    match number % 3 {
        0 => to("GET", &format!("/service{number}/status")),
        1 => to("GET", &format!("/service{number}/items/{{id:int}}")),
        _ => on(&format!("/service{number}/files/**")),
    }
}

fn asked(number: usize) -> Sent {
    sent(&match number % 3 {
        0 => format!("GET /service{number}/status"),
        1 => format!("GET /service{number}/items/42"),
        _ => format!("GET /service{number}/files/a/b.css"),
    })
}

/// The table of so many routes, built once.
fn table(count: usize) -> &'static Table {
    static TABLES: LazyLock<Mutex<HashMap<usize, &'static Table>>> = LazyLock::new(Mutex::default);
    let mut tables = TABLES.lock().unwrap_or_else(|broken| broken.into_inner());
    let build = || &*Box::leak(Box::new(Table::of((0..count).map(pattern))));
    tables.entry(count).or_insert_with(build)
}

fn find_one(bencher: Bencher<'_, '_>, count: usize, request: &Sent) {
    let table = Access::of(table(count));
    let Ok(request) = request.normal() else {
        return;
    };
    bencher.bench_local(|| table.find(black_box(&request)));
}

/// A table whose archive was checked before the clock starts.
struct Access {
    program: &'static gated_engine::program::ArchivedProgram,
    table: &'static Table,
}

impl Access {
    fn of(table: &'static Table) -> Self {
        Self {
            program: table.program(),
            table,
        }
    }

    fn find(&self, request: &Request<'_>) -> u32 {
        match route(self.program, self.table.compiled(), request, None) {
            Routing::Found(found) => found.route,
            _ => u32::MAX,
        }
    }
}

#[divan::bench(args = COUNTS, sample_size = 1024)]
fn first_literal(bencher: Bencher<'_, '_>, count: usize) {
    find_one(bencher, count, &asked(0));
}

#[divan::bench(args = COUNTS, sample_size = 1024)]
fn first_parameter(bencher: Bencher<'_, '_>, count: usize) {
    find_one(bencher, count, &asked(1));
}

#[divan::bench(args = COUNTS, sample_size = 1024)]
fn last_literal(bencher: Bencher<'_, '_>, count: usize) {
    find_one(bencher, count, &asked((count - 1) / 3 * 3));
}

#[divan::bench(args = COUNTS, sample_size = 1024)]
fn last_parameter(bencher: Bencher<'_, '_>, count: usize) {
    find_one(bencher, count, &asked((count - 2) / 3 * 3 + 1));
}

#[divan::bench(args = COUNTS, sample_size = 1024)]
fn miss(bencher: Bencher<'_, '_>, count: usize) {
    find_one(bencher, count, &sent("GET /elsewhere/items/42"));
}

#[divan::bench(args = COUNTS, sample_size = 8192, sample_count = 20)]
fn random(bencher: Bencher<'_, '_>, count: usize) {
    let table = Access::of(table(count));
    let mut state = 1_u64;
    let sent: Vec<Sent> = (0..8192)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            asked((state >> 33) as usize % count)
        })
        .collect();
    let requests: Vec<_> = sent.iter().filter_map(|sent| sent.normal().ok()).collect();
    let mut next = requests.iter().cycle();
    bencher.bench_local(|| next.next().map(|request| table.find(request)));
}

#[divan::bench(args = COUNTS, sample_count = 10)]
fn nearest_of_a_miss(bencher: Bencher<'_, '_>, count: usize) {
    let table = table(count);
    let request = sent("POST /servise7/item/x");
    let Ok(request) = request.normal() else {
        return;
    };
    let program = table.program();
    bencher.bench_local(|| nearest(program, table.compiled(), &request, None, 5));
}

#[divan::bench(args = ["/orders/7/items", "/a%2fb/%63/../d//e"])]
fn normal_form(bencher: Bencher<'_, '_>, path: &str) {
    bencher.bench_local(|| normal_path(black_box(path)).is_ok());
}
