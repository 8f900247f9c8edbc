//! Stated rules, held against every route.

use gatec_syntax::Diagnostic;

use super::rules::{broken_never, never_names, not_expressible, undecided_never};
use crate::check::Context;
use crate::policy::never::{Case, Never};
use crate::policy::slice::Slice;
use crate::policy::solve::{Answer, Goal, find, witness};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for never in &context.rulebook.nevers {
        let before = found.len();
        never_names::check(context, never, found);
        if let Some(why) = &never.unsupported {
            let span = context.value(&["never", &never.name, "when"]);
            found.push(not_expressible::finding(span, &why.0));
        }
        if found.len() > before {
            continue;
        }
        if let Some(route) = never.public.first() {
            found.push(broken_never::public(context, &never.name, route));
            continue;
        }
        held(context, never, found);
    }
}

fn held(context: &Context<'_>, never: &Never, found: &mut Vec<Diagnostic>) {
    let mut undecided: Vec<&Case> = Vec::new();
    for case in &never.cases {
        match answer(context, case) {
            Some((Answer::Reached(model), policy)) => {
                let shown = context
                    .rulebook
                    .scene(&case.route, &case.identity)
                    .zip(context.spec.routes.get(&case.route))
                    .map(|(scene, route)| witness::request(scene, &case.identity, route, &model));
                let shown = shown.unwrap_or_default();
                found.push(broken_never::finding(
                    context,
                    &never.name,
                    case,
                    &shown,
                    policy,
                ));
                return;
            }
            Some((Answer::Unknown, _)) => undecided.push(case),
            _ => {}
        }
    }
    if !undecided.is_empty() {
        found.push(undecided_never::finding(context, &never.name, &undecided));
    }
}

/// Whether a request is let in that must not be, and a policy that may do it.
fn answer(context: &Context<'_>, case: &Case) -> Option<(Answer, Option<usize>)> {
    let rulebook = context.rulebook;
    let arms = rulebook.slices.routes.get(&case.route)?;
    let (_, slice): &(String, Slice) = arms.iter().find(|(name, _)| *name == case.identity)?;
    if slice.permits.is_empty() {
        return Some((Answer::Never, None));
    }
    let scene = rulebook.scene(&case.route, &case.identity)?;
    let goal = Goal::LetIn(slice, case.condition);
    let answer = find(&rulebook.slices.pool, scene, goal);
    Some((answer, slice.permits.first().map(|left| left.policy)))
}
