//! Limits, and which of them stand together on a route.

use std::collections::BTreeMap;

use gatec_schema::{self as schema, LimitLoss, LimitMode, Route, Spec, StoreKind};
use gated_engine::program::{self, LimitKey, LimitSet, Segment, Template, ValueSource, WorstCase};

use super::{captures, claims, numbers};
use crate::template::{Place, Scope, Site, compile};

/// The limits of a spec, sorted by name, and the sets of them that stand on routes.
#[derive(Default)]
pub(super) struct Limits {
    pub(super) limits: Vec<program::Limit>,
    pub(super) sets: Vec<LimitSet>,
    /// The set of each route that has one.
    routes: BTreeMap<String, u32>,
}

impl Limits {
    pub(super) fn of(spec: &Spec, environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut names: Vec<&String> = spec.limits.keys().collect();
        names.sort();
        let mut made = Self::default();
        for (route, given) in &spec.routes {
            let set = set(spec, given, &names);
            if !set.limits.is_empty() {
                let number = made.number(set);
                made.routes.insert(route.clone(), number);
            }
        }
        let places = places(spec, &made.sets, &names);
        made.limits = names
            .iter()
            .zip(places)
            .filter_map(|(name, place)| {
                let limit = spec.limits.get(*name)?;
                Some(lowered(spec, name, limit, place, environment))
            })
            .collect();
        made
    }

    pub(super) fn of_route(&self, name: &str) -> Option<u32> {
        self.routes.get(name).copied()
    }

    fn number(&mut self, set: LimitSet) -> u32 {
        let at = self.sets.iter().position(|known| *known == set);
        let at = at.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The limits that hold on a route: those that hold everywhere, and those it names, with their costs.
pub(crate) fn uses<'s>(spec: &'s Spec, route: &'s Route) -> Vec<(&'s str, u32)> {
    let mut uses: Vec<(&str, u32)> = route
        .limits
        .iter()
        .map(|one| (one.name.as_str(), one.cost))
        .collect();
    for (name, limit) in &spec.limits {
        if limit.everywhere && !uses.iter().any(|(known, _)| known == name) {
            uses.push((name, 1));
        }
    }
    uses
}

fn set(spec: &Spec, route: &Route, names: &[&String]) -> LimitSet {
    let number = |name: &str| {
        names
            .binary_search_by(|known| known.as_str().cmp(name))
            .ok()
    };
    let mut limits: Vec<(u32, u32)> = uses(spec, route)
        .into_iter()
        .filter_map(|(name, cost)| Some((u32::try_from(number(name)?).ok()?, cost)))
        .collect();
    limits.sort_unstable();
    limits.dedup_by_key(|(limit, _)| *limit);
    LimitSet { limits }
}

fn lowered(
    spec: &Spec,
    name: &str,
    limit: &schema::Limit,
    place: Option<String>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> program::Limit {
    let by: Vec<LimitKey> = limit
        .by
        .iter()
        .filter_map(|part| key(spec, name, part.as_str(), environment))
        .collect();
    program::Limit {
        name: name.to_owned(),
        count: limit.rate.count(),
        period_ms: u64::try_from(limit.rate.period().as_millis()).unwrap_or(u64::MAX),
        burst: limit.burst.unwrap_or(limit.rate.count()),
        before_identity: !by.iter().any(asks_who),
        by,
        lease: limit.mode == LimitMode::Lease,
        on_loss: on_loss(spec, limit),
        shadow: limit.shadow,
        headers: limit.headers,
        place,
        worst: worst_case(spec, limit),
    }
}

/// A part of a key; `everybody` adds nothing to it.
fn key(
    spec: &Spec,
    limit: &str,
    part: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Option<LimitKey> {
    match part {
        "everybody" => None,
        "principal" => Some(LimitKey::Principal),
        "address" => Some(LimitKey::Address),
        "route" => Some(LimitKey::Route),
        text => {
            let route = spec
                .routes
                .values()
                .find(|route| uses(spec, route).iter().any(|(name, _)| *name == limit));
            Some(LimitKey::Template(template(spec, route, text, environment)))
        }
    }
}

fn template(
    spec: &Spec,
    route: Option<&Route>,
    text: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Template {
    let matches = route
        .map(|route| route.matches.as_slice())
        .unwrap_or_default();
    let parameters: Vec<Vec<String>> = matches.iter().map(captures).collect();
    let fields = route.and_then(|route| super::sessions::fields(spec, route));
    let scope = Scope {
        site: Site::LimitKey,
        place: Place::Plain,
        parameters: &parameters,
        numbers: &numbers(matches),
        claims: &route.map(|route| claims(spec, route)).unwrap_or_default(),
        session: fields.as_deref(),
        environment,
    };
    compile(text, &scope).0
}

/// Whether a part of a key is known only once it is known who asks.
fn asks_who(part: &LimitKey) -> bool {
    match part {
        LimitKey::Principal => true,
        LimitKey::Address | LimitKey::Route => false,
        LimitKey::Template(template) => template.segments.iter().any(|segment| {
            matches!(segment, Segment::Value(value)
                if matches!(value.source, ValueSource::Claim(_) | ValueSource::Principal | ValueSource::Session(_)))
        }),
    }
}

fn on_loss(spec: &Spec, limit: &schema::Limit) -> program::LimitLoss {
    match limit.on_loss.unwrap_or(LimitLoss::Local) {
        LimitLoss::Local => program::LimitLoss::Local(spec.store.replicas.unwrap_or(1).max(1)),
        LimitLoss::Open => program::LimitLoss::Open,
        LimitLoss::Closed => program::LimitLoss::Closed,
    }
}

/// How many more than it says a limit can let in for one key.
///
/// A count that is lost is a bucket that is full again: at most one burst more. While each replica counts by
/// itself, the rates of all are together the limit's, and their buckets, full at first, hold together a
/// burst, or one for each replica where there are more replicas than a burst has tokens.
pub(crate) fn worst_case(spec: &Spec, limit: &schema::Limit) -> WorstCase {
    let burst = u64::from(limit.burst.unwrap_or(limit.rate.count()));
    let none = Some(0);
    match spec.store.kind {
        StoreKind::Memory => WorstCase {
            failover: none,
            outage: none,
            cold_start: Some(burst),
        },
        StoreKind::File | StoreKind::Sqlite => WorstCase {
            failover: none,
            outage: none,
            cold_start: none,
        },
        StoreKind::Redis => {
            let replicas = u64::from(spec.store.replicas.unwrap_or(1).max(1));
            let alone = match limit.on_loss.unwrap_or(LimitLoss::Local) {
                LimitLoss::Local => Some(replicas * (burst / replicas).max(1)),
                LimitLoss::Open => None,
                LimitLoss::Closed => none,
            };
            WorstCase {
                failover: Some(burst),
                outage: alone,
                cold_start: alone,
            }
        }
    }
}

/// What the keys of each limit lie beside. Limits that stand on one route together are decided by one step of
/// the store, so their keys must lie in one place: by their own key where all are counted by the same, or
/// else by the name of one of them.
fn places(spec: &Spec, sets: &[LimitSet], names: &[&String]) -> Vec<Option<String>> {
    let mut group: Vec<usize> = (0..names.len()).collect();
    for set in sets {
        let members: Vec<usize> = set
            .limits
            .iter()
            .filter_map(|(one, _)| usize::try_from(*one).ok())
            .collect();
        let Some(least) = members
            .iter()
            .filter_map(|one| group.get(*one))
            .min()
            .copied()
        else {
            continue;
        };
        let joined: Vec<usize> = members
            .iter()
            .filter_map(|one| group.get(*one))
            .copied()
            .collect();
        for one in &mut group {
            if joined.contains(one) {
                *one = least;
            }
        }
    }
    let by = |at: usize| {
        names
            .get(at)
            .and_then(|name| spec.limits.get(*name))
            .map(|limit| &limit.by)
    };
    (0..names.len())
        .map(|at| {
            let own = group.get(at)?;
            let others = || (0..names.len()).filter(|one| group.get(*one) == Some(own));
            let apart = others().count() == 1 || others().all(|one| by(one) == by(at));
            match apart {
                true => None,
                false => names.get(*own).map(|name| (*name).clone()),
            }
        })
        .collect()
}
