//! Whether who asks may do what they ask: the policies decide, in the engine. Who is not let in learns
//! nothing but the status; the log tells the route, the policy with its place, and the request's id.

use std::sync::Arc;
use std::time::SystemTime;

use gated_engine::authorise::{Question, Verdict};
use gated_engine::matcher::Found;
use gated_engine::principal::Principal;
use gated_engine::program::ArchivedGuard;
use gated_engine::request::Request;
use http::StatusCode;
use sha2::{Digest, Sha256};

use super::intake::Intake;
use super::{Exchange, Refusal};
use crate::metrics::Decided;

impl Exchange<'_> {
    /// Whether a request gets in, as far as that is known without waiting; `None`: it must be waited for.
    pub(super) fn admit_at_once(
        &self,
        guard: &ArchivedGuard,
        request: &Request<'_>,
        found: &Found<'_>,
    ) -> Option<Result<Arc<Principal>, Refusal>> {
        let identities = guard.arms.iter().map(|arm| arm.identity.to_native());
        let known = self.identify_at_once(request, identities, self.route_name(found.route))?;
        Some(known.and_then(|principal| {
            self.authorise(guard, &principal, request, found)?;
            Ok(principal)
        }))
    }

    /// Whether a request gets in. What is left of the body of one that does not is thrown away.
    pub(super) async fn admit(
        &self,
        guard: &ArchivedGuard,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        deadline: Option<std::time::Instant>,
    ) -> Result<Arc<Principal>, Refusal> {
        let identities = guard.arms.iter().map(|arm| arm.identity.to_native());
        let name = self.route_name(found.route);
        let known = self
            .identify(request, identities, name, intake, deadline)
            .await;
        let admitted = known.and_then(|principal| {
            self.authorise(guard, &principal, request, found)?;
            Ok(principal)
        });
        if admitted.is_err() {
            intake.discard(self.limits).await?;
        }
        admitted
    }

    fn route_name(&self, route: u32) -> &str {
        let route = self.snapshot.route(route);
        route.map_or("", |route| route.name.as_str())
    }

    /// Lets the policies decide.
    fn authorise(
        &self,
        guard: &ArchivedGuard,
        principal: &Principal,
        request: &Request<'_>,
        found: &Found<'_>,
    ) -> Result<(), Refusal> {
        let bundle = &self.snapshot.bundle;
        let identities = &bundle.program().identities;
        let verdict = match identities.get(principal.identity as usize) {
            None => Verdict::NotPermitted,
            Some(identity) => bundle.authorise(
                guard,
                &Question {
                    principal,
                    identity,
                    request,
                    found,
                    client: self.connection.client,
                    now: SystemTime::now(),
                },
            ),
        };
        let counters = self
            .view
            .counters(&self.connection.worker, Some(found.route));
        counters.inspect(|counters| counters.decided(decided(verdict)));
        if verdict.is_allowed() {
            if self.is_sampled() {
                self.tell_decision(verdict, principal, request, found.route);
            }
            return Ok(());
        }
        let shared = &self.connection.worker.shared;
        if shared.denials.admits(self.route_name(found.route)) {
            self.tell_decision(verdict, principal, request, found.route);
        }
        Err(self.denied(guard, principal))
    }

    /// Nobody in particular may become somebody who is let in, and is told how; anybody else is not.
    fn denied(&self, guard: &ArchivedGuard, principal: &Principal) -> Refusal {
        let known = &self.snapshot.identities;
        let identities = guard.arms.iter().map(|arm| arm.identity.to_native());
        match known.anonymous(principal.identity) {
            Some(_) => self.challenge(identities, false),
            None => Refusal::plain(StatusCode::FORBIDDEN),
        }
    }

    fn is_sampled(&self) -> bool {
        let share = self.snapshot.bundle.program().decision_log.allowed;
        share > 0 && fastrand::u8(0..100) < share
    }

    /// One line of the decision log. Nothing that the request carried is in it.
    fn tell_decision(
        &self,
        verdict: Verdict,
        principal: &Principal,
        request: &Request<'_>,
        route: u32,
    ) {
        let program = self.snapshot.bundle.program();
        let identity = self.snapshot.identities.name(principal.identity);
        let who = match program.decision_log.hash_principals {
            false => principal.id.clone(),
            true => hashed(&principal.id),
        };
        let (policy, why) = match verdict {
            Verdict::Allowed(policy) => (Some(policy), "permitted".to_owned()),
            Verdict::Forbidden(policy) => (Some(policy), "forbidden".to_owned()),
            Verdict::Unclear(policy, problem) => (Some(policy), format!("not decided: {problem}")),
            Verdict::NotPermitted => (None, "no policy permits it".to_owned()),
        };
        let name = policy.map_or("", |policy| self.snapshot.bundle.policy(policy));
        let place = policy.and_then(|policy| self.snapshot.policy_place(policy));
        let message = match verdict.is_allowed() {
            true => "a request was let in",
            false => "a request was not let in",
        };
        tracing::info!(
            route = self.route_name(route),
            identity,
            principal = who,
            why,
            policy = name,
            place = place.unwrap_or_default(),
            method = %request.method,
            path = %request.path,
            id = request.id,
            "{message}"
        );
    }
}

fn decided(verdict: Verdict) -> Decided {
    match verdict {
        Verdict::Allowed(_) => Decided::Allowed,
        Verdict::Forbidden(_) => Decided::Forbidden,
        Verdict::NotPermitted => Decided::NotPermitted,
        Verdict::Unclear(..) => Decided::Failed,
    }
}

/// The first half of the SHA-256 of a principal's id, in hexadecimal: enough to tell principals apart.
fn hashed(id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
