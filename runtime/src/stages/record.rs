//! What is remembered of a request until its answer is out, and then counted and logged.

use std::borrow::Cow;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gated_engine::request::Request;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Uri};

use super::Meter;
use crate::log::access::{self, Line};
use crate::server::Connection;
use crate::snapshot::{AccessLog, View};

/// The status that stands in the log for a client that left before the answer.
const CLIENT_LEFT: u16 = 499;

/// A request and what became of it. Dropping it writes it down, so nothing is ever forgotten: not a
/// request that panicked, and not one whose client went away.
pub(crate) struct Record {
    connection: Rc<Connection>,
    view: Rc<View>,
    meter: Rc<Meter>,
    method: Method,
    path: Path,
    /// When its headers were read.
    pub(super) started: Instant,
    /// Its id.
    pub(super) id: Option<HeaderValue>,
    /// The route that took it.
    pub(super) route: Option<u32>,
    /// The status; 0 until there is one.
    pub(super) status: u16,
    /// The upstream it was passed on to, and how long its answer's headers took.
    pub(super) upstream: Option<(u32, Duration)>,
    /// Bytes of the body sent.
    pub(super) sent: u64,
    /// Whether the body is out.
    pub(super) complete: bool,
    /// Whether the answer is a 5xx of the gateway's own.
    pub(super) failed: bool,
}

enum Path {
    /// There was none that could be read.
    None,
    /// As it was sent, which mostly is its normal form.
    Sent(Uri),
    Normal(String),
}

impl Record {
    pub(super) fn begin(
        connection: Rc<Connection>,
        view: Rc<View>,
        parts: &Parts,
        meter: Rc<Meter>,
    ) -> Box<Self> {
        let path = Path::Sent(parts.uri.clone());
        Self::of(connection, view, parts.method.clone(), path, meter)
    }

    /// Of something that was no request.
    pub(super) fn refused(
        connection: Rc<Connection>,
        view: Rc<View>,
        meter: Rc<Meter>,
    ) -> Box<Self> {
        Self::of(connection, view, Method::GET, Path::None, meter)
    }

    fn of(
        connection: Rc<Connection>,
        view: Rc<View>,
        method: Method,
        path: Path,
        meter: Rc<Meter>,
    ) -> Box<Self> {
        connection.activity.begin();
        connection.worker.counters.requests_begun.add(1);
        Box::new(Self {
            connection,
            view,
            method,
            path,
            started: meter.progress(),
            meter,
            id: None,
            route: None,
            status: 0,
            upstream: None,
            sent: 0,
            complete: false,
            failed: false,
        })
    }

    /// Remembers the normal form of the path.
    pub(super) fn normal(&mut self, request: &Request<'_>) {
        if let Cow::Owned(path) = &request.path {
            self.path = Path::Normal(path.clone());
        }
    }

    /// Whether only the head of an answer is asked for.
    pub(super) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// The id, for messages.
    pub(super) fn id_text(&self) -> &str {
        self.id
            .as_ref()
            .and_then(|id| id.to_str().ok())
            .unwrap_or("")
    }

    /// The header that tells the client its request's id.
    pub(super) fn id_line(&self) -> Option<(&HeaderName, &HeaderValue)> {
        let name = &self.view.snapshot()?.settings.request_id;
        Some((name, self.id.as_ref()?))
    }

    /// The name of the route, for messages; `-`: none.
    pub(super) fn route_name(&self) -> &str {
        self.route
            .and_then(|route| self.view.snapshot()?.route(route))
            .map_or("-", |route| route.name.as_str())
    }

    /// Tells that an answer broke off under way.
    pub(super) fn tell_broken(&self, error: &dyn std::fmt::Display) {
        let snapshot = self.view.snapshot();
        let upstream = self
            .upstream
            .and_then(|(index, _)| snapshot?.upstreams.get(index as usize))
            .map_or("-", |upstream| upstream.name.as_str());
        if self.connection.worker.shared.failures.admits(upstream) {
            tracing::warn!(
                upstream,
                reason = %error,
                id = self.id_text(),
                route = self.route_name(),
                "a response broke off"
            );
        }
    }

    fn final_status(&self) -> u16 {
        match self.status {
            0 if std::thread::panicking() => 500,
            0 => CLIENT_LEFT,
            status => status,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.started);
        let status = self.final_status();
        let worker = &self.connection.worker;
        self.connection.activity.end(now);
        if status == CLIENT_LEFT && self.status == 0 {
            self.connection.activity.give_up();
        }
        worker.counters.requests_ended.add(1);
        worker.counters.bytes_in.add(self.meter.bytes());
        worker.counters.bytes_out.add(self.sent);
        self.view
            .counters(worker, self.route)
            .unwrap_or(&worker.counters.unmatched)
            .record(status, took);
        let Some(snapshot) = self.view.snapshot() else {
            return;
        };
        match snapshot.settings.access {
            AccessLog::Off => return,
            AccessLog::Errors if status < 400 => return,
            _ => {}
        }
        let upstream = self.upstream.and_then(|(index, took)| {
            Some((snapshot.upstreams.get(index as usize)?.name.as_str(), took))
        });
        let line = Line {
            id: self.id_text(),
            client: self.connection.client,
            method: match &self.path {
                Path::None => "-",
                _ => self.method.as_str(),
            },
            path: match &self.path {
                Path::Sent(uri) => uri.path(),
                Path::Normal(path) => path,
                Path::None => "-",
            },
            route: self.route_name(),
            status,
            bytes_in: self.meter.bytes(),
            bytes_out: self.sent,
            took,
            upstream,
            complete: self.complete,
            failed: self.failed || (self.status == 0 && status == 500),
        };
        access::write(&worker.shared.sink, &line);
    }
}
