//! What happens to a request, in this order and no other:
//!
//! 1. *limits*: the target and the header lines are short enough (414, 431); from here to the
//!    answer's headers the route's `timeout` runs (504, or 408 where the client's body is late);
//! 2. *clean*: hop-by-hop headers and untrusted claims are taken out, and headers of identities unless
//!    a named proxy set them;
//! 3. *normal form*: one form of host and path that everything after this sees (400); over TLS the host
//!    must be one that the handshake was for (421), and a listener may redirect all to `https` (308);
//! 4. *route*: the matcher finds the route, reading the body first only if the answer depends on it;
//! 5. *session*: pages of other sites are refused (403); what is remembered is read, if 6 or 7 need it;
//! 6. *admit*: unless the route is public, who asks is proved (401), and the policies decide (403);
//! 7. *limit*: the limits of the route are taken from, all or none (429, or 503 without the store);
//! 8. *remember*: the session is read or changed (400, 401, 409, or 503 without the store);
//! 9. *decide*: the engine says what to do;
//! 10. *act*: respond, pass on, or read from the disk;
//! 11. *response transform*, or the *error page* if something failed; *compress*, if the client takes it;
//! 12. *record*: access log and counters, when the last byte is out.

mod act;
mod authorise;
mod compress;
mod download;
mod error;
mod guard;
mod identify;
mod incoming;
mod intake;
mod limit;
mod record;
mod secure;
mod session;

use std::pin::pin;
use std::rc::Rc;
use std::time::Instant;

use gated_engine::matcher::{Found, Routing};
use gated_engine::request::Request;
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};

pub(crate) use download::{Download, Tracked};
pub(crate) use error::Refusal;
pub(crate) use guard::catch;
pub(crate) use incoming::Incoming;
pub(crate) use intake::{Fault, Meter, Metered};

use crate::environment::World;
use crate::http1::head;
use crate::log::request_id;
use crate::proxy::{self, Taken};
use crate::server::Connection;
use crate::snapshot::{ListenerSettings, Snapshot, View, bound};
use intake::Intake;
use record::Record;
use session::Visit;

/// What the stages of one request share.
struct Exchange<'a> {
    connection: &'a Connection,
    view: &'a Rc<View>,
    snapshot: &'a Snapshot,
    limits: &'a ListenerSettings,
    environment: World<'a>,
    taken: Taken,
}

/// Answers a request. A panic in here is answered 500 and harms no other request.
pub(crate) async fn serve(
    connection: &Rc<Connection>,
    parts: &mut Parts,
    body: Incoming,
) -> Response<Tracked> {
    let view = connection.worker.view();
    let meter = Meter::new();
    let mut record = Record::begin(
        Rc::clone(connection),
        Rc::clone(&view),
        parts,
        Rc::clone(&meter),
    );
    let is_head = parts.method == http::Method::HEAD;
    // Pinned here, where it stays: it is large, and moving it costs more than most of what it does.
    let answered = {
        let mut intake = Intake::new(body, meter);
        let answering = pin!(answer(connection, &view, parts, &mut intake, &mut record));
        guard::catch(answering).await
    };
    head::recycle(std::mem::take(&mut parts.headers));
    let response = answered.unwrap_or_else(|()| error::bare(StatusCode::INTERNAL_SERVER_ERROR));
    finish(connection, &view, response, record, is_head)
}

/// Answers what is no request at all, so that it is counted and logged like one.
pub(crate) fn refuse(connection: &Rc<Connection>, status: StatusCode) -> Response<Tracked> {
    let view = connection.worker.view();
    let mut record = Record::refused(Rc::clone(connection), Rc::clone(&view), Meter::new());
    record.id = Some(request_id::make());
    let response = match view.snapshot() {
        None => error::bare(status),
        Some(snapshot) => {
            let exchange = Exchange::new(connection, &view, snapshot);
            exchange.refuse(&Refusal::closing(status), None)
        }
    };
    finish(connection, &view, response, record, false)
}

/// The answer, whatever it is.
async fn answer(
    connection: &Connection,
    view: &Rc<View>,
    parts: &mut Parts,
    intake: &mut Intake,
    record: &mut Record,
) -> Response<Download> {
    proxy::join_cookies(&mut parts.headers);
    let Some(snapshot) = view.snapshot() else {
        return error::bare(StatusCode::SERVICE_UNAVAILABLE);
    };
    let exchange = Exchange::new(connection, view, snapshot);
    let within = within_limits(parts, exchange.limits);
    let guarded = snapshot.identities.guarded();
    let vouched = guarded.take(&mut parts.headers, connection.peer);
    let exchange = Exchange {
        taken: proxy::clean_request(&mut parts.headers),
        ..exchange
    };
    parts.headers.extend(vouched);
    // After the cleaning, so that no `Connection` of the client's takes the id out again.
    let id_header = &snapshot.settings.request_id;
    record.id = Some(request_id::settle(&mut parts.headers, id_header));
    intake.keep_out(id_header, guarded);
    if let Err(refusal) = within {
        return exchange.refuse(&refusal, None);
    }
    let id = record.id.clone();
    let normal = Request::normalise(
        &parts.method,
        &parts.uri,
        parts.version,
        &parts.headers,
        connection.scheme(),
    );
    match normal {
        Err(refusal) => {
            tracing::debug!(client = %connection.client, %refusal, "refused a request");
            exchange.refuse(&Refusal::closing(StatusCode::BAD_REQUEST), None)
        }
        Ok(mut request) => {
            request.id = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or("");
            record.normal(&request);
            if let Some(response) = exchange.before_routes(&request, &parts.uri) {
                return response;
            }
            let routing = snapshot.bundle.route(&request, None);
            if let Routing::Found(found) = &routing {
                view.foresee(found.route);
            }
            if let Some(response) = exchange.at_once(&routing, &request, intake, record) {
                return response;
            }
            match exchange.run(&request, routing, intake, record).await {
                Ok(response) => response,
                Err(refusal) => exchange.refuse_on(record.route, &refusal, Some(&request)),
            }
        }
    }
}

/// The first stage: what the protocols do not bound as tightly as the listener asks.
fn within_limits(parts: &Parts, limits: &ListenerSettings) -> Result<(), Refusal> {
    let target = match parts.uri.path_and_query() {
        Some(target) => target.as_str().len(),
        None => 0,
    };
    if target > limits.uri_size {
        return Err(Refusal::closing(StatusCode::URI_TOO_LONG));
    }
    if parts.headers.len() > limits.header_count
        || header_bytes(&parts.headers) > limits.header_size
    {
        return Err(Refusal::closing(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        ));
    }
    Ok(())
}

/// All header lines together as HTTP/1.1 would write them.
fn header_bytes(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

impl<'a> Exchange<'a> {
    fn new(connection: &'a Connection, view: &'a Rc<View>, snapshot: &'a Snapshot) -> Self {
        Self {
            connection,
            view,
            snapshot,
            limits: view
                .listener(connection.slot)
                .unwrap_or(&connection.accepted),
            environment: World {
                counters: &connection.worker.shared.counters,
                secrets: &snapshot.secrets,
            },
            taken: Taken::default(),
        }
    }
}

impl Exchange<'_> {
    async fn run(
        &self,
        request: &Request<'_>,
        routing: Routing<'_>,
        intake: &mut Intake,
        record: &mut Record,
    ) -> Result<Response<Download>, Refusal> {
        let found = match routing {
            Routing::Found(found) => Some(found),
            Routing::NotFound => None,
            Routing::NeedsBody => self.route_by_body(request, intake).await?,
        };
        let Some(found) = found else {
            intake.discard(self.limits).await?;
            return Ok(self.unmatched(request, intake.body()));
        };
        record.route = Some(found.route);
        let route = self.snapshot.route(found.route);
        let deadline = route
            .and_then(|route| bound(route.timeout_ms.to_native()))
            .map(|bound| record.started + bound);
        let limit = route
            .and_then(|route| route.body_limit.as_ref())
            .map_or(self.limits.body_size, |limit| limit.to_native());
        intake.bound(limit, self.limits)?;
        match self.has_session(found.route) {
            // Boxed: what most requests never do would make every connection larger.
            true => Box::pin(self.in_session(request, &found, intake, record, deadline)).await,
            false => {
                self.let_in(request, &found, intake, record, deadline, None)
                    .await
            }
        }
    }

    /// A request whose session, if there is one, is known as far as it must be.
    async fn let_in(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
        visit: Option<&Visit<'_>>,
    ) -> Result<Response<Download>, Refusal> {
        match self.is_limited(found.route) {
            true => {
                let limited = self.admit_limited(request, found, intake, record, deadline, visit);
                Box::pin(limited).await
            }
            false => {
                self.admitted(request, found, intake, record, deadline, visit)
                    .await
            }
        }
    }

    /// A request on a route without limits.
    async fn admitted(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
        visit: Option<&Visit<'_>>,
    ) -> Result<Response<Download>, Refusal> {
        let Some(guard) = self.snapshot.bundle.guard(found.route) else {
            return self
                .go_on(request, found, intake, record, deadline, visit)
                .await;
        };
        let principal = self.admit(guard, request, found, intake, deadline).await?;
        let request = Request {
            principal: Some(&principal),
            ..request.clone()
        };
        self.go_on(&request, found, intake, record, deadline, visit)
            .await
    }

    /// A request on a route with limits. One that is not let in counts too, as far as it can be counted
    /// without knowing who asks.
    async fn admit_limited(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
        visit: Option<&Visit<'_>>,
    ) -> Result<Response<Download>, Refusal> {
        if let Err(refusal) = self.bar(request, found) {
            intake.discard(self.limits).await?;
            return Err(refusal);
        }
        let guard = self.snapshot.bundle.guard(found.route);
        let principal = match guard {
            None => None,
            Some(guard) => match self.admit(guard, request, found, intake, deadline).await {
                Ok(principal) => Some(principal),
                Err(refusal) => {
                    self.limit(request, found, false).await?;
                    return Err(refusal);
                }
            },
        };
        let request = Request {
            principal: principal.as_deref(),
            ..request.clone()
        };
        let told = match self.limit(&request, found, true).await {
            Ok(told) => told,
            Err(refusal) => {
                intake.discard(self.limits).await?;
                return Err(refusal);
            }
        };
        let mut response = self
            .go_on(&request, found, intake, record, deadline, visit)
            .await?;
        if let Some(told) = told {
            response.headers_mut().extend(*told);
        }
        Ok(response)
    }

    /// What follows once it is settled that the request gets in.
    async fn go_on(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
        visit: Option<&Visit<'_>>,
    ) -> Result<Response<Download>, Refusal> {
        if let Some(visit) = visit {
            return self
                .go_on_in_session(visit, request, found, intake, record, deadline)
                .await;
        }
        self.gather(found, intake, deadline).await?;
        self.act(request, found, intake, record, deadline).await
    }

    /// Reads the body, if a template of the route looks at it.
    async fn gather(
        &self,
        found: &Found<'_>,
        intake: &mut Intake,
        deadline: Option<Instant>,
    ) -> Result<(), Refusal> {
        if gated_engine::decide::needs_body(&self.snapshot.bundle, found) {
            let meter = Rc::clone(intake.meter());
            in_time(deadline, &meter, intake.gather()).await?;
        }
        Ok(())
    }

    /// Reads the body and finds the route; `None`: no route takes the request.
    async fn route_by_body(
        &self,
        request: &Request<'_>,
        intake: &mut Intake,
    ) -> Result<Option<Found<'_>>, Refusal> {
        let bundle = &self.snapshot.bundle;
        intake.bound(self.snapshot.largest_body, self.limits)?;
        intake.gather().await?;
        match bundle.route(request, Some(intake.body().unwrap_or_default())) {
            Routing::Found(found) => Ok(Some(found)),
            Routing::NotFound | Routing::NeedsBody => Ok(None),
        }
    }
}

/// Does something until the route's time is over: 408 if it is the client's body that is late, or
/// else 504.
async fn in_time<T>(
    deadline: Option<Instant>,
    meter: &Meter,
    work: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    match deadline {
        None => work.await,
        Some(deadline) => tokio::time::timeout_at(deadline.into(), work)
            .await
            .unwrap_or_else(|_| Err(Refusal::late(meter))),
    }
}

/// Puts on what every response has, and hands it to its record.
fn finish(
    connection: &Connection,
    view: &View,
    response: Response<Download>,
    mut record: Box<Record>,
    is_head: bool,
) -> Response<Tracked> {
    view.foresee_counting(record.route);
    let (mut parts, mut body) = response.into_parts();
    if is_head {
        body = body.head(parts.status, &mut parts.headers);
    }
    secure::promise(connection, view, &body, &mut parts.headers);
    // HTTP/1.1 says itself whether the connection stays, and writes the id as it writes the head.
    if connection.activity.is_http2() {
        parts.headers.remove(http::header::CONNECTION);
        if let Some((name, id)) = record.id_line() {
            parts.headers.insert(name, id.clone());
        }
    }
    record.status = parts.status.as_u16();
    record.failed = parts.extensions.remove::<error::Failed>().is_some();
    Response::from_parts(parts, Tracked::new(body, record))
}
