//! Tries values until a goal is reached or cannot be.

use std::collections::BTreeMap;

use gated_engine::program::{Fact, Term};

use super::candidates::{Candidates, candidates};
use super::value::{Lack, Settled, Val, Worker};
use crate::policy::fold::Scene;
use crate::policy::pool::{Pool, parts};
use crate::policy::slice::Slice;

/// The values with which a goal is reached.
pub type Model = BTreeMap<Fact, Option<Val>>;

/// What came of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is reached, with these values.
    Reached(Model),
    /// It never is: proved.
    Never,
    /// It was not reached, and not proved that it never is.
    Unknown,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Goal<'g> {
    /// A request that these policies let in, and that meets this condition as well.
    LetIn(&'g Slice, Option<u32>),
    /// A request that these policies do not let in.
    KeptOut(&'g Slice),
    /// A request that meets the first condition and not the second.
    Meets(u32, Option<u32>),
}

/// How many terms are taken for unknowns of their own.
const MOST_ATOMS: usize = 24;

/// How many values are tried at most.
const STEPS: usize = 5_000;

/// Looks for a request.
pub fn find(pool: &Pool, scene: Scene<'_>, goal: Goal<'_>) -> Answer {
    let roles = scene.principal.roles.as_slice();
    let roots = goal.roots();
    let Candidates { values, complete } = candidates(pool, scene, &roots, roles);
    let mut search = Search {
        pool,
        scene,
        goal,
        values: values.into_iter().collect(),
        settled: Settled::new(),
        steps: 0,
    };
    match search.go(0) {
        Some(true) => Answer::Reached(search.settled),
        Some(false) if complete => Answer::Never,
        _ if is_never(pool, scene, goal) => Answer::Never,
        _ => Answer::Unknown,
    }
}

/// Whether the goal cannot be reached whatever its comparisons come to, each taken by itself: the same
/// question in a `permit` and in a `forbid` has the same answer, and that alone proves much.
fn is_never(pool: &Pool, scene: Scene<'_>, goal: Goal<'_>) -> bool {
    let mut atoms: Vec<u32> = Vec::new();
    let mut open = goal.roots();
    while let Some(number) = open.pop() {
        match pool.term(number) {
            Term::Bool(_) => {}
            Term::Not(_) | Term::And(..) | Term::Or(..) => open.extend(parts(pool.term(number))),
            Term::If(..) => open.extend(parts(pool.term(number))),
            _ if atoms.contains(&number) => {}
            _ => atoms.push(number),
        }
    }
    if atoms.len() > MOST_ATOMS {
        return false;
    }
    let settled = Settled::new();
    let mut guess = Guess {
        worker: Worker {
            pool,
            settled: &settled,
            guessed: &BTreeMap::new(),
            roles: &scene.principal.roles,
            subject: scene.principal.subject,
        },
        goal,
        atoms,
        guessed: BTreeMap::new(),
        steps: 0,
    };
    guess.go(0) == Some(false)
}

/// Guesses what comparisons come to.
struct Guess<'a> {
    worker: Worker<'a>,
    goal: Goal<'a>,
    atoms: Vec<u32>,
    guessed: BTreeMap<u32, Result<bool, Lack>>,
    steps: usize,
}

impl Guess<'_> {
    fn go(&mut self, at: usize) -> Option<bool> {
        let worker = Worker {
            guessed: &self.guessed,
            ..self.worker
        };
        if let Some(reached) = self.goal.reached(worker) {
            return Some(reached);
        }
        let atom = *self.atoms.get(at)?;
        let mut outcomes = vec![Ok(true), Ok(false)];
        if worker.pool.can_fail(atom) {
            outcomes.push(Err(Lack::Fails));
        }
        for outcome in outcomes {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            self.guessed.insert(atom, outcome);
            match self.go(at + 1) {
                Some(false) => {}
                other => return other,
            }
        }
        self.guessed.remove(&atom);
        Some(false)
    }
}

impl Goal<'_> {
    fn roots(&self) -> Vec<u32> {
        match self {
            Goal::KeptOut(slice) => Goal::LetIn(slice, None).roots(),
            Goal::LetIn(slice, also) => {
                let all = slice.permits.iter().chain(&slice.forbids);
                all.map(|left| left.condition).chain(*also).collect()
            }
            Goal::Meets(one, other) => std::iter::once(*one).chain(*other).collect(),
        }
    }

    /// Whether it is reached, as far as that is known.
    fn reached(&self, worker: Worker<'_>) -> Option<bool> {
        let plain = |term: u32| match worker.holds(term) {
            Ok(yes) => Some(yes),
            Err(Lack::Fails) => Some(false),
            Err(Lack::Open) => None,
        };
        match self {
            Goal::Meets(one, other) => {
                let not = other.map_or(Some(true), |other| plain(other).map(|holds| !holds));
                and(plain(*one), not)
            }
            Goal::KeptOut(slice) => Goal::LetIn(slice, None)
                .reached(worker)
                .map(|let_in| !let_in),
            Goal::LetIn(slice, also) => {
                // A `forbid` that fails forbids.
                let free = |term: u32| match worker.holds(term) {
                    Ok(yes) => Some(!yes),
                    Err(Lack::Fails) => Some(false),
                    Err(Lack::Open) => None,
                };
                let forbids = slice.forbids.iter().map(|left| free(left.condition));
                let free = forbids.fold(Some(true), and);
                let permits = slice.permits.iter().map(|left| plain(left.condition));
                let permitted = permits.fold(Some(false), or);
                let also = also.map_or(Some(true), plain);
                and(and(free, permitted), also)
            }
        }
    }
}

fn and(one: Option<bool>, two: Option<bool>) -> Option<bool> {
    match (one, two) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(one: Option<bool>, two: Option<bool>) -> Option<bool> {
    and(one.map(|yes| !yes), two.map(|yes| !yes)).map(|neither| !neither)
}

struct Search<'a> {
    pool: &'a Pool,
    scene: Scene<'a>,
    goal: Goal<'a>,
    values: Vec<(Fact, Vec<Option<Val>>)>,
    settled: Settled,
    steps: usize,
}

impl Search<'_> {
    /// Whether the goal is reached from here on; `None`: the search was given up.
    fn go(&mut self, at: usize) -> Option<bool> {
        let worker = Worker {
            pool: self.pool,
            settled: &self.settled,
            guessed: &BTreeMap::new(),
            roles: &self.scene.principal.roles,
            subject: self.scene.principal.subject,
        };
        match self.goal.reached(worker) {
            Some(true) => return Some(true),
            Some(false) => return Some(false),
            None => {}
        }
        let (fact, values) = self.values.get(at)?.clone();
        for value in values {
            self.steps += 1;
            if self.steps > STEPS {
                return None;
            }
            self.settled.insert(fact.clone(), value);
            match self.go(at + 1) {
                Some(false) => {}
                other => return other,
            }
        }
        self.settled.remove(&fact);
        Some(false)
    }
}
