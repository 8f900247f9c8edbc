//! Patterns between which only the order of declaration decides.

use std::cmp::Ordering;
use std::collections::HashMap;

use gated_engine::matcher::{PathForm, precedence};
use gated_engine::program::BodySubject::Json;
use gated_engine::program::{BodyCondition, TextTest};

use super::facts::{Condition, Fact, Possible, Regexes};
use super::sample::samples;
use super::unit::Unit;

/// How many earlier patterns of the same path one is compared with.
const MAX_COMPARED: usize = 64;

/// Two units that tie.
pub(super) struct Tie {
    pub(super) first: u32,
    pub(super) second: u32,
    /// Whether there is a request that both take; `false`: regular expressions hide it.
    pub(super) sure: bool,
}

/// What tying patterns have in common.
#[derive(PartialEq, Eq, Hash)]
struct Place<'u> {
    priority: i32,
    host: &'u str,
    path: &'u PathForm,
}

/// The ties, one for each later unit at most.
pub(super) fn ties(units: &[Unit<'_>], regexes: &Regexes<'_>) -> Vec<Tie> {
    let mut places: HashMap<Place<'_>, Vec<u32>> = HashMap::new();
    let mut ties = Vec::new();
    for (number, unit) in units.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let place = Place {
            priority: unit.pattern.priority,
            host: unit.host,
            path: &unit.pattern.path,
        };
        let others = places.entry(place).or_default();
        let mut unsure = None;
        let mut tie = None;
        for first in others.iter().rev().take(MAX_COMPARED) {
            let Some(other) = units.get(*first as usize) else {
                continue;
            };
            match meet(other, unit, regexes) {
                Some(true) => {
                    tie = Some(*first);
                    break;
                }
                Some(false) => unsure = unsure.or(Some(*first)),
                None => {}
            }
        }
        let sure = tie.is_some();
        ties.extend(tie.or(unsure).map(|first| Tie {
            first,
            second: number,
            sure,
        }));
        others.push(number);
    }
    ties
}

/// Whether two units tie and take a request in common; `Some(false)`: it cannot be told.
fn meet(left: &Unit<'_>, right: &Unit<'_>, regexes: &Regexes<'_>) -> Option<bool> {
    let tied = left.route() != right.route()
        && precedence(&left.pattern, &right.pattern) == Ordering::Equal
        && left.methods.and(&right.methods).is_some()
        && !told_apart(left, right);
    if !tied {
        return None;
    }
    let both: Vec<Fact<'_>> = left
        .conditions
        .iter()
        .chain(&right.conditions)
        .map(|condition| Fact {
            condition: *condition,
            holds: true,
        })
        .collect();
    let possible = regexes.possible(&both);
    if possible == Possible::No {
        return None;
    }
    let same_path = match (left.regex(), right.regex()) {
        (Some(left), Some(right)) if left != right => meet_by_sample(left, right, regexes),
        _ => true,
    };
    Some(same_path && possible == Possible::Yes)
}

fn meet_by_sample(left: u32, right: u32, regexes: &Regexes<'_>) -> bool {
    let hits = |of: u32, other: u32| {
        samples(regexes.text(of), 8)
            .iter()
            .any(|path| regexes.matches(other, path))
    };
    hits(left, right) || hits(right, left)
}

/// Different values asked of the same name, or of the same part of the body: only a request that sends
/// both would fit both, and nobody means that one.
fn told_apart(left: &Unit<'_>, right: &Unit<'_>) -> bool {
    left.conditions.iter().any(|condition| {
        right
            .conditions
            .iter()
            .any(|other| match (condition, other) {
                (Condition::Named(part, one), Condition::Named(with, two)) => {
                    part == with && one.name == two.name && differ(&one.tests, &two.tests)
                }
                (Condition::Body(one), Condition::Body(two)) => {
                    (one.subject == two.subject && differ(&one.tests, &two.tests))
                        || json_differs(one, two)
                }
                _ => false,
            })
    })
}

fn json_differs(left: &BodyCondition, right: &BodyCondition) -> bool {
    matches!((&left.subject, &right.subject), (Json { value: one, .. }, Json { value: two, .. }) if one != two)
}

fn differ(left: &[TextTest], right: &[TextTest]) -> bool {
    let equal = |tests: &[TextTest]| {
        tests.iter().find_map(|test| match test {
            TextTest::Equals(text) => Some(text.clone()),
            _ => None,
        })
    };
    match (equal(left), equal(right)) {
        (Some(left), Some(right)) => left != right,
        _ => false,
    }
}
