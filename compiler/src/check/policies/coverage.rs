//! What the policies come to: who gets in where, and which of them do nothing.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use cedar_policy::pst::Effect;
use gatec_syntax::{Diagnostic, Span};

use super::rules::{
    constant_condition, covered_permit, never_applies, no_permit, not_expressible, open_to_all,
    shut_identity, unused_policy,
};
use crate::check::Context;
use crate::policy::fold::Scene;
use crate::policy::slice::{Left, Slice};
use crate::policy::solve::{Answer, Goal, find};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (number, why) in &context.rulebook.slices.unsupported {
        let span = context.rulebook.span(*number);
        found.push(not_expressible::finding(span, &why.0));
    }
    if !context.rulebook.slices.unsupported.is_empty() {
        return;
    }
    routes(context, found);
    let told = found
        .iter()
        .filter(|one| one.code == never_applies::RULE.code);
    let told: HashSet<Span> = told.map(|one| one.span).collect();
    policies(context, &told, found);
}

fn routes(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let rulebook = context.rulebook;
    let known = Known::default();
    for (name, route) in context.sound_routes() {
        let Some(arms) = rulebook.slices.routes.get(name) else {
            continue;
        };
        if route.identity.len() != arms.len() || arms.is_empty() {
            // An identity is not known, or there is none: told elsewhere.
            continue;
        }
        let arms_shut = arms.iter().filter(|arm| {
            let (identity, slice) = *arm;
            known.is_shut(context, name, identity, slice)
        });
        let shut_out: Vec<&(String, Slice)> = arms_shut.collect();
        if shut_out.len() == arms.len() {
            found.push(no_permit::finding(context, name, arms));
        } else {
            let out = shut_out.iter().map(|(identity, _)| identity.as_str());
            found.extend(out.map(|identity| shut_identity::finding(context, name, identity)));
        }
        let anonymous = |identity: &str| {
            let identity = context.spec.identities.get(identity);
            identity.is_some_and(|identity| identity.anonymous)
        };
        for (identity, slice) in arms.iter().filter(|(identity, _)| anonymous(identity)) {
            if let Some(policy) = open(context, name, identity, slice) {
                found.push(open_to_all::finding(context, name, identity, policy));
            }
        }
    }
}

/// What was found out about slices; many routes have the same.
#[derive(Default)]
struct Known<'a> {
    shut: RefCell<HashMap<Alike<'a>, bool>>,
}

/// All that a slice's decisions depend on.
type Alike<'a> = (&'a str, &'a Slice, &'a [String], &'a [String]);

impl<'a> Known<'a> {
    /// Whether nobody of an identity can be let in.
    fn is_shut(
        &self,
        context: &Context<'a>,
        route: &'a str,
        identity: &'a str,
        slice: &'a Slice,
    ) -> bool {
        let pool = &context.rulebook.slices.pool;
        let always = |left: &Left| pool.decided(left.condition) == Some(true);
        if slice.permits.is_empty() || slice.forbids.iter().any(always) {
            return true;
        }
        if slice.forbids.is_empty() && slice.permits.iter().any(always) {
            return false;
        }
        let Some(scene) = context.rulebook.scene(route, identity) else {
            return false;
        };
        let key = (
            identity,
            slice,
            scene.action.methods.as_slice(),
            scene.action.hosts.as_slice(),
        );
        *self
            .shut
            .borrow_mut()
            .entry(key)
            .or_insert_with(|| find(pool, scene, Goal::LetIn(slice, None)) == Answer::Never)
    }
}

/// A policy that permits, where nobody is kept out.
fn open(context: &Context<'_>, route: &str, identity: &str, slice: &Slice) -> Option<usize> {
    let pool = &context.rulebook.slices.pool;
    let scene = context.rulebook.scene(route, identity)?;
    let nobody = find(pool, scene, Goal::KeptOut(slice)) == Answer::Never;
    let first = slice.permits.first().map(|left| left.policy);
    first.filter(|_| nobody)
}

/// A place of a policy: what is left of its condition there, and the slice it is in.
type Place<'a> = (u32, Scene<'a>, &'a Slice);

/// The places of each policy; of one with very many not all.
fn places<'a>(context: &Context<'a>) -> HashMap<usize, Vec<Place<'a>>> {
    let rulebook = context.rulebook;
    let mut places: HashMap<usize, Vec<Place<'a>>> = HashMap::new();
    for (route, arms) in &rulebook.slices.routes {
        for (identity, slice) in arms {
            let Some(scene) = rulebook.scene(route, identity) else {
                continue;
            };
            for left in slice.permits.iter().chain(&slice.forbids) {
                let known = places.entry(left.policy).or_default();
                if known.len() <= MOST_PLACES {
                    known.push((left.condition, scene, slice));
                }
            }
        }
    }
    places
}

/// Conditions that count for nothing, and permits for what is permitted already.
fn in_vain(context: &Context<'_>, number: usize, places: &[Place<'_>]) -> Option<Diagnostic> {
    let rulebook = context.rulebook;
    let live = rulebook.live.get(number)?;
    let pool = &rulebook.slices.pool;
    // With many places the answer is dear, and hardly ever that it does nothing.
    if places.is_empty() || places.len() > MOST_PLACES {
        return None;
    }
    let undecided = places
        .iter()
        .all(|(condition, ..)| pool.decided(*condition).is_none());
    let never = |(condition, scene, _): &Place<'_>| {
        find(pool, *scene, Goal::Meets(*condition, None)) == Answer::Never
    };
    if undecided && places.iter().all(never) {
        return Some(constant_condition::never(context, number));
    }
    if live.tree.effect == Effect::Forbid {
        return None;
    }
    let other = places.first()?.2.permits.iter().find(|other| {
        let covers = |(condition, scene, slice): &Place<'_>| {
            let theirs = slice
                .permits
                .iter()
                .find(|left| left.policy == other.policy);
            theirs.is_some_and(|theirs| {
                // Of two that are the same the later one is in vain.
                match theirs.condition == *condition {
                    true => theirs.policy < number,
                    // Where the other cannot be worked out this one may still hold.
                    false if pool.can_fail(theirs.condition) => false,
                    false => {
                        find(
                            pool,
                            *scene,
                            Goal::Meets(*condition, Some(theirs.condition)),
                        ) == Answer::Never
                    }
                }
            })
        };
        other.policy != number && places.iter().all(covers)
    })?;
    Some(covered_permit::finding(context, number, other.policy))
}

/// Places of a policy that are looked at one by one.
const MOST_PLACES: usize = 50;

fn policies(context: &Context<'_>, told: &HashSet<Span>, found: &mut Vec<Diagnostic>) {
    let rulebook = context.rulebook;
    let slices = rulebook.slices.routes.values().flatten();
    let (mut used, mut permitted) = (HashSet::new(), HashSet::new());
    for (_, slice) in slices {
        let lists = slice.permits.iter().chain(&slice.forbids);
        used.extend(lists.map(|left| left.policy));
        if !slice.permits.is_empty() {
            permitted.extend(slice.forbids.iter().map(|left| left.policy));
        }
    }
    let places = places(context);
    for number in &rulebook.unlinked {
        found.push(unused_policy::unlinked(context, *number));
    }
    for (number, clause) in rulebook.slices.needless_clauses() {
        found.push(constant_condition::always(context, number, clause));
    }
    for (number, live) in rulebook.live.iter().enumerate() {
        let is_told = told.contains(&rulebook.span(number));
        if is_told || rulebook.slices.unsupported.contains_key(&number) {
            continue;
        }
        if !used.contains(&number) {
            found.push(unused_policy::finding(context, number));
        } else if let Some(finding) = in_vain(
            context,
            number,
            places.get(&number).map_or(&[], Vec::as_slice),
        ) {
            found.push(finding);
        } else if live.tree.effect == Effect::Forbid && !permitted.contains(&number) {
            found.push(unused_policy::needless(context, number));
        }
    }
}
