//! Sets of requests, and what is left of one when another is taken away.

use super::expressions::Regexes;
use super::facts::{Fact, Possible};
use super::methods::Methods;
use super::path::{Paths, Split};
use super::unit::Unit;

/// A set of requests: all that have such a path and method, and of which the facts are true. (Hosts
/// are settled before: only patterns that take every request of a host are compared.)
#[derive(Debug, Clone)]
pub(super) struct Region<'p> {
    /// None: the paths of a regular expression, which are only ever covered as a whole.
    pub(super) paths: Option<Paths>,
    pub(super) methods: Methods,
    pub(super) facts: Vec<Fact<'p>>,
}

impl<'p> Region<'p> {
    /// Every request that a unit takes.
    pub(super) fn of(unit: &Unit<'p>) -> Self {
        Self {
            paths: unit.paths.clone(),
            methods: unit.methods.clone(),
            facts: unit
                .conditions
                .iter()
                .map(|condition| Fact {
                    condition: *condition,
                    holds: true,
                })
                .collect(),
        }
    }

    /// What it costs to take away what `by` takes: conditions are compared with one another.
    pub(super) fn weight(&self, by: &Unit<'p>) -> usize {
        let facts = self.facts.len() + by.conditions.len();
        1 + facts * facts / 16
    }

    /// What is left when all that `by` takes is taken away; `None` where they have nothing in common.
    pub(super) fn without(&self, by: &Unit<'p>, regexes: &Regexes<'_>) -> Option<Vec<Region<'p>>> {
        let methods = self.methods.and(&by.methods)?;
        let split = self.split_paths(by)?;
        let mut together = self.facts.clone();
        together.extend(by.conditions.iter().map(|condition| Fact {
            condition: *condition,
            holds: true,
        }));
        if regexes.possible(&together) == Possible::No {
            return None;
        }
        let mut left: Vec<Region<'p>> = split
            .outside
            .into_iter()
            .map(|paths| Region {
                paths: Some(paths),
                ..self.clone()
            })
            .collect();
        let mut inside = Region {
            paths: split.inside,
            ..self.clone()
        };
        if let Some(methods) = self.methods.without(&by.methods) {
            left.push(Region {
                methods,
                ..inside.clone()
            });
        }
        inside.methods = methods;
        for condition in &by.conditions {
            let mut without = inside.clone();
            without.facts.push(Fact {
                condition: *condition,
                holds: false,
            });
            if regexes.possible(&without.facts) != Possible::No {
                left.push(without);
            }
            let holds = Fact {
                condition: *condition,
                holds: true,
            };
            if !inside.facts.contains(&holds) {
                inside.facts.push(holds);
            }
        }
        Some(left)
    }

    fn split_paths(&self, by: &Unit<'p>) -> Option<Parts> {
        match (&self.paths, &by.paths) {
            (Some(own), Some(other)) => {
                let Split { inside, outside } = own.split(other)?;
                Some(Parts {
                    inside: Some(inside),
                    outside,
                })
            }
            // Only what covers all of it is ever compared.
            (own, _) => Some(Parts {
                inside: own.clone(),
                outside: Vec::new(),
            }),
        }
    }
}

struct Parts {
    inside: Option<Paths>,
    outside: Vec<Paths>,
}
