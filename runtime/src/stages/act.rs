//! Does what was decided.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;
use gated_engine::compression;
use gated_engine::decide::{self, Decision, DiskPlan, Form, Forms, ProxyPlan, Ready};
use gated_engine::matcher::{Found, Routing};
use gated_engine::request::Request;
use http::{HeaderMap, Method, Response, StatusCode};

use super::compress::Compressing;
use super::download::ReadyAnswer;
use super::intake::Intake;
use super::record::Record;
use super::{Download, Exchange, Meter, Refusal, in_time};
use crate::disk;
use crate::proxy::{self, Failure, Origin, Overdue, Passage, Tried};
use crate::snapshot::bound;

impl Exchange<'_> {
    /// The answer that was made ready for the route, if the request has no body that is to be read
    /// first. Most of what waiting needs is never set up for it.
    pub(super) fn at_once(
        &self,
        routing: &Routing<'_>,
        request: &Request<'_>,
        intake: &Intake,
        record: &mut Record,
    ) -> Option<Response<Download>> {
        let Routing::Found(found) = routing else {
            return None;
        };
        let ready = self.snapshot.bundle.ready(found.route)?;
        let waits =
            !intake.is_done() || self.is_limited(found.route) || self.has_session(found.route);
        if waits || *request.method == Method::HEAD {
            return None;
        }
        record.route = Some(found.route);
        if let Some(guard) = self.snapshot.bundle.guard(found.route)
            && let Err(refusal) = self.admit_at_once(guard, request, found)?
        {
            return Some(self.refuse_on(Some(found.route), &refusal, Some(request)));
        }
        Some(self.made_ready(ready, found.route, ready.choose(request.headers)))
    }

    /// Decides and acts.
    pub(super) async fn act(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        intake: &mut Intake,
        record: &mut Record,
        deadline: Option<Instant>,
    ) -> Result<Response<Download>, Refusal> {
        let bundle = &self.snapshot.bundle;
        let decision = decide::decide(bundle, found, request, intake.body(), &self.environment);
        let meter = Rc::clone(intake.meter());
        let ((mut response, forms), body) = match decision {
            Decision::Respond(response) => {
                if !intake.is_done() {
                    in_time(deadline, &meter, intake.drain()).await?;
                }
                let (response, forms) = ready(response);
                let compressing = self.compressing(Some(found.route), request);
                return Ok(compressing.apply(response, forms));
            }
            Decision::Disk(plan) => {
                // Boxed, as is passing on: kept in place, what most requests never do would make
                // every connection larger.
                let served = Box::pin(async {
                    intake.drain().await?;
                    Ok(self.disk(request, plan).await)
                });
                (in_time(deadline, &meter, served).await?, intake.bytes())
            }
            Decision::Proxy(plan) => {
                // The upload takes the body along; what templates may look at stays.
                let upload = intake.upload();
                let body = intake.bytes();
                let passed = self.proxy(request, plan, upload, &meter, record, deadline);
                ((Box::pin(passed).await?, Forms::Open), body)
            }
        };
        decide::transform_response(
            bundle,
            found,
            request,
            body.as_deref(),
            &self.environment,
            response.headers_mut(),
        );
        let compressing = self.compressing(Some(found.route), request);
        Ok(compressing.apply(response, forms))
    }

    /// How the answer to a request is compressed, on the route that took it.
    pub(super) fn compressing<'e>(
        &'e self,
        route: Option<u32>,
        request: &Request<'e>,
    ) -> Compressing<'e> {
        let bundle = &self.snapshot.bundle;
        Compressing {
            compression: match route {
                Some(route) => compression::of_route(bundle, route),
                None => compression::of_gateway(bundle),
            },
            method: request.method,
            asked: request.headers,
        }
    }

    /// An answer that was made ready. HTTP/1.1 copies its head; HTTP/2 compresses its headers itself.
    fn made_ready(&self, ready: &Ready, route: u32, form: Form) -> Response<Download> {
        let ready = ready.form(form);
        // Headers that the gateway adds to, or leaves to the answer, must be there to be looked at.
        if ready.overlaps || self.connection.activity.is_http2() {
            return own(ready.status, ready.headers.clone(), ready.body.clone());
        }
        let body = Download::Ready(ReadyAnswer::new(Rc::clone(self.view), route, form));
        let mut response = Response::new(body);
        *response.status_mut() = ready.status;
        response
    }

    async fn disk(&self, request: &Request<'_>, plan: DiskPlan<'_>) -> (Response<Download>, Forms) {
        match disk::answer(&self.snapshot.root, &plan, request).await {
            disk::Answer::File(response) => (response.map(Download::Disk), Forms::Open),
            disk::Answer::Redirect(response) => {
                (response.map(|()| Download::Empty), Forms::Settled)
            }
            disk::Answer::Failed(status, headers) => {
                let (mut response, forms) = self.error(status, Some(request));
                response.headers_mut().extend(headers);
                (response, forms)
            }
        }
    }

    async fn proxy(
        &self,
        request: &Request<'_>,
        plan: ProxyPlan<'_>,
        body: proxy::Upload,
        meter: &Meter,
        record: &mut Record,
        deadline: Option<Instant>,
    ) -> Result<Response<Download>, Refusal> {
        let lost = || Refusal::plain(StatusCode::BAD_GATEWAY);
        let settings = self
            .snapshot
            .upstreams
            .get(plan.upstream as usize)
            .ok_or_else(lost)?;
        let upstream = self.view.upstream(plan.upstream).ok_or_else(lost)?;
        let mut headers = match plan.headers {
            Some(changed) => Cow::Owned(changed),
            None => Cow::Borrowed(request.headers),
        };
        self.keep_to_itself(record.route, &mut headers);
        let origin = Origin {
            client: self.connection.client,
            client_text: self.connection.client_text(),
            authority: request.authority,
            scheme: request.scheme,
            version: request.version,
            taken: self.taken,
        };
        let begun = Instant::now();
        let tried = Tried::default();
        let passed = proxy::pass(Passage {
            settings,
            upstream,
            method: request.method.clone(),
            target: plan.path_and_query,
            host: plan.host,
            headers,
            origin,
            body,
            overdue: Overdue {
                meter,
                patience: bound(plan.timeout_ms),
                deadline,
            },
            tried: &tried,
        })
        .await;
        record.upstream = Some((plan.upstream, begun.elapsed()));
        match (passed, meter.fault()) {
            (Ok(response), _) => Ok(response.map(|relay| Download::Upstream(Box::new(relay)))),
            // The client's own body was at fault, not the server.
            (Err(_), Some(fault)) => Err(fault.into()),
            (Err(Failure::Timeout), None) if meter.is_awaited() => Err(Refusal::late(meter)),
            (Err(failure), None) => {
                if self
                    .connection
                    .worker
                    .shared
                    .failures
                    .admits(&settings.name)
                {
                    let server = tried.server().and_then(|index| upstream.pools.get(index));
                    tracing::warn!(
                        upstream = settings.name,
                        server = server.map_or_else(|| "-".to_owned(), |pool| pool.name()),
                        reason = tried.why(&failure),
                        status = failure.status().as_u16(),
                        id = request.id,
                        route = record.route_name(),
                        "no answer from an upstream"
                    );
                }
                Err(Refusal::plain(failure.status()))
            }
        }
    }
}

/// A response of the engine's as it goes out, and its other forms.
pub(super) fn ready(response: decide::Response) -> (Response<Download>, Forms) {
    let forms = response.forms;
    (own(response.status, response.headers, response.body), forms)
}

fn own(status: StatusCode, headers: HeaderMap, body: Bytes) -> Response<Download> {
    let mut own = Response::new(Download::from(body));
    *own.status_mut() = status;
    *own.headers_mut() = headers;
    own
}
