//! Whether a pattern takes any request at all.

use std::collections::HashSet;

use super::facts::{Possible, Regexes};
use super::index::{Candidates, Index};
use super::path::Paths;
use super::probe::Probe;
use super::region::Region;
use super::sample::samples;
use super::unit::Unit;

/// How many pieces a set of requests may fall into; more is not decided.
const MAX_REGIONS: usize = 256;

/// How many subtractions are done for one pattern.
const MAX_STEPS: usize = 20_000;

/// The outcome for one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Some request reaches it.
    Alive,
    /// Every request it takes is taken by these before it (indexes of units).
    Dead(Vec<u32>),
    /// It cannot be told.
    Unknown(Why),
}

/// Why it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// Regular expressions are in the way (indexes of units).
    Regex(Vec<u32>),
    /// There is too much to compare.
    TooMuch,
}

/// What verdicts are made from.
pub(super) struct Judge<'j, 'p> {
    pub(super) units: &'j [Unit<'p>],
    pub(super) index: &'j Index<'p>,
    pub(super) regexes: &'j Regexes<'p>,
    pub(super) probe: &'j Probe<'p>,
}

impl<'j, 'p> Judge<'j, 'p> {
    fn unit(&self, number: u32) -> Option<&'j Unit<'p>> {
        self.units.get(number as usize)
    }

    /// The verdict on one unit.
    pub(super) fn verdict(&self, unit: &Unit<'p>) -> Verdict {
        let found = self.index.candidates(unit);
        if found.over {
            return Verdict::Unknown(Why::TooMuch);
        }
        let (covers, uncertain) = self.sorted(unit, found);
        if covers.is_empty() && uncertain.is_empty() {
            return Verdict::Alive;
        }
        if let Some(one) = self.single(unit, &covers) {
            return Verdict::Dead(vec![one]);
        }
        let Some((left, used)) = self.subtract(unit, &covers) else {
            return Verdict::Unknown(Why::TooMuch);
        };
        if left.is_empty() {
            return Verdict::Dead(self.needed(unit, used));
        }
        match unit.regex() {
            Some(regex) => self.regex_verdict(unit, regex, &covers, uncertain),
            None => self.verdict_beside_regexes(&left, uncertain),
        }
    }

    /// The units before this one and of other routes: those that take whole known paths of it, and
    /// those with a regular expression that cannot be compared with it.
    fn sorted(&self, unit: &Unit<'p>, found: Candidates) -> (Vec<u32>, Vec<u32>) {
        let before = |number: &u32| {
            self.unit(*number)
                .is_some_and(|other| other.rank < unit.rank && other.route() != unit.route())
        };
        let mut covers: Vec<u32> = found.units.into_iter().filter(before).collect();
        let only = unit.paths.as_ref().and_then(Paths::only);
        let mut uncertain = Vec::new();
        for number in found.regexes.into_iter().filter(before) {
            let Some(regex) = self.unit(number).and_then(Unit::regex) else {
                continue;
            };
            match (&only, unit.regex()) {
                (Some(path), _) if self.regexes.matches(regex, path) => covers.push(number),
                (Some(_), _) => {}
                (None, Some(own)) if own == regex => covers.push(number),
                _ => uncertain.push(number),
            }
        }
        covers.sort_by_key(|number| self.unit(*number).map_or(usize::MAX, |unit| unit.rank));
        (covers, uncertain)
    }

    /// One unit that takes every request of this one.
    fn single(&self, unit: &Unit<'p>, covers: &[u32]) -> Option<u32> {
        let whole = Region::of(unit);
        let takes_all = |number: &u32| {
            let left = self
                .unit(*number)
                .and_then(|by| whole.without(by, self.regexes));
            left.is_some_and(|left| left.is_empty())
        };
        covers.iter().copied().find(takes_all)
    }

    /// What is left of a unit when all these are taken away, and which of them took something.
    fn subtract(&self, unit: &Unit<'p>, covers: &[u32]) -> Option<(Vec<Region<'p>>, Vec<u32>)> {
        let mut left = vec![Region::of(unit)];
        let mut used = Vec::new();
        let mut steps = 0;
        for number in covers {
            let Some(by) = self.unit(*number) else {
                continue;
            };
            let mut next = Vec::with_capacity(left.len());
            let mut took = false;
            for region in left {
                match region.without(by, self.regexes) {
                    Some(parts) => {
                        took = true;
                        next.extend(parts);
                    }
                    None => next.push(region),
                }
            }
            steps += next.len();
            used.extend(took.then_some(*number));
            left = next;
            if left.is_empty() {
                break;
            }
            if left.len() > MAX_REGIONS || steps > MAX_STEPS {
                return None;
            }
        }
        Some((left, used))
    }

    /// The units of a union that are really needed, as far as a few tries tell.
    fn needed(&self, unit: &Unit<'p>, mut used: Vec<u32>) -> Vec<u32> {
        let mut at = used.len().min(24);
        while at > 0 && used.len() > 1 {
            at -= 1;
            let mut fewer = used.clone();
            fewer.remove(at.min(used.len() - 1));
            if self
                .subtract(unit, &fewer)
                .is_some_and(|(left, _)| left.is_empty())
            {
                used = fewer;
            }
        }
        used
    }

    /// Something is left beside the patterns that can be compared: is it left beside the regular
    /// expressions too?
    fn verdict_beside_regexes(&self, left: &[Region<'p>], uncertain: Vec<u32>) -> Verdict {
        let mut in_the_way = HashSet::new();
        for region in left.iter().take(8) {
            if self.regexes.possible(&region.facts) == Possible::Unknown {
                continue;
            }
            let others: Vec<u32> = uncertain
                .iter()
                .copied()
                .filter(|number| self.meets(region, *number))
                .collect();
            if others.is_empty() {
                return Verdict::Alive;
            }
            let paths = region
                .paths
                .as_ref()
                .map(Paths::samples)
                .unwrap_or_default();
            let free = |path: &String| {
                others.iter().all(|number| {
                    let regex = self.unit(*number).and_then(Unit::regex);
                    regex.is_some_and(|regex| !self.regexes.matches(regex, path))
                })
            };
            if paths.iter().any(free) {
                return Verdict::Alive;
            }
            in_the_way.extend(others);
        }
        match in_the_way.is_empty() {
            true => Verdict::Alive,
            false => Verdict::Unknown(Why::Regex(sorted(in_the_way))),
        }
    }

    fn meets(&self, region: &Region<'p>, number: u32) -> bool {
        let paths = Region {
            paths: None,
            ..region.clone()
        };
        self.unit(number)
            .is_some_and(|by| paths.without(by, self.regexes).is_some())
    }

    /// A regular expression is alive if a sample reaches it.
    fn regex_verdict(
        &self,
        unit: &Unit<'p>,
        regex: u32,
        covers: &[u32],
        uncertain: Vec<u32>,
    ) -> Verdict {
        let paths = samples(self.regexes.text(regex), 8);
        if paths
            .iter()
            .any(|path| self.probe.reaches(unit, path, self.regexes))
        {
            return Verdict::Alive;
        }
        let in_the_way: HashSet<u32> = uncertain
            .into_iter()
            .chain(covers.iter().copied())
            .collect();
        Verdict::Unknown(Why::Regex(sorted(in_the_way)))
    }
}

fn sorted(numbers: HashSet<u32>) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers
}
