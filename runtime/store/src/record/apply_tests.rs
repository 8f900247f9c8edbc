use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{Key, Space};

const SECOND: i64 = 10_000_000;

fn step(cases: Vec<Case>) -> Step {
    Step {
        key: Key::alone(&Space::new("record", "a", None), "k".into()),
        cases,
        reads: Reads::All,
        bounds: Bounds::default(),
    }
}

fn set(name: &'static str, value: &'static str) -> Change {
    Change::Set(name.into(), value.into())
}

fn case(guards: Vec<Guard>, changes: Vec<Change>) -> Case {
    Case {
        guards,
        changes,
        life: None,
    }
}

fn kept(after: After) -> Record {
    match after {
        After::Kept(record) => record,
        other => panic!("nothing is kept: {other:?}"),
    }
}

fn record(pairs: &[(&'static str, &'static str)]) -> Record {
    let pair =
        |(name, value): &(&'static str, &'static str)| (Bytes::from(*name), Bytes::from(*value));
    Record {
        fields: pairs.iter().map(pair).collect(),
        ..Record::default()
    }
}

#[test]
fn the_first_case_whose_guards_hold_is_done() {
    let login = step(vec![
        case(vec![Guard::Exists], vec![]),
        case(vec![Guard::Absent], vec![set("user", "ann")]),
    ]);
    let (done, after) = apply(None, &login, 5);
    assert_eq!(done.case, Some(1));
    let record = kept(after);
    let (done, after) = apply(Some(&record), &login, 6);
    assert_eq!((done.case, after), (Some(0), After::Same));
    assert_eq!(done.fields, record.fields);
}

#[test]
fn a_session_that_is_gone_does_not_rise_again() {
    let touch = step(vec![case(vec![Guard::Exists], vec![set("seen", "now")])]);
    let (done, after) = apply(None, &touch, 5);
    assert_eq!((done.case, after), (None, After::Same));
    let mut over = record(&[("user", "ann")]);
    over.idle_at = Some(5);
    let (done, after) = apply(Some(&over), &touch, 5);
    assert_eq!((done, after), (Done::default(), After::Gone));
}

#[test]
fn an_absolute_end_is_only_ever_shortened() {
    let life = |seconds| Case {
        changes: vec![set("a", "b")],
        life: Some(Life {
            idle: Some(Duration::from_secs(10)),
            absolute: Some(Duration::from_secs(seconds)),
        }),
        ..Case::default()
    };
    let made = kept(apply(None, &step(vec![life(60)]), 0).1);
    assert_eq!(
        (made.idle_at, made.ends_at),
        (Some(10 * SECOND), Some(60 * SECOND))
    );
    let later = kept(apply(Some(&made), &step(vec![life(60)]), 9 * SECOND).1);
    assert_eq!(
        (later.idle_at, later.ends_at),
        (Some(19 * SECOND), Some(60 * SECOND))
    );
    let shorter = kept(apply(Some(&later), &step(vec![life(1)]), 10 * SECOND).1);
    assert_eq!(shorter.ends_at, Some(11 * SECOND));
    let gone = apply(Some(&shorter), &step(vec![life(0)]), 10 * SECOND);
    assert_eq!((gone.0.case, gone.1), (Some(0), After::Gone));
}

#[test]
fn a_record_that_would_grow_too_large_is_left_as_it_was() {
    let mut grow = step(vec![case(vec![], vec![set("b", "12345")])]);
    grow.bounds = Bounds {
        fields: 1,
        bytes: 99,
    };
    let before = record(&[("a", "1")]);
    let (done, after) = apply(Some(&before), &grow, 1);
    assert_eq!(
        (done.case, done.too_large, after),
        (None, true, After::Same)
    );
    assert_eq!(done.fields, before.fields);
    grow.bounds = Bounds {
        fields: 9,
        bytes: 7,
    };
    assert!(apply(Some(&before), &grow, 1).0.too_large);
    // What is already beyond a bound that was lowered may become smaller.
    let large = record(&[("a", "1"), ("b", "12345678")]);
    assert!(!apply(Some(&large), &grow, 1).0.too_large);
}

#[test]
fn counting_starts_at_nothing_and_stays_exact() {
    let add = |text: &'static str, amount| {
        let before = record(&[("n", text)]);
        let after = apply(
            Some(&before),
            &step(vec![case(vec![], vec![Change::Add("n".into(), amount)])]),
            1,
        )
        .1;
        String::from_utf8(kept(after).fields["n".as_bytes()].to_vec()).unwrap()
    };
    assert_eq!(add("41", 1), "42");
    assert_eq!(add("none", 1), "1");
    assert_eq!(add("", -1), "-1");
    assert_eq!(add("+3", 1), "1");
    assert_eq!(add("-0", 0), "0");
    assert_eq!(add("9007199254740991", i64::MAX), "9007199254740991");
    assert_eq!(add("9007199254740992", 1), "1");
    assert_eq!(add("-9007199254740991", -7), "-9007199254740991");
}

#[test]
fn a_record_without_fields_is_none() {
    let before = record(&[("a", "1")]);
    let remove = step(vec![case(vec![], vec![Change::Remove("a".into())])]);
    assert_eq!(
        apply(Some(&before), &remove, 1),
        (
            Done {
                case: Some(0),
                ..Done::default()
            },
            After::Gone
        )
    );
    let mut ends = before;
    ends.ends_at = Some(9);
    let anew = step(vec![case(vec![], vec![Change::Clear, set("b", "2")])]);
    assert_eq!(kept(apply(Some(&ends), &anew, 1).1), record(&[("b", "2")]));
}

/// The same said another way: pairs in a list, everything looked for anew.
fn naive(pairs: &mut Vec<(Bytes, Bytes)>, cases: &[Case]) -> Option<usize> {
    let get = |pairs: &[(Bytes, Bytes)], name: &Bytes| {
        pairs
            .iter()
            .find(|pair| pair.0 == name)
            .map(|pair| pair.1.clone())
    };
    for (at, case) in cases.iter().enumerate() {
        let fails = case.guards.iter().any(|guard| match guard {
            Guard::Exists => pairs.is_empty(),
            Guard::Absent => !pairs.is_empty(),
            Guard::Has(name) => get(pairs, name).is_none(),
            Guard::Lacks(name) => get(pairs, name).is_some(),
            Guard::Is(name, value) => get(pairs, name).as_ref() != Some(value),
            Guard::IsNot(name, value) => get(pairs, name).as_ref() == Some(value),
        });
        if fails {
            continue;
        }
        for change in &case.changes {
            let (name, value) = match change {
                Change::Clear => {
                    pairs.clear();
                    continue;
                }
                Change::Remove(name) => (name, None),
                Change::Set(name, value) => (name, Some(value.clone())),
                Change::Add(name, amount) => {
                    let text = get(pairs, name).unwrap_or_default();
                    let number: i64 = String::from_utf8_lossy(&text).parse().unwrap_or(0);
                    (name, Some((number + amount).to_string().into()))
                }
            };
            pairs.retain(|pair| pair.0 != name);
            pairs.extend(value.map(|value| (name.clone(), value)));
        }
        return Some(at);
    }
    None
}

fn name() -> impl Strategy<Value = Bytes> {
    prop_oneof![Just("a"), Just("b"), Just("c")].prop_map(Bytes::from)
}

fn value() -> impl Strategy<Value = Bytes> {
    prop_oneof![Just("1"), Just("2"), Just("x"), Just("")].prop_map(Bytes::from)
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
    prop_oneof![
        3 => (name(), value()).prop_map(|(name, value)| Change::Set(name, value)),
        2 => name().prop_map(Change::Remove),
        2 => (name(), -5_i64..5).prop_map(|(name, amount)| Change::Add(name, amount)),
        1 => Just(Change::Clear),
    ]
}

fn cases() -> impl Strategy<Value = Vec<Case>> {
    let guards = proptest::collection::vec(guard(), 0..3);
    let changes = proptest::collection::vec(change(), 0..4);
    proptest::collection::vec(
        (guards, changes).prop_map(|(guards, changes)| case(guards, changes)),
        0..4,
    )
}

proptest! {
    #[test]
    fn steps_do_what_the_naive_reading_says(rounds in proptest::collection::vec(cases(), 1..12)) {
        let mut pairs = Vec::new();
        let mut state: Option<Record> = None;
        for cases in rounds {
            let expected = naive(&mut pairs, &cases);
            let (done, after) = apply(state.as_ref(), &step(cases), 1);
            match after {
                After::Same => {}
                After::Gone => state = None,
                After::Kept(record) => state = Some(record),
            }
            let fields: BTreeMap<_, _> = pairs.iter().cloned().collect();
            prop_assert_eq!(done.case, expected);
            prop_assert_eq!(&done.fields, &fields);
            prop_assert_eq!(state.clone().map(|record| record.fields).unwrap_or_default(), fields);
        }
    }

    #[test]
    fn a_record_is_read_back_as_it_was_written(
        pairs in proptest::collection::btree_map(
            proptest::collection::vec(any::<u8>(), 0..9),
            proptest::collection::vec(any::<u8>(), 0..9), 0..5),
        idle_at in proptest::option::of(0..i64::MAX),
        ends_at in proptest::option::of(0..i64::MAX),
    ) {
        let fields = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let record = Record { fields, idle_at, ends_at };
        let mut out = Vec::new();
        crate::record::encode(&record, &mut out);
        prop_assert_eq!(crate::record::decode(&out), Some(record));
    }
}
