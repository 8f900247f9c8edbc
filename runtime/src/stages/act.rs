//! Does what was decided.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::Instant;

use gated_engine::decide::{self, Decision, DiskPlan, ProxyPlan, Ready};
use gated_engine::matcher::Found;
use gated_engine::request::Request;
use http::header::STRICT_TRANSPORT_SECURITY;
use http::{Method, Response, StatusCode};

use super::download::ReadyAnswer;
use super::intake::Intake;
use super::record::Record;
use super::{Download, Exchange, Meter, Refusal, in_time};
use crate::disk;
use crate::proxy::{self, Failure, Origin, Overdue, Passage, Tried};
use crate::snapshot::bound;

impl Exchange<'_> {
    /// Decides and acts.
    pub(super) async fn act(
        &self,
        request: &Request<'_>,
        found: Found<'_>,
        mut intake: Intake,
        record: &mut Record,
        deadline: Option<Instant>,
    ) -> Result<Response<Download>, Refusal> {
        let bundle = &self.snapshot.bundle;
        if let Some(ready) = bundle.ready(found.route)
            && intake.is_done()
            && *request.method != Method::HEAD
        {
            return Ok(self.made_ready(ready, found.route));
        }
        let decision = decide::decide(bundle, &found, request, intake.body(), &self.environment);
        let meter = Rc::clone(intake.meter());
        let (mut response, body) = match decision {
            Decision::Respond(response) => {
                if !intake.is_done() {
                    in_time(deadline, &meter, intake.drain()).await?;
                }
                return Ok(ready(response));
            }
            Decision::Disk(plan) => {
                // Boxed, as is passing on: kept in place, what most requests never do would make
                // every connection larger.
                let served = Box::pin(async {
                    intake.drain().await?;
                    self.disk(request, plan).await
                });
                (in_time(deadline, &meter, served).await?, intake.bytes())
            }
            Decision::Proxy(plan) => {
                // The upload takes the body along; what templates may look at stays.
                let upload = intake.upload();
                let body = intake.bytes();
                let passed = self.proxy(request, plan, upload, &meter, record, deadline);
                (Box::pin(passed).await?, body)
            }
        };
        decide::transform_response(
            bundle,
            &found,
            request,
            body.as_deref(),
            &self.environment,
            response.headers_mut(),
        );
        Ok(response)
    }

    /// An answer that was made ready. HTTP/1.1 copies its lines; HTTP/2 compresses its headers itself.
    fn made_ready(&self, ready: &Ready, route: u32) -> Response<Download> {
        // Headers that the gateway adds to, or leaves to the answer, must be there to be looked at.
        let lines_serve = !self.connection.activity.is_http2()
            && !ready.headers.contains_key(STRICT_TRANSPORT_SECURITY)
            && !ready
                .headers
                .contains_key(&self.snapshot.settings.request_id);
        if !lines_serve {
            return self::ready(decide::Response {
                status: ready.status,
                headers: ready.headers.clone(),
                body: ready.body.clone(),
            });
        }
        let body = Download::Ready(ReadyAnswer::new(Rc::clone(self.view), route));
        let mut response = Response::new(body);
        *response.status_mut() = ready.status;
        response
    }

    async fn disk(
        &self,
        request: &Request<'_>,
        plan: DiskPlan<'_>,
    ) -> Result<Response<Download>, Refusal> {
        match disk::answer(&self.snapshot.root, &plan, request).await {
            disk::Answer::File(response) => Ok(response.map(Download::Disk)),
            disk::Answer::Redirect(response) => Ok(response.map(|()| Download::Empty)),
            disk::Answer::Failed(status, headers) => {
                let mut response = self.error(status, Some(request));
                response.headers_mut().extend(headers);
                Ok(response)
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
        let headers = match plan.headers {
            Some(changed) => Cow::Owned(changed),
            None => Cow::Borrowed(request.headers),
        };
        let origin = Origin {
            client: self.connection.client,
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

/// A response of the engine's as it goes out.
pub(super) fn ready(response: decide::Response) -> Response<Download> {
    let mut ready = Response::new(Download::from(response.body));
    *ready.status_mut() = response.status;
    *ready.headers_mut() = response.headers;
    ready
}
