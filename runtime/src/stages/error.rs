//! Answers to what went wrong: the spec's error page, or the plain reason phrase; and, in development
//! mode, which routes came nearest to an unmatched request.

use gated_engine::decide::Forms;
use gated_engine::matcher::NearMiss;
use gated_engine::request::Request;
use http::header::{ACCEPT, CONNECTION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::{Download, Exchange, Meter};

/// How many routes are told.
const NEAREST: usize = 3;

/// Why a request is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status.
    pub(crate) status: StatusCode,
    /// Whether the connection can be used no further, because not all of the request was read.
    pub(crate) close: bool,
    /// Headers of the answer.
    pub(crate) headers: Option<Box<HeaderMap>>,
}

impl Refusal {
    /// The connection goes on.
    pub(crate) fn plain(status: StatusCode) -> Self {
        Self {
            status,
            close: false,
            headers: None,
        }
    }

    /// The time is over: 408 if the client's body is waited for, or else 504.
    pub(super) fn late(meter: &Meter) -> Self {
        if meter.is_awaited() {
            Self::closing(StatusCode::REQUEST_TIMEOUT)
        } else {
            Self::plain(StatusCode::GATEWAY_TIMEOUT)
        }
    }

    /// The connection is closed after the answer.
    pub(crate) fn closing(status: StatusCode) -> Self {
        Self {
            status,
            close: true,
            headers: None,
        }
    }

    /// The same with these headers.
    pub(crate) fn with(self, headers: HeaderMap) -> Self {
        Self {
            headers: Some(Box::new(headers)),
            ..self
        }
    }
}

/// An answer that needs no bundle.
pub(super) fn bare(status: StatusCode) -> Response<Download> {
    let reason = status.canonical_reason().unwrap_or("error");
    let mut response = Response::new(Download::from(format!("{reason}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    marked(response)
}

/// Stands with an answer that tells of a failure of the gateway's own, or of what is behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed;

/// Marks an answer of the gateway's own that tells of a failure.
fn marked(mut response: Response<Download>) -> Response<Download> {
    if response.status().is_server_error() {
        response.extensions_mut().insert(Failed);
    }
    response
}

impl Exchange<'_> {
    /// The answer to a refused request that no route took.
    pub(super) fn refuse(
        &self,
        refusal: &Refusal,
        request: Option<&Request<'_>>,
    ) -> Response<Download> {
        self.refuse_on(None, refusal, request)
    }

    /// The answer to a refused request, and the route that took it.
    pub(super) fn refuse_on(
        &self,
        route: Option<u32>,
        refusal: &Refusal,
        request: Option<&Request<'_>>,
    ) -> Response<Download> {
        let (page, forms) = self.error(refusal.status, request);
        let mut response = match request {
            Some(request) => self.compressing(route, request).apply(page, forms),
            None => page,
        };
        if let Some(headers) = &refusal.headers {
            response.headers_mut().extend(headers.as_ref().clone());
        }
        if refusal.close {
            self.connection.activity.refuse();
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The error page, and the forms that were made of it with the bundle.
    pub(super) fn error(
        &self,
        status: StatusCode,
        request: Option<&Request<'_>>,
    ) -> (Response<Download>, Forms) {
        let page = gated_engine::decide::error_response(
            &self.snapshot.bundle,
            status,
            request,
            &self.environment,
        );
        let (response, forms) = super::act::ready(page);
        (marked(response), forms)
    }

    /// The answer where no route takes the request.
    pub(super) fn unmatched(
        &self,
        request: &Request<'_>,
        body: Option<&[u8]>,
    ) -> Response<Download> {
        let (response, forms) = self.nowhere(request, body);
        self.compressing(None, request).apply(response, forms)
    }

    fn nowhere(&self, request: &Request<'_>, body: Option<&[u8]>) -> (Response<Download>, Forms) {
        if !self.snapshot.settings.development {
            return self.error(StatusCode::NOT_FOUND, Some(request));
        }
        let nearest = self.snapshot.bundle.nearest(request, body, NEAREST);
        let told: Vec<Near<'_>> = nearest.iter().map(|miss| self.tell(miss)).collect();
        tracing::info!(method = %request.method, path = %request.path, id = request.id, "no route takes the request; {}", one_line(&told));
        // What the spec itself says is what clients will see; `gatec test` says the same.
        let status = StatusCode::NOT_FOUND;
        if gated_engine::decide::has_error_page(&self.snapshot.bundle, status) {
            return self.error(status, Some(request));
        }
        let text = as_text(request, &told);
        let wants_json = request
            .headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("json"));
        let (media_type, content) = if wants_json {
            ("application/json", as_json(request, &told))
        } else {
            ("text/plain; charset=utf-8", text)
        };
        let mut response = Response::new(Download::from(content));
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        (response, Forms::Open)
    }

    fn tell<'m>(&'m self, miss: &'m NearMiss) -> Near<'m> {
        Near {
            route: self
                .snapshot
                .route(miss.route)
                .map_or("", |route| route.name.as_str()),
            place: self.snapshot.place(miss.route),
            differences: &miss.differences,
        }
    }
}

/// A route that nearly took a request.
struct Near<'m> {
    route: &'m str,
    place: Option<String>,
    differences: &'m [String],
}

fn as_text(request: &Request<'_>, nearest: &[Near<'_>]) -> String {
    let mut text = format!("no route takes `{} {}`\n", request.method, request.path);
    if nearest.is_empty() {
        text.push_str("the gateway has no routes\n");
    } else {
        text.push_str("\nthe nearest routes:\n");
    }
    for near in nearest {
        let place = near
            .place
            .as_ref()
            .map(|place| format!(" ({place})"))
            .unwrap_or_default();
        text.push_str(&format!("  `{}`{place}\n", near.route));
        for difference in near.differences {
            text.push_str(&format!("    - {difference}\n"));
        }
    }
    text
}

fn as_json(request: &Request<'_>, nearest: &[Near<'_>]) -> String {
    let nearest: Vec<_> = nearest
        .iter()
        .map(|near| {
            serde_json::json!({
                "route": near.route,
                "place": near.place,
                "differences": near.differences,
            })
        })
        .collect();
    let answer = serde_json::json!({
        "error": "no route takes the request",
        "method": request.method.as_str(),
        "path": request.path,
        "nearest": nearest,
    });
    format!("{answer}\n")
}

fn one_line(nearest: &[Near<'_>]) -> String {
    let routes: Vec<String> = nearest
        .iter()
        .map(|near| format!("`{}`: {}", near.route, near.differences.join(", ")))
        .collect();
    if routes.is_empty() {
        "the gateway has no routes".to_owned()
    } else {
        format!("nearest: {}", routes.join("; "))
    }
}
