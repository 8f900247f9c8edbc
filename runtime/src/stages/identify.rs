//! Who is asking: the identities of a route are tried in their order, and the first that is proved
//! counts. Where none is, the client is told what it needs (401), or that nothing it could send would
//! help (403).

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use gated_engine::principal::Principal;
use gated_engine::request::Request;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::intake::Intake;
use super::{Exchange, Refusal, in_time};
use crate::identify::{Asking, Proof};

/// What came of the identities that were tried so far.
#[derive(Default)]
struct Tally {
    refused: bool,
    away: bool,
}

impl Exchange<'_> {
    /// Finds out who is asking without waiting; `None`: it must be waited for.
    pub(super) fn identify_at_once(
        &self,
        request: &Request<'_>,
        identities: impl Iterator<Item = u32> + Clone,
        route: &str,
    ) -> Option<Result<Arc<Principal>, Refusal>> {
        let asking = self.asking(request);
        let mut tally = Tally::default();
        for identity in identities.clone() {
            let proof = self.snapshot.identities.at_once(identity, &asking)?;
            if let Some(principal) = self.note(identity, proof, &mut tally, request, route) {
                return Some(Ok(principal));
            }
        }
        Some(self.unproved(&tally, identities))
    }

    /// Finds out who is asking. The body must be bounded by then; it is read where a signature covers
    /// it.
    pub(super) async fn identify(
        &self,
        request: &Request<'_>,
        identities: impl Iterator<Item = u32> + Clone,
        route: &str,
        intake: &mut Intake,
        deadline: Option<Instant>,
    ) -> Result<Arc<Principal>, Refusal> {
        let asking = self.asking(request);
        let known = &self.snapshot.identities;
        let mut tally = Tally::default();
        for identity in identities.clone() {
            let proof = match known.at_once(identity, &asking) {
                Some(proof) => proof,
                None => {
                    let meter = Rc::clone(intake.meter());
                    let proving = async {
                        if known.needs_body(identity) {
                            intake.gather().await?;
                        }
                        Ok(known.prove(identity, &asking, intake.body()).await)
                    };
                    // Boxed: most requests never get here.
                    in_time(deadline, &meter, Box::pin(proving)).await?
                }
            };
            if let Some(principal) = self.note(identity, proof, &mut tally, request, route) {
                return Ok(principal);
            }
        }
        self.unproved(&tally, identities)
    }

    fn asking<'r>(&'r self, request: &'r Request<'r>) -> Asking<'r> {
        Asking {
            request,
            peer: self.connection.peer,
            certificate: self.connection.certificate(self.limits),
        }
    }

    /// Counts and tells what came of an identity; who is asking, if that is proved.
    fn note(
        &self,
        identity: u32,
        proof: Proof,
        tally: &mut Tally,
        request: &Request<'_>,
        route: &str,
    ) -> Option<Arc<Principal>> {
        let counters = self.view.identity(identity);
        match proof {
            Proof::Missing => None,
            Proof::Proved(principal) => {
                counters.inspect(|counters| counters.proved.add(1));
                Some(principal)
            }
            Proof::Refused(reason) => {
                counters.inspect(|counters| counters.refused.add(1));
                tally.refused = true;
                let name = self.snapshot.identities.name(identity);
                if self.connection.worker.shared.refusals.admits(name) {
                    let id = request.id;
                    tracing::info!(identity = name, route, reason = %reason, id, "a credential was refused");
                }
                None
            }
            Proof::Away => {
                counters.inspect(|counters| counters.away.add(1));
                tally.away = true;
                None
            }
        }
    }

    /// None was proved. Nobody in particular is taken only where nothing at all was presented.
    fn unproved(
        &self,
        tally: &Tally,
        identities: impl Iterator<Item = u32> + Clone,
    ) -> Result<Arc<Principal>, Refusal> {
        let known = &self.snapshot.identities;
        if tally.away {
            let soon = (RETRY_AFTER, HeaderValue::from_static("1"));
            let refusal = Refusal::plain(StatusCode::SERVICE_UNAVAILABLE);
            return Err(refusal.with(HeaderMap::from_iter([soon])));
        }
        let anonymous = identities
            .clone()
            .find(|one| known.anonymous(*one).is_some());
        if let (false, Some(identity)) = (tally.refused, anonymous) {
            self.view
                .identity(identity)
                .inspect(|counters| counters.proved.add(1));
            if let Some(principal) = known.anonymous(identity) {
                return Ok(Arc::clone(principal));
            }
        }
        Err(self.challenge(identities, tally.refused))
    }

    /// Tells the client what it needs, if it could have any of it.
    pub(super) fn challenge(
        &self,
        identities: impl Iterator<Item = u32>,
        refused: bool,
    ) -> Refusal {
        let challenges = self.snapshot.identities.challenges(identities, refused);
        if challenges.is_empty() {
            return Refusal::plain(StatusCode::FORBIDDEN);
        }
        let lines = challenges.into_iter().map(|line| (WWW_AUTHENTICATE, line));
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name, line);
        }
        Refusal::plain(StatusCode::UNAUTHORIZED).with(headers)
    }
}
