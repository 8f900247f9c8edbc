//! How often may be asked: the limits of the route, all decided together. What answers tell of them is made
//! here too.

use std::fmt::Write;

use gated_engine::limits::{self, Asked};
use gated_engine::matcher::Found;
use gated_engine::request::Request;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Exchange, Refusal};
use crate::state::{LimitSettings, Ruling, seconds_up};

/// The limits that hold (RateLimit header fields for HTTP, draft 10).
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of them.
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// For how long a client is told to stay away while the store is.
const AWAY_SECONDS: u16 = 1;

impl Exchange<'_> {
    /// Whether a route has limits.
    pub(super) fn is_limited(&self, route: u32) -> bool {
        self.snapshot.bundle.limit_set(route).is_some()
    }

    /// Refuses a request that is known to be refused whoever asks, before anything is spent on finding out
    /// who does.
    pub(super) fn bar(&self, request: &Request<'_>, found: &Found<'_>) -> Result<(), Refusal> {
        let asked = self.asked(request, found, true);
        let limits = &self.snapshot.limits;
        match self.snapshot.limiter.is_barred(limits, &asked) {
            Some(ruling) => Err(self.limited(&asked, &ruling)),
            None => Ok(()),
        }
    }

    /// Takes from the limits of the route, and tells what answers say of them. Of a request that is not let
    /// in only those limits count that do not depend on who asks.
    ///
    /// # Errors
    /// 429 with the time to wait, or 503 if the store is away and a limit lets nobody in then.
    pub(super) async fn limit(
        &self,
        request: &Request<'_>,
        found: &Found<'_>,
        admitted: bool,
    ) -> Result<Option<Box<HeaderMap>>, Refusal> {
        let asked = self.asked(request, found, !admitted);
        if asked.is_empty() {
            return Ok(None);
        }
        let ruling = self
            .snapshot
            .limiter
            .take(&self.snapshot.limits, &asked)
            .await;
        if ruling.refuses() {
            return Err(self.limited(&asked, &ruling));
        }
        let headers = self.told(&asked, &ruling);
        Ok((!headers.is_empty()).then(|| Box::new(headers)))
    }

    fn asked(&self, request: &Request<'_>, found: &Found<'_>, before_identity: bool) -> Vec<Asked> {
        limits::asked(
            &self.snapshot.bundle,
            found,
            request,
            self.connection.client,
            &self.environment,
            before_identity,
        )
    }

    fn limited(&self, asked: &[Asked], ruling: &Ruling) -> Refusal {
        let mut headers = self.told(asked, ruling);
        let Ruling::Known(standings) = ruling else {
            headers.insert(RETRY_AFTER, AWAY_SECONDS.into());
            return Refusal::plain(StatusCode::SERVICE_UNAVAILABLE).with(headers);
        };
        let waits = standings.iter().flatten().filter(|one| one.refuses);
        // A cost that no bucket ever holds is no matter of waiting.
        let wait = waits
            .map(|one| one.wait)
            .max()
            .filter(|wait| *wait != i64::MAX);
        if let Some(wait) = wait {
            headers.insert(RETRY_AFTER, seconds_up(wait).max(1).into());
        }
        Refusal::plain(StatusCode::TOO_MANY_REQUESTS).with(headers)
    }

    /// `RateLimit-Policy` and `RateLimit` of all limits that tell of themselves.
    fn told(&self, asked: &[Asked], ruling: &Ruling) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Ruling::Known(standings) = ruling else {
            return headers;
        };
        let (mut policy, mut left) = (String::new(), String::new());
        for (asked, standing) in asked.iter().zip(standings) {
            let limit = self.snapshot.limits.get(asked.limit as usize);
            let Some(limit) = limit.filter(|limit| limit.headers) else {
                continue;
            };
            push(&mut policy, &limit.policy);
            if let Some(standing) = standing {
                let full_in = seconds_up(standing.full_in);
                separate(&mut left);
                let name = LimitSettings::policy_name(&limit.policy);
                let _ = write!(left, "{name};r={};t={full_in}", standing.left);
            }
        }
        for (name, text) in [(POLICY, policy), (LEFT, left)] {
            if let Ok(value) = HeaderValue::try_from(text)
                && !value.is_empty()
            {
                headers.insert(name, value);
            }
        }
        headers
    }
}

fn push(list: &mut String, item: &str) {
    separate(list);
    list.push_str(item);
}

fn separate(list: &mut String) {
    if !list.is_empty() {
        list.push_str(", ");
    }
}
