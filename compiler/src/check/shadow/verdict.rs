//! Whether a pattern takes any request at all.

use std::collections::HashSet;

use super::expressions::Regexes;
use super::facts::Possible;
use super::index::Index;
use super::path::Paths;
use super::probe::Probe;
use super::region::Region;
use super::takers::Takers;
use super::unit::Unit;
use super::work::Work;

/// How many pieces a set of requests may fall into; more is not decided.
const MAX_REGIONS: usize = 256;

/// How many subtractions are done for one pattern.
const MAX_STEPS: usize = 20_000;

/// With more patterns before one than this, a request is made up and tried before sets are compared.
const MANY: usize = 16;

/// Of how many patterns one alone is looked for that takes everything, where there are too many.
const FEW: usize = 64;

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
    pub(super) takers: Takers<'j, 'p>,
    pub(super) work: Work,
}

/// The units before one, and of other routes.
pub(super) struct Before {
    /// Those that take whole known paths of it, the first one first.
    pub(super) covers: Vec<u32>,
    /// Those with a regular expression that cannot be compared with it.
    pub(super) uncertain: Vec<u32>,
    /// Whether these are not all.
    pub(super) over: bool,
}

impl<'j, 'p> Judge<'j, 'p> {
    pub(super) fn new(
        units: &'j [Unit<'p>],
        index: &'j Index<'p>,
        regexes: &'j Regexes<'p>,
        probe: &'j Probe<'p>,
    ) -> Self {
        Self {
            units,
            index,
            regexes,
            probe,
            takers: Takers::new(regexes, units.iter().filter_map(Unit::regex)),
            work: Work::new(),
        }
    }

    pub(super) fn unit(&self, number: u32) -> Option<&'j Unit<'p>> {
        self.units.get(number as usize)
    }

    /// The verdict on one unit.
    pub(super) fn verdict(&self, unit: &Unit<'p>) -> Verdict {
        match unit.regex() {
            Some(regex) => self.regex_verdict(unit, regex),
            None => self.path_verdict(unit),
        }
    }

    fn path_verdict(&self, unit: &Unit<'p>) -> Verdict {
        let before = self.before(unit);
        if before.covers.is_empty() && before.uncertain.is_empty() && !before.over {
            return Verdict::Alive;
        }
        if !before.over && before.covers.len() > MANY && self.is_reached(unit) {
            return Verdict::Alive;
        }
        let left = match self.left_of(unit, &before) {
            Ok(left) => left,
            Err(verdict) => return verdict,
        };
        self.verdict_beside_regexes(&left, before.uncertain)
    }

    /// What is left of a unit beside those that can be compared with it, or the verdict on it.
    pub(super) fn left_of(
        &self,
        unit: &Unit<'p>,
        before: &Before,
    ) -> Result<Vec<Region<'p>>, Verdict> {
        let looked_at = match before.over {
            true => before.covers.get(..FEW).unwrap_or(&before.covers),
            false => &before.covers,
        };
        if let Some(one) = self.single(unit, looked_at) {
            return Err(Verdict::Dead(vec![one]));
        }
        if before.over {
            return Err(Verdict::Unknown(Why::TooMuch));
        }
        match self.subtract(unit, &before.covers) {
            None => Err(Verdict::Unknown(Why::TooMuch)),
            Some((left, used)) if left.is_empty() => Err(Verdict::Dead(self.needed(unit, used))),
            Some((left, _)) => Ok(left),
        }
    }

    /// Whether a request made up for this unit reaches it: the cheap proof that it lives.
    fn is_reached(&self, unit: &Unit<'p>) -> bool {
        let paths = unit.paths.as_ref().map(Paths::samples).unwrap_or_default();
        paths
            .iter()
            .any(|path| self.probe.reaches_match(unit, path, self.regexes))
    }

    fn before(&self, unit: &Unit<'p>) -> Before {
        let found = match unit.paths.as_ref().and_then(Paths::only) {
            Some(path) => {
                let mut found = self.index.plain(unit);
                match self.takers.of(&path, None) {
                    Some(regexes) => {
                        for regex in regexes {
                            let of_regex = self.index.of_regex(regex, unit);
                            found.units.extend(of_regex.regexes);
                            found.over |= of_regex.over;
                        }
                    }
                    None => found.over = true,
                }
                found
            }
            None => self.index.all(unit),
        };
        Before {
            covers: self.in_order(unit, found.units),
            uncertain: self.in_order(unit, found.regexes),
            over: found.over,
        }
    }

    /// Those of other routes that come before a unit, the first one first.
    pub(super) fn in_order(&self, unit: &Unit<'p>, numbers: Vec<u32>) -> Vec<u32> {
        let ranked = numbers.into_iter().filter_map(|number| {
            let other = self.unit(number)?;
            (other.rank < unit.rank && other.route() != unit.route())
                .then_some((other.rank, number))
        });
        let mut ranked: Vec<(usize, u32)> = ranked.collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, number)| number).collect()
    }

    /// One unit that takes every request of this one.
    fn single(&self, unit: &Unit<'p>, covers: &[u32]) -> Option<u32> {
        let whole = Region::of(unit);
        let takes_all = |number: &u32| {
            let left = self.unit(*number).and_then(|by| {
                self.work.spend(whole.weight(by))?;
                whole.without(by, self.regexes)
            });
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
                self.work.spend(region.weight(by))?;
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
            if self.work.spend(uncertain.len() * 8).is_none() {
                return Verdict::Unknown(Why::TooMuch);
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
}

fn sorted(numbers: HashSet<u32>) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.into_iter().collect();
    numbers.sort_unstable();
    numbers
}
