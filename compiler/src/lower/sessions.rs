//! Sessions, and what routes do with them.

use gatec_schema::{self as schema, Route, SameSite, SessionFieldType, SessionLoss, Spec};
use gated_engine::program::{
    self, ClaimKind, Guard, LimitKey, LimitSet, Segment, SessionChange, Template, Term, ValueSource,
};

use crate::policy::pool::parts;
use crate::template::{Place, Scope, Site, compile};

/// The longest text of a field if nothing is said, in bytes.
const DEFAULT_SIZE: u32 = 4096;

/// Every session, sorted by name.
pub(super) fn sessions(spec: &Spec) -> Vec<program::Session> {
    names(spec)
        .into_iter()
        .filter_map(|name| Some(lowered(name, spec.sessions.get(name)?)))
        .collect()
}

/// The number of a session.
pub(super) fn number(spec: &Spec, name: &str) -> Option<u32> {
    let at = names(spec).iter().position(|known| *known == name)?;
    u32::try_from(at).ok()
}

fn names(spec: &Spec) -> Vec<&String> {
    let mut names: Vec<&String> = spec.sessions.keys().collect();
    names.sort();
    names
}

/// The session of a route: the one it names, or that of an identity it takes.
pub(crate) fn of_route<'s>(spec: &'s Spec, route: &'s Route) -> Option<&'s str> {
    let identities = route.identity.iter();
    let implied = || {
        identities
            .filter_map(|name| spec.identities.get(name))
            .find_map(|identity| identity.session.as_deref())
    };
    match &route.session {
        Some(uses) => Some(uses.name.as_str()),
        None => implied(),
    }
}

/// The fields that templates of a route can see; `None`: it has no session.
pub fn fields(spec: &Spec, route: &Route) -> Option<Vec<String>> {
    let session = spec.sessions.get(of_route(spec, route)?);
    // A session that is not there is told where it is named.
    Some(session.map_or_else(Vec::new, |session| session.fields.keys().cloned().collect()))
}

/// The type of a field as policies see it.
pub(crate) fn kind(kind: SessionFieldType) -> ClaimKind {
    match kind {
        SessionFieldType::String => ClaimKind::Text,
        SessionFieldType::Long | SessionFieldType::Counter => ClaimKind::Long,
        SessionFieldType::Bool => ClaimKind::Bool,
    }
}

fn lowered(name: &str, session: &schema::Session) -> program::Session {
    let position = |field: &str| session.fields.get_index_of(field);
    program::Session {
        name: name.to_owned(),
        cookie: session.cookie.clone(),
        attributes: attributes(session),
        idle_ms: session.idle.as_millis(),
        absolute_ms: session.absolute.as_millis(),
        keys: session
            .keys
            .iter()
            .map(|key| key.as_str().to_owned())
            .collect(),
        fields: session
            .fields
            .iter()
            .map(|(name, field)| program::SessionField {
                name: name.clone(),
                kind: kind(field.kind),
                counter: field.kind == SessionFieldType::Counter,
                size: field.size.map_or(DEFAULT_SIZE, |size| {
                    u32::try_from(size.bytes()).unwrap_or(u32::MAX)
                }),
            })
            .collect(),
        subject: session
            .subject
            .as_deref()
            .and_then(position)
            .and_then(|at| u32::try_from(at).ok()),
        origins: session
            .origins
            .iter()
            .map(|origin| origin.trim_end_matches('/').to_ascii_lowercase())
            .collect(),
        anonymous_on_loss: session.on_loss == Some(SessionLoss::Anonymous),
    }
}

/// The attributes of RFC 6265, section 4.1, without those that say until when.
fn attributes(session: &schema::Session) -> String {
    let mut text = format!("; Path={}", session.path);
    if let Some(domain) = &session.domain {
        text.push_str(&format!("; Domain={domain}"));
    }
    text.push_str("; HttpOnly");
    if session.secure {
        text.push_str("; Secure");
    }
    text.push_str(match session.same_site {
        SameSite::Strict => "; SameSite=Strict",
        SameSite::Lax => "; SameSite=Lax",
        SameSite::None => "; SameSite=None",
    });
    text
}

/// What a route does with its session. What stands around it decides whether the session is read first.
pub(super) fn of(
    spec: &Spec,
    route: &Route,
    scope: Scope<'_>,
    around: &Around<'_>,
) -> Option<Box<program::SessionUse>> {
    let name = of_route(spec, route)?;
    let session = spec.sessions.get(name)?;
    let default = schema::SessionUse {
        csrf: true,
        ..schema::SessionUse::default()
    };
    let given = route.session.as_ref().unwrap_or(&default);
    let field = |name: &str| u32::try_from(session.fields.get_index_of(name)?).ok();
    let mut changes: Vec<SessionChange> = Vec::new();
    changes.extend(
        given
            .remove
            .iter()
            .filter_map(|name| field(name))
            .map(SessionChange::Remove),
    );
    let scope = scope.at(Site::Session, Place::Plain);
    changes.extend(given.set.iter().filter_map(|(name, text)| {
        let template = compile(text.as_str(), &scope).0;
        Some(SessionChange::Set(field(name)?, template))
    }));
    let adds = given.add.iter();
    changes.extend(adds.filter_map(|(name, by)| Some(SessionChange::Add(field(name)?, *by))));
    let by_session = |identity: &String| {
        let identity = spec.identities.get(identity);
        identity.is_some_and(|identity| identity.session.is_some())
    };
    let copies = changes.iter().any(|change| match change {
        SessionChange::Set(_, template) => asks_session(template),
        _ => false,
    });
    Some(Box::new(program::SessionUse {
        session: number(spec, name)?,
        required: given.required,
        renew: given.renew,
        end: given.end,
        changes,
        csrf: given.csrf,
        early: copies || route.identity.iter().any(by_session) || around.ask_session(),
    }))
}

/// What decides whether a request of a route gets in.
pub(super) struct Around<'p> {
    pub(super) guard: Option<&'p Guard>,
    pub(super) terms: &'p [Term],
    pub(super) set: Option<&'p LimitSet>,
    pub(super) limits: &'p [program::Limit],
}

impl Around<'_> {
    /// Whether any of it asks for a value of the session.
    fn ask_session(&self) -> bool {
        self.policies_ask() || self.limits_ask()
    }

    fn policies_ask(&self) -> bool {
        let arms = self.guard.into_iter().flat_map(|guard| &guard.arms);
        let mut open: Vec<u32> = arms
            .flat_map(|arm| arm.forbids.iter().chain(&arm.permits))
            .map(|policy| policy.condition)
            .collect();
        let mut seen = std::collections::HashSet::new();
        while let Some(number) = open.pop() {
            let Some(term) = self
                .terms
                .get(number as usize)
                .filter(|_| seen.insert(number))
            else {
                continue;
            };
            if let Term::Fact(program::Fact::Session(..)) | Term::Has(program::Fact::Session(..)) =
                term
            {
                return true;
            }
            open.extend(parts(term));
        }
        false
    }

    fn limits_ask(&self) -> bool {
        let uses = self.set.into_iter().flat_map(|set| &set.limits);
        uses.filter_map(|(limit, _)| self.limits.get(*limit as usize))
            .flat_map(|limit| &limit.by)
            .any(|part| matches!(part, LimitKey::Template(template) if asks_session(template)))
    }
}

fn asks_session(template: &Template) -> bool {
    template.segments.iter().any(|segment| {
        matches!(segment, Segment::Value(value) if matches!(value.source, ValueSource::Session(_)))
    })
}
