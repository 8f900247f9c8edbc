//! Guards: what is left of the policies, as replicas read it.

use std::collections::{BTreeMap, HashMap};

use gatec_schema::Spec;
use gated_engine::program::{Arm, DecisionLog, Guard, Policy, Term};

use crate::policy::pool::{Pool, parts};
use crate::policy::rulebook::Rulebook;
use crate::policy::slice::{Left, Slice};

/// The guards of a spec.
pub(super) struct Guards {
    /// Each once.
    pub(super) guards: Vec<Guard>,
    /// The names of policies.
    pub(super) policies: Vec<String>,
    /// The terms of their conditions.
    pub(super) terms: Vec<Term>,
    /// Which decisions are logged.
    pub(super) log: DecisionLog,
    of_routes: BTreeMap<String, u32>,
}

impl Guards {
    /// The number of a route's guard.
    pub(super) fn of_route(&self, route: &str) -> Option<u32> {
        self.of_routes.get(route).copied()
    }
}

/// Makes the guards. Only what guards refer to comes along: the terms in the order of their first use, the
/// policies in the order in which they are written.
pub(super) fn guards(spec: &Spec, rulebook: &Rulebook) -> Guards {
    let mut numbers: Vec<&String> = spec.identities.keys().collect();
    numbers.sort();
    let mut maker = Maker {
        pool: &rulebook.slices.pool,
        terms: Vec::new(),
        known: HashMap::new(),
    };
    let mut guards: Vec<Guard> = Vec::new();
    let mut known: HashMap<Guard, u32> = HashMap::new();
    let mut of_routes = BTreeMap::new();
    for name in spec.routes.keys() {
        let Some(slices) = rulebook.slices.routes.get(name) else {
            continue;
        };
        let arms = slices.iter().map(|(identity, slice)| {
            let number = numbers.binary_search(&identity).unwrap_or_default();
            maker.arm(u32::try_from(number).unwrap_or(u32::MAX), slice)
        });
        let guard = Guard {
            arms: arms.collect(),
        };
        let number = *known.entry(guard).or_insert_with_key(|guard| {
            guards.push(guard.clone());
            u32::try_from(guards.len() - 1).unwrap_or(u32::MAX)
        });
        of_routes.insert(name.clone(), number);
    }
    let log = &spec.policies.log;
    Guards {
        guards,
        policies: rulebook.names(),
        terms: maker.terms,
        log: DecisionLog {
            allowed: log.allowed,
            hash_principals: log.hash_principals,
        },
        of_routes,
    }
}

struct Maker<'p> {
    pool: &'p Pool,
    terms: Vec<Term>,
    known: HashMap<u32, u32>,
}

impl Maker<'_> {
    fn arm(&mut self, identity: u32, slice: &Slice) -> Arm {
        let mut policies = |list: &[Left]| {
            let policies = list.iter().map(|left| Policy {
                name: u32::try_from(left.policy).unwrap_or(u32::MAX),
                condition: self.term(left.condition),
            });
            policies.collect()
        };
        Arm {
            identity,
            forbids: policies(&slice.forbids),
            permits: policies(&slice.permits),
        }
    }

    /// Takes a term over with all it refers to.
    fn term(&mut self, number: u32) -> u32 {
        if let Some(known) = self.known.get(&number) {
            return *known;
        }
        let term = self.pool.term(number);
        let below: Vec<u32> = parts(term)
            .into_iter()
            .map(|part| self.term(part))
            .collect();
        let new = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        self.terms.push(with_parts(term, &below));
        self.known.insert(number, new);
        new
    }
}

/// The same term made of others, in the order of [`parts`].
fn with_parts(term: &Term, below: &[u32]) -> Term {
    let at = |index: usize| below.get(index).copied().unwrap_or_default();
    let (one, two) = (at(0), at(1));
    match term {
        Term::Set(_) => Term::Set(below.to_vec()),
        Term::If(..) => Term::If(one, two, at(2)),
        Term::And(..) => Term::And(one, two),
        Term::Or(..) => Term::Or(one, two),
        Term::Equal(..) => Term::Equal(one, two),
        Term::Less(..) => Term::Less(one, two),
        Term::LessOrEqual(..) => Term::LessOrEqual(one, two),
        Term::Add(..) => Term::Add(one, two),
        Term::Subtract(..) => Term::Subtract(one, two),
        Term::Multiply(..) => Term::Multiply(one, two),
        Term::Contains(..) => Term::Contains(one, two),
        Term::ContainsAll(..) => Term::ContainsAll(one, two),
        Term::ContainsAny(..) => Term::ContainsAny(one, two),
        Term::IsInRange(..) => Term::IsInRange(one, two),
        Term::Offset(..) => Term::Offset(one, two),
        Term::DurationSince(..) => Term::DurationSince(one, two),
        Term::Not(_) => Term::Not(one),
        Term::Negate(_) => Term::Negate(one),
        Term::IsEmpty(_) => Term::IsEmpty(one),
        Term::Like(_, parts) => Term::Like(one, parts.clone()),
        Term::IpIs(_, question) => Term::IpIs(one, *question),
        Term::ToDate(_) => Term::ToDate(one),
        Term::ToTime(_) => Term::ToTime(one),
        Term::ToUnits(_, unit) => Term::ToUnits(one, *unit),
        Term::Bool(_)
        | Term::Long(_)
        | Term::Text(_)
        | Term::Decimal(_)
        | Term::Datetime(_)
        | Term::Duration(_)
        | Term::Ip(_)
        | Term::Texts(_)
        | Term::Fact(_)
        | Term::Has(_)
        | Term::Member(..) => term.clone(),
    }
}
