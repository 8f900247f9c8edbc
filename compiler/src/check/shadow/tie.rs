//! Patterns between which only the order of declaration decides.

use std::cmp::Ordering;
use std::collections::HashMap;

use gated_engine::matcher::{PathForm, precedence};
use gated_engine::program::BodySubject::Json;
use gated_engine::program::{BodyCondition, TextTest};

use super::expressions::Regexes;
use super::facts::{Condition, Fact, Possible};
use super::takers::Takers;
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
pub(super) fn ties(units: &[Unit<'_>], regexes: &Regexes<'_>, takers: &Takers<'_, '_>) -> Vec<Tie> {
    let overlaps = Overlaps::of(units, regexes, takers);
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
        let before = others.iter().rev().take(MAX_COMPARED);
        let before = before.filter_map(|first| Some((*first, units.get(*first as usize)?)));
        ties.extend(tie(before, number, unit, regexes, &overlaps));
        others.push(number);
    }
    ties
}

/// The tie of one unit with one of those before it: a sure one if there is one.
fn tie<'u>(
    before: impl Iterator<Item = (u32, &'u Unit<'u>)>,
    second: u32,
    unit: &Unit<'_>,
    regexes: &Regexes<'_>,
    overlaps: &Overlaps,
) -> Option<Tie> {
    let mut unsure = None;
    for (first, other) in before {
        let paths = overlaps.paths(other, unit, regexes);
        // A second one that cannot be told adds nothing.
        if paths == Possible::No || (paths == Possible::Unknown && unsure.is_some()) {
            continue;
        }
        let tie = |sure| Tie {
            first,
            second,
            sure,
        };
        match meet(other, unit, regexes) {
            Some(true) if paths == Possible::Yes => return Some(tie(true)),
            Some(_) => unsure = unsure.or(Some(tie(false))),
            None => {}
        }
    }
    unsure
}

/// Whether two units tie and take a request in common, their paths aside; `Some(false)`: it cannot be
/// told.
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
    match regexes.possible(&both) {
        Possible::Yes => Some(true),
        Possible::Unknown => Some(false),
        Possible::No => None,
    }
}

/// Which regular expressions match a sample of which others.
struct Overlaps {
    takers: HashMap<u32, Vec<u32>>,
}

impl Overlaps {
    fn of(units: &[Unit<'_>], regexes: &Regexes<'_>, takers: &Takers<'_, '_>) -> Self {
        let mut of: HashMap<u32, Vec<u32>> = HashMap::new();
        for regex in units.iter().filter_map(Unit::regex) {
            of.entry(regex).or_insert_with(|| {
                let samples = regexes.samples(regex).iter();
                let mut all: Vec<u32> = samples
                    .filter_map(|path| takers.of(path, Some(regex)))
                    .flatten()
                    .collect();
                all.sort_unstable();
                all.dedup();
                all
            });
        }
        Self { takers: of }
    }

    /// Whether two units at the same place have a path in common.
    fn paths(&self, left: &Unit<'_>, right: &Unit<'_>, regexes: &Regexes<'_>) -> Possible {
        let (Some(left), Some(right)) = (left.regex(), right.regex()) else {
            return Possible::Yes;
        };
        let hits = |of: u32, other: u32| {
            let takers = self.takers.get(&of);
            takers.is_some_and(|takers| takers.binary_search(&other).is_ok())
        };
        match () {
            () if left == right || hits(left, right) || hits(right, left) => Possible::Yes,
            () if regexes.disjoint(left, right) => Possible::No,
            () => Possible::Unknown,
        }
    }
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
