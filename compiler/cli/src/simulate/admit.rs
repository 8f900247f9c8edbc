//! Whether a request gets in: the same decision that a replica makes, once somebody is proved.

use gated_engine::authorise::{Question, Verdict};
use gated_engine::matcher::Found;
use gated_engine::principal::Principal;
use gated_engine::program::{ArchivedGuard, ArchivedIdentityMethod, Identity};
use gated_engine::request::Request;
use gated_engine::{Bundle, Environment};
use http::StatusCode;

use super::Fixed;
use super::asker::{self, Asker};

/// Whether a request gets in.
pub(crate) enum Admission {
    /// The route is public.
    Open,
    /// Nobody is proved that the route is for: the status, and what the client is told it needs.
    Unproved(StatusCode, Vec<String>),
    /// The policies have decided.
    Decided(Principal, Verdict),
}

/// Decides.
///
/// # Errors
/// Who asks cannot be: there is no such identity, or its claims are others.
pub(crate) fn admit(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    asker: &Asker,
    environment: &Fixed,
) -> Result<Admission, String> {
    let principal = asker::principal(bundle, asker)?;
    let by_session = || super::session::principal(bundle, found.route, request.session?);
    let principal = principal.or_else(by_session);
    let Some(guard) = bundle.guard(found.route) else {
        return Ok(Admission::Open);
    };
    let Some(principal) = known(bundle, guard, principal) else {
        return Ok(unproved(bundle, guard));
    };
    let Some(identity) = bundle.program().identities.get(principal.identity as usize) else {
        return Ok(unproved(bundle, guard));
    };
    let verdict = bundle.authorise(
        guard,
        &Question {
            principal: &principal,
            identity,
            request,
            found,
            client: asker.client,
            now: environment.now(),
        },
    );
    let anonymous = matches!(identity.method, ArchivedIdentityMethod::Anonymous);
    Ok(match unproved(bundle, guard) {
        // Nobody in particular may become somebody who is let in, and is told how.
        Admission::Unproved(StatusCode::UNAUTHORIZED, lines)
            if anonymous && !verdict.is_allowed() =>
        {
            Admission::Unproved(StatusCode::UNAUTHORIZED, lines)
        }
        _ => Admission::Decided(principal, verdict),
    })
}

/// Who is proved, as far as the route asks: without credentials nobody in particular, if it is for such.
fn known(bundle: &Bundle, guard: &ArchivedGuard, given: Option<Principal>) -> Option<Principal> {
    let is_of = |identity: u32| guard.arms.iter().any(|arm| arm.identity == identity);
    match given {
        Some(principal) => is_of(principal.identity).then_some(principal),
        None => guard.arms.iter().find_map(|arm| {
            let number = arm.identity.to_native();
            let identity = bundle.program().identities.get(number as usize)?;
            let anonymous = matches!(identity.method, ArchivedIdentityMethod::Anonymous);
            anonymous.then(|| Principal {
                identity: number,
                id: "anonymous".to_owned(),
                claims: vec![None; identity.claims.len()],
            })
        }),
    }
}

fn unproved(bundle: &Bundle, guard: &ArchivedGuard) -> Admission {
    let mut lines: Vec<String> = Vec::new();
    for arm in guard.arms.iter() {
        let identity = bundle
            .program()
            .identities
            .get(arm.identity.to_native() as usize);
        let identity = identity
            .and_then(|identity| rkyv::deserialize::<Identity, rkyv::rancor::Error>(identity).ok());
        let line = identity.and_then(|identity| gated_identity::challenge(&identity, false));
        lines.extend(line.filter(|line| !lines.contains(line)));
    }
    let status = match lines.is_empty() {
        true => StatusCode::FORBIDDEN,
        false => StatusCode::UNAUTHORIZED,
    };
    Admission::Unproved(status, lines)
}
