//! Whether a pattern with a regular expression takes any request.
//!
//! Such a pattern lives if one of the texts that its expression surely matches is a path that nothing
//! before it takes. That it is dead is only known where patterns take all of it whatever it matches.

use super::facts::{Fact, Possible};
use super::path::Paths;
use super::probe::Witness;
use super::segment::Segments;
use super::unit::Unit;
use super::verdict::{Before, Judge, Verdict, Why};

/// With how many regular expressions the matcher itself is still asked: it may try them all.
const MOST_ASKED: usize = 2_000;

impl<'p> Judge<'_, 'p> {
    pub(super) fn regex_verdict(&self, unit: &Unit<'p>, regex: u32) -> Verdict {
        let along = self.index.plain(unit);
        let same = self.index.of_regex(regex, unit);
        let all: Vec<u32> = along.units.into_iter().chain(same.regexes).collect();
        let before = Before {
            covers: self.in_order(unit, all),
            uncertain: Vec::new(),
            over: along.over || same.over,
        };
        if let Err(verdict) = self.left_of(unit, &before) {
            return verdict;
        }
        match self.has_free_sample(unit, regex) {
            true => Verdict::Alive,
            false => self.hidden(unit, regex, before.covers),
        }
    }

    /// Whether a path that the expression surely matches is taken by nothing before it.
    pub(super) fn has_free_sample(&self, unit: &Unit<'p>, regex: u32) -> bool {
        let Some(read) = self.regexes.read(regex).filter(|read| read.certain) else {
            return false;
        };
        let holds: Vec<Fact<'_>> = facts(unit).collect();
        self.regexes.possible(&holds) == Possible::Yes
            && read
                .samples
                .iter()
                .any(|path| self.is_free(unit, path) == Some(true))
    }

    /// Whether nothing before a unit takes its requests with this path; nothing if it is not known.
    fn is_free(&self, unit: &Unit<'p>, path: &str) -> Option<bool> {
        let made = Witness::of(unit, path, self.regexes)?;
        if !made.has_path(path) {
            return None;
        }
        let found = self.index.at(&whole(path)?, unit);
        let mut units = found.units;
        let mut over = found.over;
        for regex in self.takers.of(path, unit.regex())? {
            let of_regex = self.index.of_regex(regex, unit);
            over |= of_regex.over;
            units.extend(of_regex.regexes);
        }
        let before = self.in_order(unit, units);
        self.work.spend(before.len() + 1)?;
        let free = before.iter().all(|number| !self.may_share(unit, *number));
        (!over).then_some(free)
    }

    /// Whether a request may fit both units but for its path.
    fn may_share(&self, unit: &Unit<'p>, number: u32) -> bool {
        self.unit(number).is_some_and(|other| {
            let both: Vec<Fact<'_>> = facts(unit).chain(facts(other)).collect();
            unit.methods.and(&other.methods).is_some()
                && self.regexes.possible(&both) != Possible::No
        })
    }

    /// No sample is free: the matcher is asked, and what is in the way is listed.
    fn hidden(&self, unit: &Unit<'p>, regex: u32, covers: Vec<u32>) -> Verdict {
        if self.work.spend(4 * MOST_ASKED).is_none() {
            return Verdict::Unknown(Why::TooMuch);
        }
        let found = self.index.all(unit);
        let mut in_the_way = self.in_order(unit, found.regexes);
        in_the_way.retain(|number| {
            let other = self.unit(*number).and_then(Unit::regex);
            other.is_some_and(|other| !self.regexes.disjoint(regex, other))
        });
        in_the_way.extend(covers);
        let nothing = in_the_way.is_empty() && !found.over;
        if nothing || (self.regexes.len() <= MOST_ASKED && self.asked(unit, regex)) {
            return Verdict::Alive;
        }
        in_the_way.sort_unstable();
        in_the_way.dedup();
        match in_the_way.is_empty() {
            true => Verdict::Unknown(Why::TooMuch),
            false => Verdict::Unknown(Why::Regex(in_the_way)),
        }
    }

    fn asked(&self, unit: &Unit<'p>, regex: u32) -> bool {
        self.regexes.samples(regex).iter().any(|path| {
            self.work.spend(8 * self.regexes.len()).is_some()
                && self.probe.reaches(unit, path, self.regexes)
        })
    }
}

fn facts<'u, 'p>(unit: &'u Unit<'p>) -> impl Iterator<Item = Fact<'p>> + 'u {
    unit.conditions.iter().map(|condition| Fact {
        condition: *condition,
        holds: true,
    })
}

/// The set of one path, as it is written.
fn whole(path: &str) -> Option<Paths> {
    let segments = path.strip_prefix('/')?.split('/');
    Some(Paths {
        segments: segments
            .map(|segment| Segments::Literal(segment.to_owned()))
            .collect(),
        open: false,
    })
}
