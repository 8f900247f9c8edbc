//! Slices: for each route and identity the policies that can apply, each with what is left of its condition.

use std::collections::{BTreeMap, HashMap};

use cedar_policy::pst::{
    ActionConstraint, Clause, Effect, EntityOrSlot, PrincipalConstraint, ResourceConstraint,
};

use super::entities::Hierarchy;
use super::fold::{Folder, Scene, Unsupported, name};
use super::link::Live;
use super::names::ACTION;
use super::pool::Pool;
use super::world::World;

/// What is left of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Left {
    /// The number of the policy among the live ones.
    pub policy: usize,
    /// Its condition.
    pub condition: u32,
}

/// The policies for one identity on one route.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Slice {
    /// Those that forbid.
    pub forbids: Vec<Left>,
    /// Those that permit.
    pub permits: Vec<Left>,
}

/// All slices.
#[derive(Debug, Clone, Default)]
pub struct Slices {
    /// The conditions.
    pub pool: Pool,
    /// By route, in the order of its identities.
    pub routes: BTreeMap<String, Vec<(String, Slice)>>,
    /// For each clause of a policy whether it was needed anywhere that the policy was put to.
    clauses: BTreeMap<(usize, usize), bool>,
    /// Policies that say what a guard cannot: by number, and what it was.
    pub unsupported: BTreeMap<usize, Unsupported>,
}

/// Makes the slices of every route that is not public.
pub fn slices(world: &World, hierarchy: &Hierarchy, live: &[Live]) -> Slices {
    let mut slices = Slices::default();
    let index = Index::of(live);
    for (route, action) in &world.actions {
        let numbers = index.of_action(route, &action.tags);
        let mut arms = Vec::with_capacity(action.identities.len());
        for identity in &action.identities {
            let Some(principal) = world.principals.get(identity) else {
                continue;
            };
            let scene = Scene {
                world,
                hierarchy,
                principal,
                route,
                action,
            };
            let slice = slices.slice(scene, live, &numbers);
            arms.push((identity.clone(), slice));
        }
        slices.routes.insert(route.clone(), arms);
    }
    slices
}

impl Slices {
    /// Clauses that hold for every request that gets as far: by policy and number of the clause.
    pub fn needless_clauses(&self) -> impl Iterator<Item = (usize, usize)> {
        let needless = self.clauses.iter().filter(|(_, needed)| !**needed);
        needless.map(|(clause, _)| *clause)
    }

    fn slice(&mut self, scene: Scene<'_>, live: &[Live], numbers: &[usize]) -> Slice {
        let mut slice = Slice::default();
        for number in numbers {
            let Some(policy) = live.get(*number) else {
                continue;
            };
            let mut folder = Folder::new(scene, &mut self.pool);
            let clauses = &mut self.clauses;
            let note = |clause: usize, needed: bool| {
                *clauses.entry((*number, clause)).or_default() |= needed;
            };
            match left_noting(&mut folder, policy, note) {
                Err(why) => {
                    self.unsupported.entry(*number).or_insert(why);
                }
                Ok(condition) if self.pool.decided(condition) == Some(false) => {}
                Ok(condition) => {
                    let left = Left {
                        policy: *number,
                        condition,
                    };
                    match policy.tree.effect {
                        Effect::Permit => slice.permits.push(left),
                        Effect::Forbid => slice.forbids.push(left),
                    }
                }
            }
        }
        slice
    }
}

/// What is left of a policy: its scope and its clauses, one after the other.
pub fn left(folder: &mut Folder<'_, '_>, policy: &Live) -> Result<u32, Unsupported> {
    left_noting(folder, policy, |_, _| {})
}

/// The same, telling of each clause by its number whether anything is left of it.
fn left_noting(
    folder: &mut Folder<'_, '_>,
    policy: &Live,
    mut note: impl FnMut(usize, bool),
) -> Result<u32, Unsupported> {
    let mut condition = scope(folder, policy)?;
    for (number, clause) in policy.tree.clauses().iter().enumerate() {
        if folder.pool().decided(condition) == Some(false) {
            break;
        }
        let (expr, wanted) = match clause {
            Clause::When(expr) => (expr, true),
            Clause::Unless(expr) => (expr, false),
        };
        let clause = folder.condition(expr)?;
        let clause = match wanted {
            true => clause,
            false => folder.pool().not(clause),
        };
        note(number, folder.pool().decided(clause) != Some(true));
        condition = folder.pool().and(condition, clause);
    }
    Ok(condition)
}

fn scope(folder: &mut Folder<'_, '_>, policy: &Live) -> Result<u32, Unsupported> {
    let slot = || Unsupported("a slot".to_owned());
    let entity = |constraint: &EntityOrSlot| match constraint {
        EntityOrSlot::Entity(uid) => Ok(name(uid)),
        EntityOrSlot::Slot(_) => Err(slot()),
    };
    let applies = match &policy.tree.action {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => {
            let uid = name(uid);
            uid.0 == ACTION && uid.1 == folder.route()
        }
        ActionConstraint::In(uids) => uids.iter().any(|uid| folder.action_in(&name(uid))),
    };
    if !applies {
        return Ok(folder.pool().bool(false));
    }
    let principal = match &policy.tree.principal {
        PrincipalConstraint::Any => folder.pool().bool(true),
        PrincipalConstraint::Eq(of) => folder.principal_is(&entity(of)?),
        PrincipalConstraint::In(of) => folder.principal_in(&entity(of)?),
        PrincipalConstraint::Is(kind) => folder.principal_is_a(&kind.to_string()),
        PrincipalConstraint::IsIn(kind, of) => {
            let is = folder.principal_is_a(&kind.to_string());
            let within = folder.principal_in(&entity(of)?);
            folder.pool().and(is, within)
        }
    };
    let resource = match &policy.tree.resource {
        ResourceConstraint::Any => folder.pool().bool(true),
        ResourceConstraint::Eq(of) | ResourceConstraint::In(of) => folder.resource_is(&entity(of)?),
        ResourceConstraint::Is(kind) => folder.resource_is_a(&kind.to_string()),
        ResourceConstraint::IsIn(kind, of) => {
            let is = folder.resource_is_a(&kind.to_string());
            let within = folder.resource_is(&entity(of)?);
            folder.pool().and(is, within)
        }
    };
    Ok(folder.pool().and(principal, resource))
}

/// Finds the policies that can be about an action without looking at each.
struct Index {
    by_action: HashMap<String, Vec<usize>>,
    of_all: Vec<usize>,
}

impl Index {
    fn of(live: &[Live]) -> Self {
        let mut index = Self {
            by_action: HashMap::new(),
            of_all: Vec::new(),
        };
        for (number, policy) in live.iter().enumerate() {
            let mut named = |uid: &_| {
                let (_, id) = name(uid);
                index.by_action.entry(id).or_default().push(number);
            };
            match &policy.tree.action {
                ActionConstraint::Eq(uid) => named(uid),
                ActionConstraint::In(uids) => uids.iter().for_each(named),
                _ => index.of_all.push(number),
            }
        }
        index
    }

    /// In the order in which the policies are written.
    fn of_action(&self, route: &str, tags: &[String]) -> Vec<usize> {
        let names = std::iter::once(route).chain(tags.iter().map(String::as_str));
        let mut numbers: Vec<usize> = names
            .filter_map(|name| self.by_action.get(name))
            .flatten()
            .chain(&self.of_all)
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
