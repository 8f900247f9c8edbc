//! Routes that can never match, and ties that only the order of declaration decides.
//!
//! A route is dead if every request it takes is taken by routes that are tried before it: by one, or by
//! several together. To find out, the set of requests of each pattern is taken, and what each earlier
//! pattern takes is taken away, until nothing is left or nothing more is in the way. Sets are boxes: of
//! paths (a set of segments for each position), methods, and facts about headers, query, cookies and
//! body. The answer is exact, except where a regular expression or too much work stands in between;
//! then "not decided" is the answer, and never a guess.

mod expressions;
mod facts;
mod index;
mod methods;
mod path;
mod probe;
mod regex_verdict;
mod region;
mod sample;
mod segment;
mod takers;
mod tie;
mod unit;
mod verdict;
mod work;

use std::collections::BTreeMap;

use gatec_syntax::Diagnostic;

use super::Context;
use super::rules::{not_decided, several_paths, shadowed, tie as tie_rule};
use crate::lower::Patterns;

use expressions::Regexes;
use facts::{Fact, Possible};
use index::Index;
use probe::{Answer, Probe, Witness};
use unit::Unit;
use verdict::{Judge, Verdict, Why};

/// What is known of one pattern, by its index.
struct Fate {
    route: u32,
    ordinal: u16,
    /// The verdicts on its units.
    verdicts: Vec<(u32, Verdict)>,
}

impl Fate {
    /// The units that take all of it, if it is dead under every host.
    fn dead(&self) -> Option<Vec<u32>> {
        let mut covers = Vec::new();
        for (_, verdict) in &self.verdicts {
            match verdict {
                Verdict::Dead(by) => covers.extend(by),
                _ => return None,
            }
        }
        covers.sort_unstable();
        covers.dedup();
        (!covers.is_empty()).then_some(covers)
    }

    fn alive(&self) -> bool {
        self.verdicts
            .iter()
            .any(|(_, verdict)| *verdict == Verdict::Alive)
    }
}

/// Reports dead routes and matches, ties, and what is not decided.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let patterns = Patterns::of(context.spec, context.root);
    let names: Vec<&str> = context.spec.routes.keys().map(String::as_str).collect();
    let broken: Vec<bool> = context
        .spec
        .routes
        .iter()
        .map(|(name, route)| {
            context.is_broken(name) || route.matches.iter().any(several_paths::is_ambiguous)
        })
        .collect();
    let left_out = |route: u32| broken.get(route as usize).copied().unwrap_or(true);
    let regexes = Regexes::new(&patterns.regexes);
    let units = unit::units(&patterns.patterns, |pattern| {
        left_out(pattern.matched.route)
    });
    let index = Index::new(&units);
    let probe = Probe::new(&patterns);
    let judge = Judge::new(&units, &index, &regexes, &probe);
    let fates = fates(&judge);
    let report = Report {
        context,
        names: &names,
        judge: &judge,
    };
    report.fates(&fates, found);
    report.ties(&fates, found);
}

fn fates(judge: &Judge<'_, '_>) -> BTreeMap<usize, Fate> {
    let mut fates: BTreeMap<usize, Fate> = BTreeMap::new();
    for (number, unit) in judge.units.iter().enumerate() {
        let facts: Vec<Fact<'_>> = unit
            .conditions
            .iter()
            .map(|condition| Fact {
                condition: *condition,
                holds: true,
            })
            .collect();
        // A match that contradicts itself is told by another check.
        let verdict = match judge.regexes.possible(&facts) {
            Possible::No => Verdict::Alive,
            _ => judge.verdict(unit),
        };
        let fate = fates.entry(unit.index).or_insert_with(|| Fate {
            route: unit.route(),
            ordinal: unit.pattern.matched.ordinal,
            verdicts: Vec::new(),
        });
        fate.verdicts
            .push((u32::try_from(number).unwrap_or(u32::MAX), verdict));
    }
    fates
}

struct Report<'r, 'j, 'p> {
    context: &'r Context<'r>,
    names: &'r [&'r str],
    judge: &'r Judge<'j, 'p>,
}

impl<'r> Report<'r, '_, '_> {
    fn fates(&self, fates: &BTreeMap<usize, Fate>, found: &mut Vec<Diagnostic>) {
        let mut undecided = Vec::new();
        let mut routes: BTreeMap<u32, Vec<&Fate>> = BTreeMap::new();
        for fate in fates.values() {
            routes.entry(fate.route).or_default().push(fate);
        }
        for (route, fates) in routes {
            let dead: Vec<(&Fate, Vec<u32>)> = fates
                .iter()
                .filter_map(|fate| Some((*fate, fate.dead()?)))
                .collect();
            if dead.len() == fates.len() {
                let mut covers: Vec<u32> = dead
                    .iter()
                    .flat_map(|(_, covers)| covers)
                    .copied()
                    .collect();
                covers.sort_unstable();
                covers.dedup();
                if let Some((first, _)) = dead.first() {
                    found.extend(self.dead(route, None, first, &covers));
                }
                continue;
            }
            for (fate, covers) in &dead {
                found.extend(self.dead(route, Some(fate.ordinal), fate, covers));
            }
            let unknown = fates
                .iter()
                .find(|fate| !fate.alive() && fate.dead().is_none());
            undecided.extend(unknown.and_then(|fate| self.undecided(fate)));
        }
        found.extend(not_decided::shadows(self.context, &undecided));
    }

    fn unit(&self, number: u32) -> Option<&Unit<'_>> {
        self.judge.units.get(number as usize)
    }

    fn name(&self, route: u32) -> &'r str {
        self.names.get(route as usize).copied().unwrap_or("")
    }

    fn place(&self, unit: &Unit<'_>) -> shadowed::Place<'r> {
        shadowed::Place {
            route: self.name(unit.route()),
            ordinal: unit.pattern.matched.ordinal,
        }
    }

    fn dead(
        &self,
        route: u32,
        ordinal: Option<u16>,
        fate: &Fate,
        covers: &[u32],
    ) -> Option<Diagnostic> {
        let witness = fate
            .verdicts
            .first()
            .and_then(|(unit, _)| self.unit(*unit))
            .and_then(|unit| {
                let path = match (&unit.paths, unit.regex()) {
                    (Some(paths), _) => paths.samples().into_iter().next()?,
                    (None, regex) => self.judge.regexes.samples(regex?).first()?.clone(),
                };
                Witness::of(unit, &path, self.judge.regexes)
            });
        let answer = witness
            .as_ref()
            .and_then(|witness| self.judge.probe.ask(witness));
        // The engine has the last word: what it does not confirm is not reported.
        if answer == Some(Answer::Route(route)) {
            return None;
        }
        let taken_by = match answer {
            Some(Answer::Route(taker)) => Some(self.name(taker)),
            _ => None,
        };
        let places: Vec<shadowed::Place<'_>> = covers
            .iter()
            .filter_map(|number| self.unit(*number))
            .map(|unit| self.place(unit))
            .collect();
        Some(shadowed::finding(
            self.context,
            &shadowed::Dead {
                route: self.name(route),
                ordinal,
                by: &places,
                witness: witness.map(|witness| witness.line()).zip(taken_by),
            },
        ))
    }

    fn undecided(&self, fate: &Fate) -> Option<not_decided::Shadow<'r>> {
        let why = fate
            .verdicts
            .iter()
            .find_map(|(_, verdict)| match verdict {
                Verdict::Unknown(why) => Some(why),
                _ => None,
            })?;
        let others = match why {
            Why::Regex(units) => units.as_slice(),
            Why::TooMuch => &[],
        };
        Some(not_decided::Shadow {
            place: shadowed::Place {
                route: self.name(fate.route),
                ordinal: fate.ordinal,
            },
            others: others
                .iter()
                .filter_map(|number| self.unit(*number))
                .map(|unit| self.place(unit))
                .take(not_decided::SHOWN)
                .collect(),
        })
    }

    fn ties(&self, fates: &BTreeMap<usize, Fate>, found: &mut Vec<Diagnostic>) {
        let mut told = std::collections::HashSet::new();
        let mut undecided = Vec::new();
        for tie in tie::ties(self.judge.units, self.judge.regexes, &self.judge.takers) {
            let (Some(first), Some(second)) = (self.unit(tie.first), self.unit(tie.second)) else {
                continue;
            };
            let dead = fates
                .get(&second.index)
                .is_some_and(|fate| fate.dead().is_some());
            if dead || !told.insert((first.route(), second.route())) {
                continue;
            }
            let (first, second) = (self.place(first), self.place(second));
            match tie.sure {
                true => found.push(tie_rule::finding(self.context, first, second)),
                false => undecided.push((first, second)),
            }
        }
        found.extend(not_decided::ties(self.context, &undecided));
    }
}

#[cfg(test)]
mod tests;
