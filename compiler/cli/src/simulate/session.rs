//! The session of a request without a store: what a test says that it remembers, and what the route changes in
//! it.

use gatec_schema::{ClaimScalar, GivenClaim};
use gated_engine::Bundle;
use gated_engine::foreign;
use gated_engine::matcher::Found;
use gated_engine::principal::{ClaimValue, Principal};
use gated_engine::program::{
    ArchivedClaimKind, ArchivedIdentityMethod, ArchivedSession, ArchivedSessionField, ClaimKind,
};
use gated_engine::request::Request;
use gated_engine::session::{Session, SessionValue, changes};
use http::StatusCode;

use super::{Asker, Fixed};

/// The session that a test gives a request.
///
/// # Errors
/// In the user's terms: the route has none, or it remembers other things.
pub(super) fn given(bundle: &Bundle, route: u32, asker: &Asker) -> Result<Option<Session>, String> {
    let Some(given) = &asker.session else {
        return Ok(None);
    };
    let Some(session) = of_route(bundle, route) else {
        let name = bundle.route_name(route);
        return Err(format!("the route `{name}` has no session"));
    };
    let mut made = blank(session);
    for (name, value) in &given.fields {
        let fields = session.fields.iter().zip(0..);
        let mut named = fields.filter(|(field, _)| field.name.as_str() == name);
        let (field, number) = named.next().ok_or_else(|| {
            let known = session.fields.iter().map(|field| field.name.as_str());
            format!(
                "the session `{}` has no field `{name}`; the fields are {}",
                session.name,
                gatec_compiler::check::listed(known)
            )
        })?;
        made.put(number, Some(read(field, value)?));
    }
    Ok(Some(made))
}

fn read(field: &ArchivedSessionField, value: &GivenClaim) -> Result<SessionValue, String> {
    let read = match (field.kind, value.0.as_slice()) {
        (ArchivedClaimKind::Long, [ClaimScalar::Long(number)]) => SessionValue::Long(*number),
        (ArchivedClaimKind::Bool, [ClaimScalar::Bool(yes)]) => SessionValue::Bool(*yes),
        (ArchivedClaimKind::Text, [ClaimScalar::Text(text)]) => SessionValue::Text(text.clone()),
        _ => {
            return Err(format!(
                "the session's field `{}` is not of this type",
                field.name
            ));
        }
    };
    Ok(read)
}

/// Whether a page of another site sent the request.
pub(super) fn is_foreign(bundle: &Bundle, route: u32, request: &Request<'_>) -> bool {
    let guards = bundle.session_use(route).is_some_and(|uses| uses.csrf);
    let origins = of_route(bundle, route).map(|session| session.origins.as_slice());
    let origins = origins.unwrap_or_default();
    guards && foreign::is_foreign(request, origins.iter().map(|origin| origin.as_str()))
}

/// Who is known by the session, if the route knows anybody by it.
pub(super) fn principal(bundle: &Bundle, route: u32, session: &Session) -> Option<Principal> {
    let id = session.subject()?.text();
    let arms = &bundle.guard(route)?.arms;
    arms.iter().find_map(|arm| {
        let number = arm.identity.to_native();
        let identity = bundle.program().identities.get(number as usize)?;
        if !matches!(identity.method, ArchivedIdentityMethod::Session(_)) {
            return None;
        }
        let claims = identity.claims.iter().map(|claim| {
            let text = session.named(claim.from.first()?.as_str())?.text();
            ClaimValue::from_text(kind(claim.kind), &text)
        });
        Some(Principal {
            identity: number,
            id: id.clone(),
            claims: claims.collect(),
        })
    })
}

/// What the session is once the route has done what it does with it.
///
/// # Errors
/// The status of a request that is not taken.
pub(super) fn after(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    body: &[u8],
    environment: &Fixed,
) -> Result<Option<Session>, StatusCode> {
    let (Some(uses), Some(session)) = (
        bundle.session_use(found.route),
        of_route(bundle, found.route),
    ) else {
        return Ok(None);
    };
    if uses.required && request.session.is_none() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    if uses.end {
        return Ok(None);
    }
    let changes = changes(bundle, uses, found, request, Some(body), environment);
    let changes = changes.map_err(|_| StatusCode::BAD_REQUEST)?;
    let before = request.session.cloned();
    let is_new = before.is_none();
    let after = before.unwrap_or_else(|| blank(session)).changed(&changes);
    Ok((!is_new || !after.values.is_empty()).then_some(after))
}

fn of_route(bundle: &Bundle, route: u32) -> Option<&ArchivedSession> {
    bundle.session(bundle.session_use(route)?.session.to_native())
}

fn blank(session: &ArchivedSession) -> Session {
    let names = session.fields.iter().map(|field| field.name.as_str());
    Session {
        names: names.map(str::to_owned).collect(),
        owner: session.subject.as_ref().map(|field| field.to_native()),
        values: Vec::new(),
    }
}

fn kind(kind: ArchivedClaimKind) -> ClaimKind {
    match kind {
        ArchivedClaimKind::Text => ClaimKind::Text,
        ArchivedClaimKind::Long => ClaimKind::Long,
        ArchivedClaimKind::Bool => ClaimKind::Bool,
        ArchivedClaimKind::Texts => ClaimKind::Texts,
        ArchivedClaimKind::Longs => ClaimKind::Longs,
        ArchivedClaimKind::Datetime => ClaimKind::Datetime,
        ArchivedClaimKind::Ip => ClaimKind::Ip,
        ArchivedClaimKind::Decimal => ClaimKind::Decimal,
    }
}
