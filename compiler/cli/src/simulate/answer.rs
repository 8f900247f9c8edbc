//! What comes of a request.

use bytes::Bytes;
use gated_engine::Bundle;
use gated_engine::decide::{Decision, Response, decide, error_response};
use gated_engine::matcher::{Found, Routing};
use gated_engine::request::{Refusal, Request};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{Admission, Asker, Call, Fixed, admit};

/// What comes of a request.
pub(crate) struct Answer {
    /// Index of the route that takes it.
    pub(crate) route: Option<usize>,
    /// What the route does.
    pub(crate) taken: Taken,
}

impl Answer {
    /// Whether it is answered 401.
    pub(crate) fn asks_who(&self) -> bool {
        matches!(&self.taken, Taken::Sent { status, .. } if *status == StatusCode::UNAUTHORIZED)
    }
}

/// What is done with a request.
pub(crate) enum Taken {
    /// This is sent.
    Sent {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    /// It is passed on.
    PassedOn {
        upstream: usize,
        path_and_query: String,
    },
    /// It is answered from the replica's own disk.
    Disk,
}

/// Runs a request through the engine.
///
/// # Errors
/// Who asks cannot be.
pub(crate) fn answer(
    bundle: &Bundle,
    call: &Call,
    asker: &Asker,
    environment: &Fixed,
) -> Result<Answer, String> {
    match call.request() {
        Ok(request) => answer_request(bundle, &request, call.body(), asker, environment),
        Err(refusal) => Ok(refused(bundle, refusal, environment)),
    }
}

fn refused(bundle: &Bundle, _refusal: Refusal, environment: &Fixed) -> Answer {
    let response = error_response(bundle, StatusCode::BAD_REQUEST, None, environment);
    Answer {
        route: None,
        taken: sent(response),
    }
}

fn answer_request(
    bundle: &Bundle,
    request: &Request<'_>,
    body: &[u8],
    asker: &Asker,
    environment: &Fixed,
) -> Result<Answer, String> {
    match bundle.route(request, Some(body)) {
        Routing::Found(found) => Ok(Answer {
            route: Some(found.route as usize),
            taken: guarded(bundle, &found, request, body, asker, environment)?,
        }),
        Routing::NeedsBody | Routing::NotFound => {
            let response =
                error_response(bundle, StatusCode::NOT_FOUND, Some(request), environment);
            Ok(Answer {
                route: None,
                taken: sent(response),
            })
        }
    }
}

fn guarded(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    body: &[u8],
    asker: &Asker,
    environment: &Fixed,
) -> Result<Taken, String> {
    let refused = |status| error_response(bundle, status, Some(request), environment);
    let session = super::session::given(bundle, found.route, asker)?;
    let request = &Request {
        session: session.as_ref(),
        ..request.clone()
    };
    if super::session::is_foreign(bundle, found.route, request) {
        return Ok(sent(refused(StatusCode::FORBIDDEN)));
    }
    Ok(match admit(bundle, found, request, asker, environment)? {
        Admission::Open => act(bundle, found, request, body, environment),
        Admission::Unproved(status, lines) => {
            let mut response = refused(status);
            for line in lines
                .iter()
                .filter_map(|line| HeaderValue::try_from(line).ok())
            {
                response.headers.append(WWW_AUTHENTICATE, line);
            }
            sent(response)
        }
        Admission::Decided(principal, verdict) if verdict.is_allowed() => {
            let mut request = request.clone();
            request.principal = Some(&principal);
            act(bundle, found, &request, body, environment)
        }
        Admission::Decided(..) => sent(refused(StatusCode::FORBIDDEN)),
    })
}

fn act(
    bundle: &Bundle,
    found: &Found<'_>,
    request: &Request<'_>,
    body: &[u8],
    environment: &Fixed,
) -> Taken {
    let session = match super::session::after(bundle, found, request, body, environment) {
        Ok(session) => session,
        Err(status) => return sent(error_response(bundle, status, Some(request), environment)),
    };
    let request = &Request {
        session: session.as_ref(),
        ..request.clone()
    };
    match decide(bundle, found, request, Some(body), environment) {
        Decision::Respond(response) => sent(response),
        Decision::Proxy(plan) => Taken::PassedOn {
            upstream: plan.upstream as usize,
            path_and_query: plan.path_and_query,
        },
        Decision::Disk(_) => Taken::Disk,
    }
}

fn sent(response: Response) -> Taken {
    Taken::Sent {
        status: response.status,
        headers: response.headers,
        body: response.body,
    }
}
