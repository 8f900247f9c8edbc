//! What a step means, and nothing else: a record and a step in, the record as it is to be kept and what is
//! told out. Memory, file and SQLite run this; the script for Redis is held to it by tests.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;

use super::{Bounds, Case, Change, Done, Fields, Guard, Life, Reads, Record, Step};

/// What every store counts exactly: 2^53 - 1.
const MOST: i64 = (1 << 53) - 1;
/// The longest life, in ticks: 2^52 (about 14 years). What should live for longer is given no end.
const LONGEST_LIFE: i64 = 1 << 52;

/// What is to be kept after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// What was there before.
    Same,
    /// Nothing.
    Gone,
    /// This.
    Kept(Record),
}

/// Does a step on a record (`None`: there is none) at a tick.
#[must_use]
pub fn apply(record: Option<&Record>, step: &Step, now: i64) -> (Done, After) {
    let ended = record.is_some_and(|record| record.is_over(now));
    let before = record.filter(|_| !ended);
    let untouched = if ended { After::Gone } else { After::Same };
    let holds = |case: &Case| case.guards.iter().all(|guard| guard_holds(guard, before));
    let cases = step.cases.iter().enumerate();
    let Some((at, case)) = cases.into_iter().find(|(_, case)| holds(case)) else {
        return (told(None, before, &step.reads), untouched);
    };
    if case.changes.is_empty() && case.life.is_none() {
        return (told(Some(at), before, &step.reads), untouched);
    }
    let after = changed(before, case, now);
    if grows_beyond(before, &after, step.bounds) {
        let done = Done {
            too_large: true,
            ..told(None, before, &step.reads)
        };
        return (done, untouched);
    }
    if after.fields.is_empty() || after.is_over(now) {
        return (told(Some(at), None, &step.reads), After::Gone);
    }
    (
        told(Some(at), Some(&after), &step.reads),
        After::Kept(after),
    )
}

fn guard_holds(guard: &Guard, record: Option<&Record>) -> bool {
    let field = |name: &Bytes| record.and_then(|record| record.fields.get(name));
    match guard {
        Guard::Exists => record.is_some(),
        Guard::Absent => record.is_none(),
        Guard::Has(name) => field(name).is_some(),
        Guard::Lacks(name) => field(name).is_none(),
        Guard::Is(name, value) => field(name) == Some(value),
        Guard::IsNot(name, value) => field(name) != Some(value),
    }
}

fn changed(before: Option<&Record>, case: &Case, now: i64) -> Record {
    let mut record = before.map_or_else(|| Cow::Owned(Record::default()), Cow::Borrowed);
    for change in &case.changes {
        change_one(record.to_mut(), change);
    }
    let mut record = record.into_owned();
    if let Some(life) = case.life {
        live(&mut record, life, now);
    }
    record
}

fn change_one(record: &mut Record, change: &Change) {
    match change {
        Change::Set(name, value) => {
            record.fields.insert(own(name), own(value));
        }
        Change::Remove(name) => {
            record.fields.remove(name);
        }
        Change::Add(name, amount) => {
            let sum = count(record.fields.get(name)) + amount.clamp(&-MOST, &MOST);
            let text = sum.clamp(-MOST, MOST).to_string();
            record.fields.insert(own(name), text.into());
        }
        Change::Clear => *record = Record::default(),
    }
}

/// A copy: these bytes may be a small part of a large request that would be kept along with them.
fn own(bytes: &Bytes) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

/// The whole number in a field, 0 where there is none.
fn count(value: Option<&Bytes>) -> i64 {
    let text = value.and_then(|value| std::str::from_utf8(value).ok());
    let plain = |text: &&str| !text.starts_with('+') && text.len() <= 17;
    let number = text.filter(plain).and_then(|text| text.parse().ok());
    number
        .filter(|number| (-MOST..=MOST).contains(number))
        .unwrap_or(0)
}

fn live(record: &mut Record, life: Life, now: i64) {
    record.idle_at = life.idle.map(|idle| now.saturating_add(ticks(idle)));
    if let Some(absolute) = life.absolute {
        let ends = now.saturating_add(ticks(absolute));
        record.ends_at = Some(record.ends_at.map_or(ends, |before| before.min(ends)));
    }
}

/// A length of life in ticks.
pub(crate) fn ticks(time: Duration) -> i64 {
    let ticks = time.as_nanos() / 100;
    i64::try_from(ticks).map_or(LONGEST_LIFE, |ticks| ticks.min(LONGEST_LIFE))
}

fn grows_beyond(before: Option<&Record>, after: &Record, bounds: Bounds) -> bool {
    let beyond = |size: fn(&Record) -> usize, bound| {
        size(after) > bound && size(after) > before.map_or(0, size)
    };
    beyond(|record| record.fields.len(), bounds.fields) || beyond(Record::bytes, bounds.bytes)
}

fn told(case: Option<usize>, record: Option<&Record>, reads: &Reads) -> Done {
    let fields = record.map_or_else(Fields::new, |record| match reads {
        Reads::Nothing => Fields::new(),
        Reads::All => record.fields.clone(),
        Reads::These(names) => {
            let pick = |name: &Bytes| Some((name.clone(), record.fields.get(name)?.clone()));
            names.iter().filter_map(pick).collect()
        }
    });
    Done {
        case,
        too_large: false,
        fields,
    }
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
