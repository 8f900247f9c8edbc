//! Policies: what a decision costs among 1,000 of them over 500 routes, beside the same route with its own
//! policies alone and beside Cedar's authorizer with the whole set; and what loading them costs.
//!
//! A time is taken for a batch of decisions about different routes, since one is shorter than it takes to
//! look at the clock. `cargo xtask bench policies` reads the lines that this prints: a name and a number.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark, which says what it measured, and fails by panicking"
)]

mod policies_spec;

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet};
use gated_engine::Bundle;
use gated_engine::authorise::Question;
use gated_engine::matcher::{Found, Routing};
use gated_engine::principal::{ClaimValue, Principal};
use gated_engine::program::{ArchivedGuard, ArchivedIdentity};
use gated_engine::request::Request;
use http::{HeaderMap, HeaderValue, Method, Uri, Version};
use policies_spec::{Case, ROUTES};
use serde_json::json;

/// Decisions whose time is taken together.
const BATCH: usize = 64;
/// Batches of each kind.
const BATCHES: usize = 3_000;
/// Routes that are compared with themselves alone.
const ALONE: usize = 24;
/// Decisions of Cedar's authorizer; one is long enough for the clock.
const WHOLE: usize = 400;
/// 2026-11-22T12:00:00Z, since 1970.
const NOON: Duration = Duration::from_secs(1_795_348_800);
/// Loads.
const LOADS: usize = 100;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = fastrand::Rng::with_seed(5);
    let all: Vec<usize> = (0..ROUTES).collect();
    let policies = policies_spec::policies(&all);
    let begun = Instant::now();
    let file = compiled(folder.path(), &all);
    println!("compile_ms {:.1}", begun.elapsed().as_secs_f64() * 1e3);
    println!("policies {}", policies.matches("\n").count());
    println!("bundle_kib {:.0}", file.len() as f64 / 1024.0);
    println!("load_ms {:.3}", micros(loads(&file)) / 1e3);

    let bundle = Bundle::load(file).unwrap();
    let random = |chance: &mut fastrand::Rng| Case::random(chance.usize(..ROUTES), chance);
    let cases: Vec<Case> = (0..8_192).map(|_| random(&mut chance)).collect();
    let (sliced, allowed) = batches(&bundle, &cases, BATCHES);
    println!("allowed_percent {:.0}", allowed * 100.0);

    // The same routes among all and alone, in turn.
    let (mut among, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ALONE {
        let route = chance.usize(..ROUTES);
        let cases: Vec<Case> = (0..BATCH * 4)
            .map(|_| Case::random(route, &mut chance))
            .collect();
        let single = Bundle::load(compiled(folder.path(), &[route])).unwrap();
        for _ in 0..8 {
            among.push(batches(&bundle, &cases, BATCHES).0);
            alone.push(batches(&single, &cases, BATCHES).0);
        }
    }
    println!("random_ns {:.0}", sliced * 1e3);
    println!("among_ns {:.0}", median(&mut among) * 1e3);
    println!("alone_ns {:.0}", median(&mut alone) * 1e3);
    println!("whole_us {:.2}", whole(&policies, &cases[..WHOLE], &bundle));
}

fn compiled(folder: &Path, routes: &[usize]) -> Bytes {
    use gatec_compiler::load::{Format, Input, Options};
    std::fs::write(folder.join("all.cedar"), policies_spec::policies(routes)).unwrap();
    let input = Input::Text {
        name: "gate.kdl".to_owned(),
        text: policies_spec::spec(routes),
        format: Format::Kdl,
        base: folder.to_owned(),
    };
    let compiled = gatec_compiler::compile(input, &Options::default());
    compiled
        .bundle
        .unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn loads(file: &Bytes) -> Duration {
    let mut times: Vec<Duration> = (0..LOADS)
        .map(|_| {
            let begun = Instant::now();
            black_box(Bundle::load(black_box(file.clone())).unwrap());
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[LOADS / 2]
}

/// A request that is ready to be decided about.
struct Ready<'a> {
    request: &'a Request<'a>,
    found: Found<'a>,
    guard: &'a ArchivedGuard,
    principal: Principal,
}

/// The median over batches of the microseconds of one decision, and the share that was allowed.
fn batches(bundle: &Bundle, cases: &[Case], count: usize) -> (f64, f64) {
    let uris: Vec<Uri> = cases
        .iter()
        .map(|case| case.path().parse().unwrap())
        .collect();
    let headers =
        HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("shop.example"))]);
    let requests: Vec<Request<'_>> = uris
        .iter()
        .map(|uri| {
            Request::normalise(&Method::GET, uri, Version::HTTP_11, &headers, "https").unwrap()
        })
        .collect();
    let ready: Vec<Ready<'_>> = requests
        .iter()
        .zip(cases)
        .map(|(request, case)| {
            let Routing::Found(found) = bundle.route(request, None) else {
                panic!("no route takes {}", request.path);
            };
            Ready {
                guard: bundle.guard(found.route).unwrap(),
                request,
                found,
                principal: principal(case),
            }
        })
        .collect();
    let identity = &bundle.program().identities[0];
    let now = SystemTime::UNIX_EPOCH + NOON;
    let mut times = Vec::new();
    let mut allowed = 0_usize;
    let mut decided = 0_usize;
    for batch in ready.chunks_exact(BATCH).cycle().take(count) {
        let begun = Instant::now();
        for one in batch {
            allowed += usize::from(decide(bundle, one, identity, now));
        }
        times.push(micros(begun.elapsed()) / BATCH as f64);
        decided += BATCH;
    }
    (median(&mut times), allowed as f64 / decided as f64)
}

fn decide(bundle: &Bundle, one: &Ready<'_>, identity: &ArchivedIdentity, now: SystemTime) -> bool {
    let question = Question {
        principal: &one.principal,
        identity,
        request: one.request,
        found: &one.found,
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        now,
    };
    black_box(bundle.authorise(one.guard, black_box(&question))).is_allowed()
}

/// In the order of the claims of the spec.
fn principal(case: &Case) -> Principal {
    Principal {
        identity: 0,
        id: case.sub.clone(),
        claims: vec![
            Some(ClaimValue::Text(case.sub.clone())),
            Some(ClaimValue::Texts(vec![case.role.clone()])),
            Some(ClaimValue::Long(case.level)),
        ],
    }
}

/// The median of the microseconds that Cedar's authorizer takes with the whole set, its request and
/// entities made beforehand. It must decide as the bundle does.
fn whole(policies: &str, cases: &[Case], bundle: &Bundle) -> f64 {
    let set: PolicySet = policies.parse().unwrap();
    let authorizer = Authorizer::new();
    let mut times = Vec::new();
    for case in cases {
        let (request, entities) = cedar(case);
        let begun = Instant::now();
        let response = authorizer.is_authorized(black_box(&request), &set, &entities);
        times.push(micros(begun.elapsed()));
        let theirs = response.decision() == Decision::Allow;
        let ours = is_allowed(bundle, case);
        assert_eq!(ours, theirs, "{case:?}");
    }
    median(&mut times)
}

fn is_allowed(bundle: &Bundle, case: &Case) -> bool {
    let cases: Vec<Case> = std::iter::repeat_n(case.clone(), BATCH).collect();
    batches(bundle, &cases, 1).1 > 0.5
}

fn cedar(case: &Case) -> (cedar_policy::Request, Entities) {
    let uid = |kind: &str, id: &str| -> EntityUid {
        EntityUid::from_json(json!({ "type": kind, "id": id })).unwrap()
    };
    let resource = format!("Route::Thing{}", case.route);
    let context = json!({
        "method": "GET",
        "host": "shop.example",
        "path": case.path(),
        "client": { "__extn": { "fn": "ip", "arg": "127.0.0.1" } },
        "time": { "__extn": { "fn": "datetime", "arg": "2026-11-22T12:00:00Z" } },
        "secure": true,
        "query": {},
        "headers": {},
    });
    let request = cedar_policy::Request::new(
        uid("Staff", &case.sub),
        uid("Action", &format!("thing-{}", case.route)),
        uid(&resource, &case.path()),
        Context::from_json_value(context, None).unwrap(),
        None,
    );
    let entities = json!([
        { "uid": { "type": "Staff", "id": case.sub }, "parents": [{ "type": "Role", "id": case.role }],
          "attrs": { "sub": case.sub, "roles": [case.role], "level": case.level } },
        { "uid": { "type": "Role", "id": case.role }, "attrs": {}, "parents": [] },
        { "uid": { "type": resource, "id": case.path() }, "attrs": { "owner": case.owner }, "parents": [] },
    ]);
    (
        request.unwrap(),
        Entities::from_json_value(entities, None).unwrap(),
    )
}
