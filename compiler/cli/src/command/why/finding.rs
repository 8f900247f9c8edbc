//! What `gatec why` finds out: who takes a request, who else would, and who nearly does.

use std::cmp::Ordering;
use std::collections::HashMap;

use gatec_compiler::lower::Patterns;
use gatec_schema::{Match, Route};
use gated_engine::decide::{Decision, decide};
use gated_engine::matcher::{Found, NearMiss, Pattern, Routing, precedence};
use gated_engine::request::Request;
use http::StatusCode;

use super::words::{self, Decided};
use crate::simulate::{Call, Fixed};
use crate::spec::{Located, Served};

/// How many routes are told that nearly take a request that none takes.
const NEAREST: usize = 3;

/// Everything there is to tell.
pub(super) struct Finding {
    /// The request in its normal form: method, host, path.
    pub(super) request: (String, String, String),
    /// Why the request has no normal form, and is refused before any route is looked at.
    pub(super) refused: Option<String>,
    /// The route that takes it.
    pub(super) taker: Option<Taker>,
    /// Routes that fit as well, and what decided against them, the next in line first.
    pub(super) also: Vec<(Named, Option<Decided>)>,
    /// Routes that nearly fit, nearest first, and what differed.
    pub(super) nearest: Vec<(Named, Vec<String>)>,
    /// The route that was asked for.
    pub(super) asked: Option<Asked>,
}

/// A route, and where it was written.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) place: String,
    /// Which match, in words; empty where the spec is not at hand.
    pub(super) matched: String,
}

/// The route that was asked for, and what keeps it from taking the request.
pub(super) struct Asked {
    pub(super) route: Named,
    /// What differs, for each of its matches; nothing where one fits.
    pub(super) matches: Vec<(u16, Vec<String>)>,
}

/// The route that takes the request.
pub(super) struct Taker {
    pub(super) route: Named,
    /// Names and values of what the path captured.
    pub(super) captures: Vec<(String, String)>,
    /// Who may use it, in words; `None`: anybody.
    pub(super) guard: Option<String>,
    /// What happens, in words.
    pub(super) action: String,
}

/// Finds out.
pub(super) fn find(
    served: &Served,
    call: &Call,
    environment: &Fixed,
    asked: Option<&str>,
) -> Finding {
    match call.request() {
        Ok(request) => Search {
            served,
            at: served.located(),
            request: &request,
            body: call.body(),
            environment,
        }
        .find(asked),
        Err(refusal) => Finding {
            request: Default::default(),
            refused: Some(refusal.to_string()),
            taker: None,
            also: Vec::new(),
            nearest: Vec::new(),
            asked: None,
        },
    }
}

struct Search<'s> {
    served: &'s Served,
    at: Located<'s>,
    request: &'s Request<'s>,
    body: &'s [u8],
    environment: &'s Fixed,
}

impl Search<'_> {
    fn find(&self, asked: Option<&str>) -> Finding {
        let found = match self.served.bundle.route(self.request, Some(self.body)) {
            Routing::Found(found) => Some(found),
            Routing::NeedsBody | Routing::NotFound => None,
        };
        let nearest = self.nearest(if found.is_some() { 1 } else { NEAREST });
        let request = self.request;
        Finding {
            request: (
                request.method.to_string(),
                request.host.to_string(),
                request.path.to_string(),
            ),
            refused: None,
            taker: found.as_ref().map(|found| self.taker(found)),
            also: found
                .as_ref()
                .map(|found| self.also(found))
                .unwrap_or_default(),
            nearest: nearest
                .into_iter()
                .map(|miss| (self.named(miss.route, miss.ordinal), miss.differences))
                .collect(),
            asked: asked.and_then(|name| self.asked(name)),
        }
    }

    /// The routes that nearly fit. One of whose matches another fits is none of them.
    fn nearest(&self, count: usize) -> Vec<NearMiss> {
        let bundle = &self.served.bundle;
        let fitting = bundle.fitting(self.request, Some(self.body));
        let fits = |route: u32| fitting.iter().any(|(fitting, _)| *fitting == route);
        let matches = bundle.program().matcher.matches.iter();
        let theirs = matches
            .filter(|matched| fits(matched.route.to_native()))
            .count();
        let mut nearest =
            bundle.nearest(self.request, Some(self.body), count.saturating_add(theirs));
        nearest.retain(|miss| !fits(miss.route));
        nearest.truncate(count);
        nearest
    }

    fn taker(&self, found: &Found<'_>) -> Taker {
        Taker {
            route: self.named(found.route, found.matched.ordinal.to_native()),
            captures: self.captures(found),
            guard: self.guard(found),
            action: self.action(found),
        }
    }

    /// The identities that may ask, each with how many policies decide about it.
    fn guard(&self, found: &Found<'_>) -> Option<String> {
        let bundle = &self.served.bundle;
        let guard = bundle.guard(found.route)?;
        let arms = guard.arms.iter().filter_map(|arm| {
            let identity = bundle
                .program()
                .identities
                .get(arm.identity.to_native() as usize)?;
            let (permits, forbids) = (arm.permits.len(), arm.forbids.len());
            let policies = match (permits, forbids) {
                (0, _) => "no policy permits it".to_owned(),
                (1, 0) => "1 policy permits".to_owned(),
                (permits, 0) => format!("{permits} policies permit"),
                (permits, forbids) => format!("{permits} permit, {forbids} forbid"),
            };
            Some(format!("`{}` ({policies})", identity.name))
        });
        let arms: Vec<String> = arms.collect();
        Some(arms.join(", "))
    }

    fn captures(&self, found: &Found<'_>) -> Vec<(String, String)> {
        let names = found
            .matched
            .captures
            .iter()
            .map(|name| name.as_str())
            .filter(|name| !name.is_empty());
        names
            .filter_map(|name| {
                Some((
                    name.to_owned(),
                    found.capture(self.request, name)?.to_owned(),
                ))
            })
            .collect()
    }

    fn action(&self, found: &Found<'_>) -> String {
        match decide(
            &self.served.bundle,
            found,
            self.request,
            Some(self.body),
            self.environment,
        ) {
            Decision::Respond(response) => match response.headers.get(http::header::LOCATION) {
                Some(to) if response.status.is_redirection() => {
                    format!(
                        "redirects with {} to {}",
                        told(response.status),
                        String::from_utf8_lossy(to.as_bytes())
                    )
                }
                _ => format!(
                    "answers {} with {} bytes",
                    told(response.status),
                    response.body.len()
                ),
            },
            Decision::Proxy(plan) => {
                let upstream = self
                    .served
                    .bundle
                    .program()
                    .upstreams
                    .get(plan.upstream as usize);
                let name = upstream.map_or("", |upstream| upstream.name.as_str());
                format!(
                    "passes it on to upstream `{name}` as {} {}",
                    self.request.method, plan.path_and_query
                )
            }
            Decision::Disk(plan) => format!(
                "answers from the replica's disk: `{}` in `{}`",
                plan.path, plan.root
            ),
        }
    }

    /// The other routes that fit, in the order in which they would be taken.
    fn also(&self, found: &Found<'_>) -> Vec<(Named, Option<Decided>)> {
        let mut fitting = self.served.bundle.fitting(self.request, Some(self.body));
        let patterns = self.patterns();
        // Stable: where precedence says nothing, the order of declaration stays.
        fitting.sort_by(|one, two| match (patterns.get(one), patterns.get(two)) {
            (Some(one), Some(two)) => precedence(one, two),
            _ => Ordering::Equal,
        });
        let others = fitting
            .into_iter()
            .filter(|(route, _)| *route != found.route);
        let winner = (found.route, found.matched.ordinal.to_native());
        let mut told: Vec<u32> = Vec::new();
        let mut also = Vec::new();
        for other in others {
            if !told.contains(&other.0) {
                told.push(other.0);
                also.push((self.named(other.0, other.1), self.decided(winner, other)));
            }
        }
        also
    }

    /// The patterns of the spec, each narrowed to those of its hosts that take the request's.
    fn patterns(&self) -> HashMap<(u32, u16), Pattern> {
        let Some(compiled) = &self.served.compiled else {
            return HashMap::new();
        };
        let patterns = Patterns::of(&compiled.spec, &compiled.root)
            .patterns
            .into_iter();
        let keyed = patterns.map(|mut pattern| {
            pattern
                .hosts
                .retain(|host| words::takes_host(host, &self.request.host));
            ((pattern.matched.route, pattern.matched.ordinal), pattern)
        });
        keyed.collect()
    }

    fn decided(&self, winner: (u32, u16), other: (u32, u16)) -> Option<Decided> {
        let (any, no) = (Match::default(), Match::default());
        let (winner_route, winner_match) = self.written(winner)?;
        let (other_route, other_match) = self.written(other)?;
        let winner = (winner_route, winner_match.unwrap_or(&any));
        let other = (other_route, other_match.unwrap_or(&no));
        Some(words::decided(winner, other, &self.request.host))
    }

    /// A route and its match as they stand in the spec.
    fn written(&self, (route, ordinal): (u32, u16)) -> Option<(&Route, Option<&Match>)> {
        let route = self.served.spec.as_ref()?.routes.get(self.name(route))?;
        Some((route, route.matches.get(usize::from(ordinal))))
    }

    fn asked(&self, name: &str) -> Option<Asked> {
        let index = self
            .served
            .bundle
            .program()
            .routes
            .iter()
            .position(|route| route.name.as_str() == name)?;
        let index = u32::try_from(index).ok()?;
        let misses: Vec<NearMiss> =
            self.served
                .bundle
                .explain(self.request, Some(self.body), index);
        let matches = misses
            .into_iter()
            .map(|miss| (miss.ordinal, miss.differences))
            .collect();
        Some(Asked {
            route: self.named(index, u16::MAX),
            matches,
        })
    }

    fn name(&self, route: u32) -> &str {
        self.served
            .bundle
            .program()
            .routes
            .get(route as usize)
            .map_or("", |route| route.name.as_str())
    }

    fn named(&self, route: u32, ordinal: u16) -> Named {
        let name = self.name(route);
        let matched = match self.written((route, ordinal)) {
            Some((_, Some(matched))) => words::match_words(matched),
            Some((route, None)) if route.matches.is_empty() => "every request".to_owned(),
            _ => String::new(),
        };
        Named {
            name: name.to_owned(),
            place: self.at.place_of(&["routes", name]),
            matched,
        }
    }
}

fn told(status: StatusCode) -> String {
    status.to_string().replace(" <unknown status code>", "")
}
