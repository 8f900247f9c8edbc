//! The scripts do exactly what the functions in Rust do: random asks and steps, on both, at times that the
//! test says.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod servers;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use gated_store::limit::{self, Bucket, SECOND};
use gated_store::record::{After, Record, apply};
use gated_store::redis::name::Names;
use gated_store::redis::script::{self, Call};
use gated_store::{Ask, Bounds, Case, Change, Guard, Key, Life, Rate, Reads, Space, Step};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use redis::Value;
use servers::Server;

/// Where real time goes on meanwhile, lives are hours: what ends, ends by the test's time alone.
const HOUR: i64 = 3600 * SECOND;

fn run(connection: &mut redis::Connection, call: &Call) -> Value {
    let mut command = redis::cmd("EVAL");
    command
        .arg(call.script.text)
        .arg(call.keys.len())
        .arg(&call.keys)
        .arg(&call.arguments);
    command
        .query(connection)
        .unwrap_or_else(|error| panic!("{error}: {call:?}"))
}

fn connect(server: &Server) -> redis::Connection {
    let url = format!("redis://127.0.0.1:{}", server.port);
    redis::Client::open(url).unwrap().get_connection().unwrap()
}

fn cases(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

fn rate() -> impl Strategy<Value = Rate> {
    let odd = (1_u32..2_000, HOUR..40 * HOUR, 1_u32..5_000);
    let known = (1_u32..5, Just(HOUR), 1_u32..6);
    let extreme = (
        Just(1_u32),
        prop_oneof![Just(HOUR), Just(i64::MAX)],
        prop_oneof![Just(1), Just(u32::MAX)],
    );
    prop_oneof![4 => known, 4 => odd, 1 => extreme]
        .prop_map(|(count, period, burst)| Rate::new(count, period, burst))
}

fn tokens() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0_u32..4, 2 => 0_u32..6_000, 1 => Just(u32::MAX)]
}

#[derive(Debug, Clone)]
enum Doing {
    Take(Vec<(usize, Rate, u32, u32)>),
    Debit(Vec<(usize, Rate, u32, i64)>),
}

fn doing() -> impl Strategy<Value = Doing> {
    let ask = (rate(), tokens(), tokens());
    let asks = proptest::collection::btree_map(0..4_usize, ask, 1..4).prop_map(|asks| {
        Doing::Take(
            asks.into_iter()
                .map(|(key, (rate, cost, extra))| (key, rate, cost, extra))
                .collect(),
        )
    });
    let debits = proptest::collection::vec((0..4_usize, rate(), tokens(), 0..20 * SECOND), 1..4);
    prop_oneof![3 => asks, 1 => debits.prop_map(Doing::Debit)]
}

fn keys() -> Vec<Key> {
    let space = Space::new("limit", "same", None);
    let key = |number: usize| Key {
        space: space.clone(),
        place: "one".into(),
        name: vec![0, 0xff, u8::try_from(number).unwrap()].into(),
    };
    (0..4).map(key).collect()
}

fn questions(asks: &[(usize, Rate, u32, u32)]) -> Vec<Ask> {
    let keys = keys();
    let ask = |&(key, rate, cost, extra): &(usize, Rate, u32, u32)| Ask {
        key: keys[key].clone(),
        rate,
        cost,
        extra,
    };
    asks.iter().map(ask).collect()
}

fn take_in_rust(
    kept: &mut BTreeMap<usize, i64>,
    asks: &[(usize, Rate, u32, u32)],
    now: i64,
) -> Vec<limit::Verdict> {
    let bucket =
        |&(key, rate, ..): &(usize, Rate, u32, u32)| Bucket::at(rate, kept.get(&key).copied(), now);
    let buckets: Vec<_> = asks.iter().map(bucket).collect();
    let (verdicts, after) = limit::take(&questions(asks), &buckets);
    for ((key, ..), bucket) in asks.iter().zip(after.into_iter().flatten()) {
        keep(kept, *key, bucket.full_at(), now);
    }
    verdicts
}

/// A bucket that is full is not kept.
fn keep(kept: &mut BTreeMap<usize, i64>, key: usize, full_at: i64, now: i64) {
    kept.remove(&key);
    if full_at > now {
        kept.insert(key, full_at);
    }
}

fn debit_in_rust(
    kept: &mut BTreeMap<usize, i64>,
    debits: &[(usize, Rate, u32, i64)],
    now: i64,
) -> Vec<u32> {
    let one = |&(key, rate, tokens, ago): &(usize, Rate, u32, i64)| {
        let bucket = Bucket::at(rate, kept.get(&key).copied(), now);
        let (after, beyond) = limit::debit(bucket, tokens, ago);
        keep(kept, key, after.full_at(), now);
        beyond
    };
    debits.iter().map(one).collect()
}

#[test]
fn limits_are_the_same_in_redis() {
    let server = Server::start(&[]);
    let mut connection = connect(&server);
    let names = Names::of("same");
    let named = keys();
    let called: Vec<Vec<u8>> = keys().iter().map(|key| names.name(key).key).collect();
    let jumps = prop_oneof![4 => 0..10 * SECOND, 2 => 0..HOUR, 1 => -20 * SECOND..0];
    let rounds = proptest::collection::vec((doing(), jumps), 1..20);
    let connection = std::cell::RefCell::new(&mut connection);
    cases(1_000)
        .run(&rounds, |rounds| {
            let mut connection = connection.borrow_mut();
            redis::cmd("FLUSHALL").exec(*connection).unwrap();
            let (mut kept, mut now) = (BTreeMap::new(), 90_000 * HOUR);
            for (doing, jump) in rounds {
                now += jump;
                match doing {
                    Doing::Take(asks) => {
                        let keys = asks.iter().map(|ask| called[ask.0].clone()).collect();
                        let questions = questions(&asks);
                        let told = run(*connection, &Call::take(keys, &questions, Some(now)));
                        prop_assert_eq!(
                            script::verdicts(told).unwrap(),
                            take_in_rust(&mut kept, &asks, now)
                        );
                    }
                    Doing::Debit(debits) => {
                        let keys = debits.iter().map(|debit| called[debit.0].clone()).collect();
                        let asked: Vec<_> = debits
                            .iter()
                            .map(|&(key, rate, tokens, ago)| limit::Debit {
                                key: named[key].clone(),
                                rate,
                                tokens,
                                ago,
                            })
                            .collect();
                        let told = run(*connection, &Call::debit(keys, &asked, Some(now)));
                        prop_assert_eq!(
                            script::beyond(told).unwrap(),
                            debit_in_rust(&mut kept, &debits, now)
                        );
                    }
                }
                for (number, key) in called.iter().enumerate() {
                    let there: Option<i64> = redis::cmd("GET").arg(key).query(*connection).unwrap();
                    let life: i64 = redis::cmd("PTTL").arg(key).query(*connection).unwrap();
                    prop_assert_eq!(there, kept.get(&number).copied());
                    prop_assert_eq!(there.is_some(), life > 0);
                }
            }
            Ok(())
        })
        .unwrap();
}

fn name() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        Just(Bytes::from_static(b"a")),
        Just(Bytes::from_static(b"m")),
        Just(Bytes::from_static(b"n")),
        Just(Bytes::new()),
        Just(Bytes::from_static(b"\0\xff\r\n")),
    ]
}

fn value() -> impl Strategy<Value = Bytes> {
    let texts = [
        "",
        "1",
        "-3",
        "007",
        "x",
        "+1",
        " 1",
        "1\0",
        "1e3",
        "0x10",
        "9007199254740991",
        "-9007199254740992",
        "00000000000000000001",
    ];
    prop_oneof![
        4 => proptest::sample::select(texts.to_vec()).prop_map(|text| Bytes::from_static(text.as_bytes())),
        1 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Bytes::from),
    ]
}

fn guard() -> impl Strategy<Value = Guard> {
    prop_oneof![
        Just(Guard::Exists),
        Just(Guard::Absent),
        name().prop_map(Guard::Has),
        name().prop_map(Guard::Lacks),
        (name(), value()).prop_map(|(name, value)| Guard::Is(name, value)),
        (name(), value()).prop_map(|(name, value)| Guard::IsNot(name, value)),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let amount = prop_oneof![
        -9_i64..9,
        Just(i64::MAX),
        Just(i64::MIN),
        Just((1 << 53) - 1)
    ];
    prop_oneof![
        4 => (name(), value()).prop_map(|(name, value)| Change::Set(name, value)),
        2 => name().prop_map(Change::Remove),
        3 => (name(), amount).prop_map(|(name, amount)| Change::Add(name, amount)),
        1 => Just(Change::Clear),
    ]
}

fn life() -> impl Strategy<Value = Option<Life>> {
    let time = || {
        let hours = (1_u64..30).prop_map(|hours| Duration::from_secs(hours * 3600));
        let odd = prop_oneof![
            Just(Duration::ZERO),
            Just(Duration::from_nanos(99)),
            Just(Duration::MAX)
        ];
        proptest::option::of(prop_oneof![6 => hours, 1 => odd])
    };
    let life = (time(), time()).prop_map(|(idle, absolute)| Life { idle, absolute });
    proptest::option::weighted(0.4, life)
}

fn a_step() -> impl Strategy<Value = Step> {
    let guards = proptest::collection::vec(guard(), 0..3);
    let changes = proptest::collection::vec(change(), 0..5);
    let case = (guards, changes, life()).prop_map(|(guards, changes, life)| Case {
        guards,
        changes,
        life,
    });
    let reads = prop_oneof![
        Just(Reads::Nothing),
        Just(Reads::All),
        proptest::collection::vec(name(), 0..3).prop_map(Reads::These),
    ];
    let bounds = prop_oneof![
        3 => Just(Bounds::default()),
        1 => (0_usize..4, 0_usize..40).prop_map(|(fields, bytes)| Bounds { fields, bytes }),
    ];
    (proptest::collection::vec(case, 0..4), reads, bounds).prop_map(|(cases, reads, bounds)| Step {
        key: Key::alone(&Space::new("record", "same", None), "k".into()),
        cases,
        reads,
        bounds,
    })
}

/// The record as it lies in Redis, if it has not ended.
fn lies(connection: &mut redis::Connection, key: &[u8], named: &[u8], now: i64) -> Option<Record> {
    let pairs: BTreeMap<Vec<u8>, Vec<u8>> =
        redis::cmd("HGETALL").arg(key).query(connection).unwrap();
    let life: i64 = redis::cmd("PTTL").arg(key).query(connection).unwrap();
    let meta = String::from_utf8(pairs.get(b"m".as_slice())?.clone()).unwrap();
    let parts: Vec<Option<i64>> = meta.split(' ').map(|part| part.parse().ok()).collect();
    let field = |(name, value): (Vec<u8>, Vec<u8>)| {
        let name = name.strip_prefix(b"f")?;
        Some((Bytes::copy_from_slice(name), value.into()))
    };
    assert_eq!(
        pairs.get(b"n".as_slice()).map(Vec::as_slice),
        Some(named).filter(|named| !named.is_empty())
    );
    let record = Record {
        fields: pairs.into_iter().filter_map(field).collect(),
        idle_at: parts[0],
        ends_at: parts[1],
    };
    assert_eq!(usize::try_from(parts[2].unwrap()).unwrap(), record.bytes());
    assert_eq!(record.over_at().is_some(), life > 0, "{life} {record:?}");
    (!record.is_over(now)).then_some(record)
}

#[test]
fn steps_are_the_same_in_redis() {
    let server = Server::start(&[]);
    let mut connection = connect(&server);
    let jumps = prop_oneof![3 => 0..SECOND, 2 => 0..9 * HOUR, 1 => Just(0)];
    let rounds = proptest::collection::vec((a_step(), jumps), 1..20);
    let connection = std::cell::RefCell::new(&mut connection);
    cases(1_000)
        .run(&(rounds, any::<bool>()), |(rounds, digested)| {
            let mut connection = connection.borrow_mut();
            redis::cmd("FLUSHALL").exec(*connection).unwrap();
            let named: &[u8] = if digested { b"the whole name" } else { b"" };
            let (mut record, mut now) = (None::<Record>, 90_000 * HOUR);
            for (step, jump) in rounds {
                now += jump;
                let told = run(
                    *connection,
                    &Call::step(b"key".to_vec(), &step, named, Some(now)),
                );
                let (done, after) = apply(record.as_ref(), &step, now);
                match after {
                    After::Same => {}
                    After::Gone => record = None,
                    After::Kept(kept) => record = Some(kept),
                }
                prop_assert_eq!(script::done(told).unwrap(), done);
                prop_assert_eq!(lies(*connection, b"key", named, now), record.clone());
            }
            Ok(())
        })
        .unwrap();
}
