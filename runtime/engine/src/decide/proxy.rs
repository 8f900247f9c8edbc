//! How a request is passed on: which path, which host, which headers.

use http::StatusCode;
use http::uri::PathAndQuery;

use crate::bundle::Bundle;
use crate::environment::Environment;
use crate::files::path::stripped;
use crate::program::{ArchivedProxy, ArchivedRoute, ArchivedTemplate};
use crate::request::{Request, decode_segment, normal_path};
use crate::template::{self, Context};

use super::{Decision, ProxyPlan, error_response, headers};

pub(super) fn plan<'b>(
    bundle: &'b Bundle,
    route: &'b ArchivedRoute,
    proxy: &'b ArchivedProxy,
    request: &Request<'_>,
    context: &Context<'_>,
    environment: &dyn Environment,
) -> Decision<'b> {
    let Some(path_and_query) = path_and_query(proxy, request, context) else {
        let status = StatusCode::BAD_REQUEST;
        let response = error_response(bundle, status, Some(request), environment);
        return Decision::Respond(response);
    };
    let headers = route.request.as_ref().map(|transform| {
        let mut headers = request.headers.clone();
        headers::transform(bundle, transform, context, &mut headers);
        headers
    });
    Decision::Proxy(ProxyPlan {
        upstream: proxy.upstream.to_native(),
        path_and_query,
        host: host(proxy, context),
        timeout_ms: timeout(bundle, proxy),
        headers,
        route,
    })
}

/// The path by template or without its first segments, and the request's query behind it. Nothing
/// where a value made a path that is none, or one that leads elsewhere.
fn path_and_query(
    proxy: &ArchivedProxy,
    request: &Request<'_>,
    context: &Context<'_>,
) -> Option<String> {
    let mut target = match proxy.path.as_ref() {
        Some(template) => rendered_path(template, context)?,
        None => match stripped(&request.path, usize::from(proxy.strip_segments.to_native())) {
            "" => "/".to_owned(),
            path => path.to_owned(),
        },
    };
    if let Some(query) = request.query {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(query);
    }
    PathAndQuery::try_from(target.as_str()).ok()?;
    Some(target)
}

/// Renders a path. Its values are escaped, but `..` as a value is a segment all the same and would
/// lead out of where the template points: such a path is none.
fn rendered_path(template: &ArchivedTemplate, context: &Context<'_>) -> Option<String> {
    let mut text = String::new();
    template::render(template, context, &mut text);
    if !text.starts_with('/') {
        text.insert(0, '/');
    }
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text.as_str(), None),
    };
    if path.split('/').any(is_dots) {
        return None;
    }
    let path = normal_path(path).ok()?;
    Some(match query {
        Some(query) => format!("{path}?{query}"),
        None => path.into_owned(),
    })
}

/// `.` or `..`, also in other spellings.
fn is_dots(segment: &str) -> bool {
    matches!(decode_segment(segment).as_ref(), "." | "..")
}

fn host(proxy: &ArchivedProxy, context: &Context<'_>) -> Option<String> {
    let mut host = String::new();
    template::render(proxy.host.as_ref()?, context, &mut host);
    (!host.is_empty()).then_some(host)
}

/// The route's own time, or the upstream's.
fn timeout(bundle: &Bundle, proxy: &ArchivedProxy) -> u64 {
    let upstream = usize::try_from(proxy.upstream.to_native())
        .ok()
        .and_then(|index| bundle.program().upstreams.get(index));
    match (proxy.timeout_ms.as_ref(), upstream) {
        (Some(own), _) => own.to_native(),
        (None, Some(upstream)) => upstream.request_timeout_ms.to_native(),
        (None, None) => 0,
    }
}
