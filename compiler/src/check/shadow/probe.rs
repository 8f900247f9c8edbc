//! Asks the real matcher: a witness is only shown after the engine itself has said who takes it.

use std::cell::OnceCell;

use bytes::Bytes;
use gated_engine::bundle::{Bundle, Contents, encode};
use gated_engine::matcher::{Routing, build};
use gated_engine::program::{Action, Program, Redirect, Route, TextTest};
use gated_engine::request::Request;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::expressions::Regexes;
use super::facts::{Condition, Part};
use super::unit::Unit;
use crate::lower::Patterns;

/// The matcher of a spec, built when it is first asked.
pub(super) struct Probe<'p> {
    patterns: &'p Patterns,
    bundle: OnceCell<Option<Bundle>>,
}

/// A request made up to show something.
#[derive(Debug, Clone)]
pub(super) struct Witness {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

/// What the matcher says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// This route takes it.
    Route(u32),
    /// It depends on the body.
    NeedsBody,
    /// No route takes it.
    None,
}

impl<'p> Probe<'p> {
    pub(super) fn new(patterns: &'p Patterns) -> Self {
        Self {
            patterns,
            bundle: OnceCell::new(),
        }
    }

    /// Who takes a request.
    pub(super) fn ask(&self, witness: &Witness) -> Option<Answer> {
        let request = witness.request()?;
        Some(match self.bundle()?.route(&request, None) {
            Routing::Found(found) => Answer::Route(found.route),
            Routing::NeedsBody => Answer::NeedsBody,
            Routing::NotFound => Answer::None,
        })
    }

    /// Whether a request with this path and all that a unit asks for reaches its route.
    pub(super) fn reaches(&self, unit: &Unit<'p>, path: &str, regexes: &Regexes<'_>) -> bool {
        let witness = Witness::of(unit, path, regexes);
        witness.and_then(|witness| self.ask(&witness)) == Some(Answer::Route(unit.route()))
    }

    /// Whether a request with this path and all that a unit asks for is taken by its very `match`.
    pub(super) fn reaches_match(&self, unit: &Unit<'p>, path: &str, regexes: &Regexes<'_>) -> bool {
        let route = unit.route();
        let taken = || {
            let witness = Witness::of(unit, path, regexes)?;
            let request = witness.request()?;
            match self.bundle()?.route(&request, None) {
                Routing::Found(found) => {
                    let own = found.matched.ordinal == unit.pattern.matched.ordinal;
                    Some(found.route == route && own)
                }
                _ => None,
            }
        };
        taken() == Some(true)
    }

    fn bundle(&self) -> Option<&Bundle> {
        self.bundle.get_or_init(|| self.build()).as_ref()
    }

    fn build(&self) -> Option<Bundle> {
        let routes = self
            .patterns
            .patterns
            .iter()
            .map(|pattern| pattern.matched.route + 1)
            .max()
            .unwrap_or(0);
        let route = |index: u32| Route {
            name: index.to_string(),
            guard: None,
            limits: None,
            session: None,
            action: Action::Redirect(Box::new(Redirect {
                status: 307,
                to: gated_engine::program::Template::default(),
            })),
            request: None,
            response: None,
            body_limit: None,
            timeout_ms: 0,
            compression: None,
        };
        let program = Program {
            routes: (0..routes).map(route).collect(),
            matcher: build(self.patterns.patterns.clone()),
            patterns: self.patterns.regexes.clone(),
            schemas: self.patterns.schemas.clone(),
            ..Program::default()
        };
        let contents = Contents {
            program,
            ..Contents::default()
        };
        Bundle::load(Bytes::from(encode(&contents).ok()?)).ok()
    }
}

impl Witness {
    /// A request with this path and all that a unit asks for, as far as the body is not concerned.
    pub(super) fn of(unit: &Unit<'_>, path: &str, regexes: &Regexes<'_>) -> Option<Self> {
        let mut headers = HeaderMap::new();
        let mut query = Vec::new();
        let mut cookies = Vec::new();
        headers.insert(
            http::header::HOST,
            HeaderValue::from_str(&host(unit.host)).ok()?,
        );
        for condition in &unit.conditions {
            let Condition::Named(part, condition) = condition else {
                continue;
            };
            if condition.tests.contains(&TextTest::Absent) {
                continue;
            }
            let value = regexes.value(&condition.tests, &[]).0?;
            let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            match part {
                Part::Header => {
                    let name = HeaderName::from_bytes(condition.name.as_bytes()).ok()?;
                    headers.append(name, HeaderValue::from_str(&value).ok()?);
                }
                Part::Query => {
                    query.push(format!("{}={}", encoded(&condition.name), encoded(&value)))
                }
                Part::Cookie => cookies.push(format!("{}={value}", condition.name)),
            }
        }
        if !cookies.is_empty() {
            headers.insert(
                http::header::COOKIE,
                HeaderValue::from_str(&cookies.join("; ")).ok()?,
            );
        }
        let target = match query.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{}", query.join("&")),
        };
        Some(Self {
            method: Method::from_bytes(unit.methods.sample().as_bytes()).ok()?,
            uri: target.parse().ok()?,
            headers,
        })
    }

    fn request(&self) -> Option<Request<'_>> {
        let version = Version::HTTP_11;
        Request::normalise(&self.method, &self.uri, version, &self.headers, "http").ok()
    }

    /// Whether its path, as the matcher sees it, is this one.
    pub(super) fn has_path(&self, path: &str) -> bool {
        self.request().is_some_and(|request| request.path == path)
    }

    /// The request in one line.
    pub(super) fn line(&self) -> String {
        let mut line = format!("{} {}", self.method, self.uri);
        let host = self
            .headers
            .get(http::header::HOST)
            .and_then(|host| host.to_str().ok());
        let mut with: Vec<String> = Vec::new();
        with.extend(
            host.filter(|host| *host != ANY_HOST)
                .map(|host| format!("host {host}")),
        );
        for (name, value) in self
            .headers
            .iter()
            .filter(|(name, _)| *name != http::header::HOST)
        {
            with.push(format!("{name}: {}", value.to_str().unwrap_or("…")));
        }
        if !with.is_empty() {
            line.push_str(&format!(" ({})", with.join(", ")));
        }
        line
    }
}

const ANY_HOST: &str = "any.example";

/// A host that a pattern for `host` takes and no narrower one would.
fn host(host: &str) -> String {
    match host.strip_prefix("*.") {
        Some(suffix) => format!("zq-any.{suffix}"),
        None if host.is_empty() => ANY_HOST.to_owned(),
        None => host.to_owned(),
    }
}
