//! Whom and what a policy is about: the identities and routes that its head leaves, and with them what
//! `principal.` and `resource.` can stand for.

use gatec_compiler::policy::World;
use gatec_compiler::policy::names::ACTION;

use super::words::{Word, head};

/// The identities and routes that a policy is about, as far as its words tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Scope<'w> {
    pub(crate) identities: Vec<&'w str>,
    pub(crate) routes: Vec<&'w str>,
}

/// The scope at the end of some words of one policy.
pub(crate) fn scope<'w>(world: &'w World, policy: &[Word<'_>]) -> Scope<'w> {
    let parts: Vec<&[Word<'_>]> = parts(head(policy));
    let part = |number: usize| parts.get(number).copied().unwrap_or_default();
    let narrowed = narrowed(policy);
    let wanted = named_type(part(0)).or(narrowed);
    let mut identities: Vec<&str> = world
        .principals
        .iter()
        .filter(|(_, principal)| wanted.is_none_or(|kind| principal.kind == kind))
        .map(|(name, _)| name.as_str())
        .collect();
    let actions = actions(part(1));
    let resource = resource(part(2));
    let mut routes: Vec<&str> = world
        .actions
        .iter()
        .filter(|(name, action)| {
            let named = actions
                .iter()
                .any(|id| *id == name.as_str() || action.tags.iter().any(|tag| tag == id));
            let of_type = resource
                .as_ref()
                .is_none_or(|kind| action.resource == *kind);
            (actions.is_empty() || named) && of_type
        })
        .map(|(name, _)| name.as_str())
        .collect();
    let may = |route: &str, identity: &str| {
        let action = world.actions.get(route);
        action.is_some_and(|action| action.identities.iter().any(|name| name == identity))
    };
    let asked: Vec<&str> = identities
        .iter()
        .copied()
        .filter(|identity| routes.iter().any(|route| may(route, identity)))
        .collect();
    let open: Vec<&str> = routes
        .iter()
        .copied()
        .filter(|route| identities.iter().any(|identity| may(route, identity)))
        .collect();
    // Where the two do not fit, what was written counts.
    if (!actions.is_empty() || resource.is_some()) && !asked.is_empty() {
        identities = asked;
    }
    if wanted.is_some() && !open.is_empty() {
        routes = open;
    }
    Scope { identities, routes }
}

/// The parts between the commas of a head.
fn parts<'w, 't>(head: &'w [Word<'t>]) -> Vec<&'w [Word<'t>]> {
    let mut depth = 0_usize;
    head.split(|word| {
        match word.text {
            "[" | "(" => depth += 1,
            "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        word.text == "," && depth == 0
    })
    .collect()
}

/// The type in `principal is TYPE` or `principal == TYPE::"…"`.
fn named_type<'t>(part: &[Word<'t>]) -> Option<&'t str> {
    match part {
        [_, is, kind, ..] if is.text == "is" => Some(kind.text),
        [_, one, two, kind, ..] if one.text == "=" && two.text == "=" && kind.is_name() => {
            Some(kind.text)
        }
        _ => None,
    }
}

/// The ids of the actions that a part names.
fn actions<'t>(part: &[Word<'t>]) -> Vec<&'t str> {
    let named = part.windows(3).filter_map(|three| match three {
        [kind, colons, id] if kind.text == ACTION && colons.text == "::" => id.string(),
        _ => None,
    });
    named.collect()
}

/// The type in `resource is Route::Name`.
fn resource(part: &[Word<'_>]) -> Option<String> {
    part.windows(3).find_map(|three| match three {
        [space, colons, name] if space.text == "Route" && colons.text == "::" && name.is_name() => {
            Some(format!("Route::{}", name.text))
        }
        _ => None,
    })
}

/// The type in `principal is TYPE && …`, where that still holds at the end of the words.
fn narrowed<'t>(policy: &[Word<'t>]) -> Option<&'t str> {
    let (at, kind) = policy
        .windows(5)
        .enumerate()
        .rev()
        .find_map(|(at, five)| match five {
            [who, is, kind, one, two]
                if who.text == "principal"
                    && is.text == "is"
                    && one.text == "&"
                    && two.text == "&" =>
            {
                Some((at, kind.text))
            }
            _ => None,
        })?;
    let behind = policy.get(at..)?;
    let before = at.checked_sub(1).and_then(|at| policy.get(at));
    let denied = before.is_some_and(|word| word.text == "!");
    let ends = behind
        .iter()
        .any(|word| matches!(word.text, "|" | "}" | ")" | "else" | ";"));
    (!denied && !ends).then_some(kind)
}
