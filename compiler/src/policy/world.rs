//! What policies can speak of: the identities, routes and tags of a spec, under their Cedar names.

use std::collections::BTreeMap;

use gatec_schema::value::{PathSegment, SegmentType};
use gatec_schema::{Identity, Match, Policies, Route, Session, Spec};
use gated_engine::program::ClaimKind;
use indexmap::IndexMap;

use super::names::{resource_type, type_name};
use crate::lower::claim_kind;
use crate::lower::sessions::{kind, of_route};

/// What policies can speak of.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// By the name of the identity.
    pub principals: IndexMap<String, Principal>,
    /// By the name of the route; those that are public have none.
    pub actions: IndexMap<String, Action>,
    /// Headers that policies see, in lower case.
    pub headers: Vec<String>,
    /// Query parameters that they see.
    pub query: Vec<String>,
    /// What any session remembers, by the name of the field. Each may be missing.
    pub session: BTreeMap<String, ClaimKind>,
}

/// A type of principals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Its type, such as `Staff`.
    pub kind: String,
    /// Its claims by name: number, type, and whether it may be missing.
    pub claims: IndexMap<String, (u32, ClaimKind, bool)>,
    /// The claims that give roles.
    pub roles: Vec<u32>,
    /// The claim that is the id of the principal.
    pub subject: Option<u32>,
}

/// An action, with the type of what it is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The type of resources, such as `Route::GetOrder`.
    pub resource: String,
    /// The identities that may ask.
    pub identities: Vec<String>,
    /// The groups it is in.
    pub tags: Vec<String>,
    /// Path parameters: type, and whether it may be missing.
    pub parameters: BTreeMap<String, (ClaimKind, bool)>,
    /// The methods the route takes, in upper case; empty: any.
    pub methods: Vec<String>,
    /// The hosts it takes, in normal form; empty: any, or more than can be listed.
    pub hosts: Vec<String>,
    /// The path, where it is always the same.
    pub path: Option<String>,
    /// What the session of the route remembers.
    pub session: BTreeMap<String, ClaimKind>,
}

impl World {
    /// The world of a spec.
    pub fn of(spec: &Spec) -> Self {
        let Policies { headers, query, .. } = &spec.policies;
        let mut names: Vec<&String> = spec.identities.keys().collect();
        names.sort();
        Self {
            principals: spec
                .identities
                .iter()
                .map(|(name, identity)| (name.clone(), principal(name, identity)))
                .collect(),
            actions: spec
                .routes
                .iter()
                .filter(|(_, route)| !route.public)
                .map(|(name, route)| (name.clone(), action(name, route, spec)))
                .collect(),
            headers: headers
                .iter()
                .map(|name| name.as_str().to_ascii_lowercase())
                .collect(),
            query: query.clone(),
            session: spec.sessions.values().flat_map(session).collect(),
        }
    }

    /// The identity whose principals are of this type.
    pub fn identity_of(&self, kind: &str) -> Option<&str> {
        self.principals
            .iter()
            .find(|(_, principal)| principal.kind == kind)
            .map(|(name, _)| name.as_str())
    }
}

fn principal(name: &str, identity: &Identity) -> Principal {
    let claims = identity.claims.iter().zip(0..);
    let roles = identity.claims.values().zip(0..);
    let roles = roles
        .filter(|(claim, _)| claim.role)
        .map(|(_, number)| number);
    let subject = identity.jwt.as_ref().and_then(|jwt| {
        let named = |(name, claim): (&String, &gatec_schema::Claim)| {
            let from = claim.from.as_ref().unwrap_or(name);
            *from == jwt.subject && claim.kind == gatec_schema::ClaimType::String
        };
        u32::try_from(identity.claims.iter().position(named)?).ok()
    });
    Principal {
        roles: roles.collect(),
        subject,
        kind: type_name(name),
        claims: claims
            .map(|((name, claim), number)| {
                (
                    name.clone(),
                    (number, claim_kind(claim.kind), claim.optional),
                )
            })
            .collect(),
    }
}

fn action(name: &str, route: &Route, spec: &Spec) -> Action {
    let known = |identity: &&String| spec.identities.contains_key(*identity);
    let mut methods: Vec<String> = Vec::new();
    let any = route.matches.is_empty() || route.matches.iter().any(|one| one.method.is_empty());
    if !any {
        let written = route.matches.iter().flat_map(|one| &one.method);
        methods.extend(written.map(|method| method.as_str().to_owned()));
        methods.sort_unstable();
        methods.dedup();
    }
    Action {
        resource: resource_type(name),
        identities: route.identity.iter().filter(known).cloned().collect(),
        tags: route.tags.clone(),
        parameters: parameters(&route.matches),
        methods,
        hosts: hosts(&route.matches),
        path: path(&route.matches),
        session: of_route(spec, route)
            .and_then(|name| spec.sessions.get(name))
            .into_iter()
            .flat_map(session)
            .collect(),
    }
}

fn session(session: &Session) -> impl Iterator<Item = (String, ClaimKind)> {
    let fields = session.fields.iter();
    fields.map(|(name, field)| (name.clone(), kind(field.kind)))
}

fn hosts(matches: &[Match]) -> Vec<String> {
    let listed = |matched: &Match| {
        let hosts = matched.host.iter().map(|host| host.normal());
        let hosts: Vec<String> = hosts.collect();
        let plain = !hosts.is_empty() && hosts.iter().all(|host| !host.starts_with('*'));
        plain.then_some(hosts)
    };
    let all: Option<Vec<Vec<String>>> = matches.iter().map(listed).collect();
    let mut hosts = all.unwrap_or_default().concat();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// The one path of a route that has no parameters.
fn path(matches: &[Match]) -> Option<String> {
    let [matched] = matches else {
        return None;
    };
    let segments = matched.path.as_ref()?.segments();
    let literal = |segment: &PathSegment| matches!(segment, PathSegment::Literal(_));
    let plain = segments.iter().all(literal);
    let path = matched.path.as_ref()?.as_str();
    let normal = gated_engine::request::normal_path(path).ok()?;
    plain.then(|| normal.into_owned())
}

/// The path parameters of a route. One that not every `match` has may be missing, and one of several types
/// is text.
fn parameters(matches: &[Match]) -> BTreeMap<String, (ClaimKind, bool)> {
    let mut found: BTreeMap<String, (ClaimKind, usize)> = BTreeMap::new();
    for matched in matches {
        for (name, kind) in of_match(matched) {
            let entry = found.entry(name).or_insert((kind, 0));
            entry.1 += 1;
            if entry.0 != kind {
                entry.0 = ClaimKind::Text;
            }
        }
    }
    found
        .into_iter()
        .map(|(name, (kind, times))| (name, (kind, times < matches.len())))
        .collect()
}

fn of_match(matched: &Match) -> Vec<(String, ClaimKind)> {
    let segments = match (&matched.path, &matched.prefix) {
        (Some(path), _) => path.segments(),
        (None, Some(prefix)) => prefix.segments(),
        (None, None) => {
            let groups = crate::lower::captures(matched).into_iter();
            return groups
                .filter(|name| !name.is_empty())
                .map(|name| (name, ClaimKind::Text))
                .collect();
        }
    };
    let named = segments.into_iter().filter_map(|segment| match segment {
        PathSegment::Parameter { name, kind } => {
            let kind = match kind {
                SegmentType::Int => ClaimKind::Long,
                SegmentType::Date => ClaimKind::Datetime,
                _ => ClaimKind::Text,
            };
            name.map(|name| (name, kind))
        }
        PathSegment::Rest { name } => name.map(|name| (name, ClaimKind::Text)),
        PathSegment::Literal(_) => None,
    });
    named.collect()
}
