//! Stated rules: what must never be allowed, for each route and identity that it is about.

use gatec_schema::Spec;

use super::entities::Hierarchy;
use super::fold::{Folder, Scene, Unsupported};
use super::link::Live;
use super::pool::Pool;
use super::read::Policy;
use super::slice::left;
use super::world::World;

/// A stated rule.
#[derive(Debug, Clone)]
pub struct Never {
    /// Its name.
    pub name: String,
    /// The number of its condition among [`super::Policies::conditions`].
    pub condition: Option<usize>,
    /// What it is about.
    pub cases: Vec<Case>,
    /// Routes it is about that are public: anybody is let in there.
    pub public: Vec<String>,
    /// Its condition says what cannot be worked out.
    pub unsupported: Option<Unsupported>,
}

/// A route and an identity that a rule is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The route.
    pub route: String,
    /// The identity.
    pub identity: String,
    /// The condition, with what is known put in.
    pub condition: Option<u32>,
}

/// Reads the rules of a spec. Names that there are not are told by the checks.
pub fn nevers(
    spec: &Spec,
    world: &World,
    hierarchy: &Hierarchy,
    conditions: &[Policy],
    pool: &mut Pool,
) -> Vec<Never> {
    let mut nevers = Vec::with_capacity(spec.never.len());
    for (name, given) in &spec.never {
        let condition = conditions.iter().position(|one| one.name == *name);
        let about = |route: &str, tags: &[String]| {
            let named = |wanted: &String| wanted == route || tags.contains(wanted);
            given.route.is_empty() || given.route.iter().any(named)
        };
        let mut never = Never {
            name: name.clone(),
            condition,
            cases: Vec::new(),
            public: Vec::new(),
            unsupported: None,
        };
        let open = spec.routes.iter().filter(|(_, route)| route.public);
        let named =
            open.filter(|(name, route)| !given.route.is_empty() && about(name, &route.tags));
        never.public = named.map(|(name, _)| name.clone()).collect();
        for (route, action) in world
            .actions
            .iter()
            .filter(|(name, one)| about(name, &one.tags))
        {
            let identities = action.identities.iter();
            for identity in
                identities.filter(|name| given.identity.is_empty() || given.identity.contains(name))
            {
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
                let folded = condition
                    .and_then(|number| conditions.get(number))
                    .map(|one| folded(scene, one, pool));
                match folded.transpose() {
                    Ok(condition) => never.cases.push(Case {
                        route: route.clone(),
                        identity: identity.clone(),
                        condition,
                    }),
                    Err(why) => never.unsupported = Some(why),
                }
            }
        }
        nevers.push(never);
    }
    nevers
}

fn folded(scene: Scene<'_>, condition: &Policy, pool: &mut Pool) -> Result<u32, Unsupported> {
    let live = Live {
        name: condition.name.clone(),
        policy: 0,
        link: None,
        tree: condition.tree.clone(),
    };
    left(&mut Folder::new(scene, pool), &live)
}
