use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::Rate;
use crate::limit::SECOND;
use crate::record::{Bounds, Case, Change, Guard, Life, Reads};

fn space(name: &str) -> Space {
    Space::new("test", name, None)
}

fn key(space: &Space, number: usize) -> Key {
    Key::alone(space, format!("client-{number}").into())
}

fn memory(limits: usize, records: usize, bytes: usize) -> Memory {
    let bounds = MemoryBounds {
        limits,
        records,
        bytes,
    };
    Memory::new(bounds, Clock::start(0))
}

fn ask(key: Key, rate: Rate) -> Ask {
    Ask {
        key,
        rate,
        cost: 1,
        extra: 0,
    }
}

fn put(key: Key, value: &str, idle: Option<Duration>) -> Step {
    Step {
        key,
        cases: vec![Case {
            guards: vec![],
            changes: vec![Change::Set("v".into(), value.to_owned().into())],
            life: idle.map(|idle| Life {
                idle: Some(idle),
                absolute: None,
            }),
        }],
        reads: Reads::Nothing,
        bounds: Bounds::default(),
    }
}

#[test]
fn threads_that_ask_for_crossing_keys_neither_wait_for_ever_nor_let_too_many_in() {
    let memory = Arc::new(memory(100_000, 0, 0));
    let space = space("crossing");
    let rate = Rate::new(1, 3600 * SECOND, 300);
    let ask_all = |order: Vec<usize>| {
        let memory = Arc::clone(&memory);
        let asks: Vec<Ask> = order
            .iter()
            .map(|number| ask(key(&space, *number), rate))
            .collect();
        std::thread::spawn(move || {
            let taken = |_: &usize| memory.take(&asks).iter().all(|verdict| verdict.enough);
            (0..1_000).filter(taken).count()
        })
    };
    let threads: Vec<_> = (0..8)
        .map(|turn| {
            ask_all(if turn % 2 == 0 {
                vec![1, 2, 3]
            } else {
                vec![3, 2, 1]
            })
        })
        .collect();
    let taken: usize = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .sum();
    assert_eq!(taken, 300);
}

#[test]
fn a_refusal_takes_nothing_from_any_of_those_asked_together() {
    let memory = memory(100, 0, 0);
    let space = space("both");
    let (wide, narrow) = (
        Rate::new(1, 3600 * SECOND, 9),
        Rate::new(1, 3600 * SECOND, 1),
    );
    let both = [ask(key(&space, 1), wide), ask(key(&space, 2), narrow)];
    assert!(memory.take(&both).iter().all(|verdict| verdict.enough));
    let refused = memory.take(&both);
    assert_eq!((refused[0].enough, refused[0].left), (true, 8));
    assert!(!refused[1].enough);
    assert_eq!(
        memory.debit(&[Debit {
            key: key(&space, 1),
            rate: wide,
            tokens: 10,
            ago: 0
        }]),
        [2]
    );
}

#[test]
fn counts_stay_within_their_bound_and_the_most_spent_are_kept() {
    let memory = memory(1_000, 0, 0);
    let space = space("many");
    let (slow, quick) = (Rate::new(1, 3600 * SECOND, 1), Rate::new(1, 60 * SECOND, 1));
    assert!(memory.take(&[ask(key(&space, 0), slow)])[0].enough);
    for number in 1..20_000 {
        memory.take(&[ask(key(&space, number), quick)]);
    }
    assert_eq!(memory.holds().limits, 1_000);
    assert_eq!(memory.evicted(), 19_000);
    assert!(!memory.take(&[ask(key(&space, 0), slow)])[0].enough);
}

#[test]
fn counts_that_are_full_again_are_swept() {
    let limits = Limits::new(100_000, RandomState::new());
    let space = space("swept");
    let rate = Rate::new(1, SECOND, 1);
    for number in 0..10_000 {
        let now = i64::try_from(number).unwrap() * SECOND / 10;
        limits.take(&[ask(key(&space, number), rate)], now, &mut |_, _| {});
    }
    assert!(limits.len() < 2_000, "{}", limits.len());
    assert_eq!(limits.evicted(), 0);
}

#[test]
fn a_new_record_beyond_the_bound_is_refused_and_an_old_one_may_change() {
    let memory = memory(0, 10, 1 << 20);
    let space = space("records");
    for number in 0..10 {
        memory.step(&put(key(&space, number), "a", None)).unwrap();
    }
    assert_eq!(
        memory.step(&put(key(&space, 10), "a", None)),
        Err(Lost::Full)
    );
    assert!(memory.step(&put(key(&space, 3), "longer", None)).is_ok());
    assert_eq!(memory.holds().records, 10);
    assert_eq!(memory.drop_space(&space), 10);
    assert_eq!(memory.holds(), Holds::default());
}

#[test]
fn bytes_are_bounded_and_given_back() {
    let memory = memory(0, 1_000, 2_000);
    let space = space("bytes");
    let large = "x".repeat(1_500);
    memory.step(&put(key(&space, 1), "a", None)).unwrap();
    let before = memory.holds();
    memory.step(&put(key(&space, 1), &large, None)).unwrap();
    assert_eq!(
        memory.step(&put(key(&space, 2), &large, None)),
        Err(Lost::Full)
    );
    assert_eq!(memory.holds().records, 1);
    memory.step(&put(key(&space, 1), "a", None)).unwrap();
    assert_eq!(memory.holds(), before);
}

#[test]
fn records_that_are_over_make_room() {
    let memory = memory(0, 100, 1 << 20);
    let space = space("over");
    for number in 0..100 {
        let step = put(key(&space, number), "a", Some(Duration::from_nanos(100)));
        memory.step(&step).unwrap();
    }
    for number in 100..200 {
        memory.step(&put(key(&space, number), "a", None)).unwrap();
    }
    assert_eq!(memory.holds().records, 100);
}

#[test]
fn pages_tell_every_key_once() {
    let memory = memory(10_000, 10_000, 1 << 24);
    let (space, other) = (space("pages"), space("pages-other"));
    let rate = Rate::new(1, 3600 * SECOND, 1);
    for number in 0..100 {
        memory.step(&put(key(&space, number), "a", None)).unwrap();
        memory.step(&put(key(&other, number), "a", None)).unwrap();
        memory.take(&[ask(key(&space, 100 + number), rate)]);
    }
    let (mut seen, mut after) = (BTreeSet::new(), None);
    loop {
        let page = memory.list(&space, after.as_ref(), 7);
        assert!(page.keys.len() <= 7);
        for key in page.keys {
            assert!(seen.insert(key));
        }
        let Some(next) = page.next else { break };
        after = Some(Cursor::new(next.as_str()));
    }
    let all: BTreeSet<Key> = (0..200).map(|number| key(&space, number)).collect();
    assert_eq!(seen, all);
}

#[test]
fn one_of_many_threads_wins() {
    let memory = Arc::new(memory(0, 10, 1 << 20));
    let space = space("winner");
    for round in 0..200 {
        let mut step = put(key(&space, round), "mine", None);
        step.cases[0].guards = vec![Guard::Absent];
        if round > 0 {
            let mut gone = put(key(&space, round - 1), "", None);
            gone.cases[0].changes = vec![Change::Clear];
            memory.step(&gone).unwrap();
        }
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let (memory, step) = (Arc::clone(&memory), step.clone());
                std::thread::spawn(move || memory.step(&step).unwrap().case.is_some())
            })
            .collect();
        let won = threads
            .into_iter()
            .filter(|_| true)
            .map(|thread| thread.join().unwrap());
        assert_eq!(won.filter(|won| *won).count(), 1);
    }
}
