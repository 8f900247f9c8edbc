//! The session of a request: read where it is needed to decide whether the request gets in, changed once it
//! is in, and told to the client if its id is another then.
//!
//! A request makes one step on its session. It makes two where the values are needed before it is settled
//! whether it gets in and are then changed, where a session is made in the place of one that is over, and
//! where one goes on under a new id. The entry by which all sessions of a user are found is a step of its own,
//! made only when the subject is set.

use std::borrow::Cow;
use std::time::Instant;

use gated_engine::foreign::is_foreign;
use gated_engine::matcher::Found as Route;
use gated_engine::program::ArchivedSessionUse;
use gated_engine::request::{Request, cookies};
use gated_engine::session::{self, Change, Session};
use gated_store::Lost;
use http::header::{CACHE_CONTROL, COOKIE, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::intake::Intake;
use super::record::Record;
use super::{Download, Exchange, Refusal};
use crate::session::{Event, Found, Id, SessionSettings};
use crate::state::quoted;

/// A request in a session.
pub(super) struct Visit<'a> {
    uses: &'a ArchivedSessionUse,
    settings: &'a SessionSettings,
    id: Option<Id>,
    /// What was found before it was settled whether the request gets in.
    early: Option<Early>,
}

/// What was found early.
enum Early {
    Live(Session),
    Nothing,
    /// The store is away, and the request goes on without.
    Lost,
}

/// What the session is once everything is done.
struct Outcome {
    session: Option<Session>,
    cookie: Option<HeaderValue>,
}

impl Outcome {
    fn of(session: Option<Session>) -> Self {
        Self {
            session,
            cookie: None,
        }
    }
}

impl Exchange<'_> {
    /// Takes the cookie of the route's session out of what is passed on: an upstream that knew the id could
    /// come as the client.
    pub(super) fn keep_to_itself(&self, route: Option<u32>, headers: &mut Cow<'_, HeaderMap>) {
        let uses = route.and_then(|route| self.snapshot.bundle.session_use(route));
        let number = uses.map(|uses| uses.session.to_native() as usize);
        let Some(settings) = number.and_then(|number| self.snapshot.sessions.get(number)) else {
            return;
        };
        let named = |(name, _): (&str, &str)| name == settings.cookie;
        if cookies(headers).any(named) {
            without_cookie(headers.to_mut(), &settings.cookie);
        }
    }

    /// Whether a route has a session.
    pub(super) fn has_session(&self, route: u32) -> bool {
        self.snapshot.bundle.session_use(route).is_some()
    }

    /// A request on a route with a session.
    pub(super) async fn in_session(
        &self,
        request: &Request<'_>,
        found: &Route<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
    ) -> Result<Response<Download>, Refusal> {
        let broken = || Refusal::plain(StatusCode::INTERNAL_SERVER_ERROR);
        let uses = self.snapshot.bundle.session_use(found.route);
        let uses = uses.ok_or_else(broken)?;
        let settings = self
            .snapshot
            .sessions
            .get(uses.session.to_native() as usize);
        let settings = settings.ok_or_else(broken)?;
        let mut visit = Visit {
            uses,
            settings,
            id: Id::of(request.headers, &settings.cookie),
            early: None,
        };
        if let Err(refusal) = self.begin(&mut visit, request, found.route).await {
            intake.discard(self.limits).await?;
            return Err(refusal);
        }
        let request = Request {
            session: match &visit.early {
                Some(Early::Live(session)) => Some(session),
                _ => None,
            },
            ..request.clone()
        };
        self.let_in(&request, found, intake, record, deadline, Some(&visit))
            .await
    }

    /// Whether a request can get in although its session cannot be had: not where it would have to be known
    /// by it.
    fn goes_on_without(&self, settings: &SessionSettings, route: u32) -> bool {
        let known = &self.snapshot.identities;
        let guard = self.snapshot.bundle.guard(route);
        let mut arms = guard.into_iter().flat_map(|guard| guard.arms.iter());
        settings.anonymous_on_loss && !arms.any(|arm| known.by_session(arm.identity.to_native()))
    }

    /// Refuses pages of other sites, and reads the session if it is needed early.
    async fn begin(
        &self,
        visit: &mut Visit<'_>,
        request: &Request<'_>,
        route: u32,
    ) -> Result<(), Refusal> {
        let settings = visit.settings;
        if visit.uses.csrf && is_foreign(request, settings.origins.iter().map(String::as_str)) {
            settings.counters.count(Event::Foreign);
            tracing::debug!(
                session = settings.name,
                id = request.id,
                "a page of another site sent a request with this session"
            );
            return Err(Refusal::plain(StatusCode::FORBIDDEN));
        }
        if !visit.uses.early {
            return Ok(());
        }
        visit.early = Some(match self.read(visit).await {
            Ok(Found::Live(session)) => Early::Live(session),
            Ok(Found::Nothing | Found::Retired) => Early::Nothing,
            Err(lost) => {
                self.is_lost(settings, &lost);
                match self.goes_on_without(settings, route) {
                    true => Early::Lost,
                    false => return Err(away()),
                }
            }
        });
        Ok(())
    }

    /// What follows once it is settled that a request in a session gets in.
    pub(super) async fn go_on_in_session(
        &self,
        visit: &Visit<'_>,
        request: &Request<'_>,
        found: &Route<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
    ) -> Result<Response<Download>, Refusal> {
        self.gather(found, intake, deadline).await?;
        let outcome = match self.work(visit, request, found, intake.body()).await {
            Ok(outcome) => outcome,
            Err(refusal) => {
                intake.discard(self.limits).await?;
                return Err(refusal);
            }
        };
        let request = Request {
            session: outcome.session.as_ref(),
            ..request.clone()
        };
        let answered = self.act(&request, found, intake, record, deadline).await;
        let Some(cookie) = outcome.cookie else {
            return answered;
        };
        match answered {
            Ok(mut response) => {
                tell(response.headers_mut(), cookie);
                Ok(response)
            }
            // The session is another by now, whatever became of the request.
            Err(mut refusal) => {
                tell(refusal.headers.get_or_insert_default(), cookie);
                Err(refusal)
            }
        }
    }

    /// Does what the route does with the session.
    async fn work(
        &self,
        visit: &Visit<'_>,
        request: &Request<'_>,
        found: &Route<'_>,
        body: Option<&[u8]>,
    ) -> Result<Outcome, Refusal> {
        let bundle = &self.snapshot.bundle;
        let uses = visit.uses;
        let changes = session::changes(bundle, uses, found, request, body, &self.environment);
        let changes = changes.map_err(|wrong| {
            tracing::debug!(session = visit.settings.name, %wrong, id = request.id, "a session was not changed");
            Refusal::plain(StatusCode::BAD_REQUEST)
        })?;
        let outcome = match (uses.end, uses.renew, changes.is_empty()) {
            (true, ..) => self.end(visit).await,
            (_, true, _) => self.renew(visit, &changes).await,
            (.., true) => return self.look(visit).await,
            (.., false) => self.change(visit, &changes).await,
        };
        outcome.map_err(|failure| match failure {
            Failure::Refused(refusal) => refusal,
            Failure::Lost(lost) => {
                self.is_lost(visit.settings, &lost);
                away()
            }
        })
    }

    /// Nothing is changed.
    async fn look(&self, visit: &Visit<'_>) -> Result<Outcome, Refusal> {
        let session = match &visit.early {
            Some(Early::Live(session)) => Some(session.clone()),
            Some(Early::Nothing) => None,
            Some(Early::Lost) if visit.uses.required => return Err(away()),
            Some(Early::Lost) => return Ok(Outcome::of(None)),
            None => match self.read(visit).await {
                Ok(Found::Live(session)) => Some(session),
                Ok(Found::Nothing | Found::Retired) => None,
                Err(lost) => {
                    self.is_lost(visit.settings, &lost);
                    match visit.settings.anonymous_on_loss && !visit.uses.required {
                        true => return Ok(Outcome::of(None)),
                        false => return Err(away()),
                    }
                }
            },
        };
        match session {
            None if visit.uses.required => Err(nobody(visit.settings)),
            session => Ok(Outcome::of(session)),
        }
    }

    async fn end(&self, visit: &Visit<'_>) -> Result<Outcome, Failure> {
        let settings = visit.settings;
        let ended = match &visit.id {
            Some(id) => settings.end(&self.snapshot.store, &id.digest()).await?,
            None => false,
        };
        match ended {
            true => settings.counters.count(Event::Ended),
            false if visit.uses.required => return Err(nobody(settings).into()),
            false => {}
        }
        Ok(Outcome {
            session: None,
            cookie: settings.cookie(None),
        })
    }

    async fn renew(&self, visit: &Visit<'_>, changes: &[Change]) -> Result<Outcome, Failure> {
        let settings = visit.settings;
        let before = match &visit.id {
            Some(id) => settings.retire(&self.snapshot.store, id).await?,
            None => Found::Nothing,
        };
        let before = match before {
            Found::Live(session) => Some(session),
            Found::Nothing | Found::Retired => None,
        };
        if before.is_none() && visit.uses.required {
            return Err(nobody(settings).into());
        }
        let event = match before {
            Some(_) => Event::Renewed,
            None => Event::Made,
        };
        let session = before.unwrap_or_else(|| settings.blank()).changed(changes);
        self.made(settings, session, event).await
    }

    async fn change(&self, visit: &Visit<'_>, changes: &[Change]) -> Result<Outcome, Failure> {
        let settings = visit.settings;
        let found = match &visit.id {
            Some(id) => settings.visit(&self.snapshot.store, id, changes).await?,
            None => Found::Nothing,
        };
        match found {
            Found::Live(session) => Ok(Outcome::of(Some(session))),
            _ if visit.uses.required => Err(nobody(settings).into()),
            // The client has a new id by now, or is about to get it: another session would displace it.
            Found::Retired => Err(Refusal::plain(StatusCode::CONFLICT).into()),
            Found::Nothing => {
                let session = settings.blank().changed(changes);
                self.made(settings, session, Event::Made).await
            }
        }
    }

    /// Makes a session, if there is anything to remember.
    async fn made(
        &self,
        settings: &SessionSettings,
        session: Session,
        event: Event,
    ) -> Result<Outcome, Failure> {
        if session.values.is_empty() {
            return Ok(Outcome::of(None));
        }
        let made = settings.make(&self.snapshot.store, session).await?;
        settings.counters.count(event);
        Ok(Outcome {
            session: Some(made.session),
            cookie: settings.cookie(Some(&made.id)),
        })
    }

    async fn read(&self, visit: &Visit<'_>) -> Result<Found, Lost> {
        match &visit.id {
            Some(id) => visit.settings.visit(&self.snapshot.store, id, &[]).await,
            None => Ok(Found::Nothing),
        }
    }

    fn is_lost(&self, settings: &SessionSettings, lost: &Lost) {
        settings.counters.count(Event::Lost);
        let shared = &self.connection.worker.shared;
        if shared.failures.admits(&settings.name) {
            tracing::warn!(session = settings.name, %lost, "the session of a request could not be had");
        }
    }
}

/// Why a session was not changed.
enum Failure {
    Refused(Refusal),
    Lost(Lost),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        Self::Lost(lost)
    }
}

/// Gives the client its cookie. What tells a client its id is kept by no cache.
fn tell(headers: &mut HeaderMap, cookie: HeaderValue) {
    headers.append(SET_COOKIE, cookie);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Takes a cookie out of a request's headers.
fn without_cookie(headers: &mut HeaderMap, name: &str) {
    let lines: Vec<HeaderValue> = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| {
            let Ok(text) = std::str::from_utf8(line.as_bytes()) else {
                return Some(line.clone());
            };
            let other = |pair: &&str| {
                let (key, _) = pair.split_once('=').unwrap_or((pair, ""));
                key.trim() != name
            };
            let kept: Vec<&str> = text.split(';').filter(other).map(str::trim).collect();
            HeaderValue::from_bytes(kept.join("; ").as_bytes())
                .ok()
                .filter(|line| !line.is_empty())
        })
        .collect();
    headers.remove(COOKIE);
    for line in lines {
        headers.append(COOKIE, line);
    }
}

/// The request has no session and needs one.
fn nobody(settings: &SessionSettings) -> Refusal {
    let challenge = format!("Cookie realm={}", quoted(&settings.name));
    let challenge = HeaderValue::try_from(challenge).ok();
    let line = challenge.map(|value| (WWW_AUTHENTICATE, value));
    Refusal::plain(StatusCode::UNAUTHORIZED).with(HeaderMap::from_iter(line))
}

/// The store is away.
fn away() -> Refusal {
    let soon = (RETRY_AFTER, HeaderValue::from_static("1"));
    Refusal::plain(StatusCode::SERVICE_UNAVAILABLE).with(HeaderMap::from_iter([soon]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_is_taken_out_and_the_others_stay() {
        let mut headers = HeaderMap::new();
        let sent = ["a=1; sid=x; b=2", "sid=y", " sid = z;c=3", "odd"];
        for line in sent {
            headers.append(COOKIE, line.parse().unwrap());
        }
        without_cookie(&mut headers, "sid");
        let left: Vec<_> = headers.get_all(COOKIE).iter().collect();
        assert_eq!(left, ["a=1; b=2", "c=3", "odd"]);
    }
}
