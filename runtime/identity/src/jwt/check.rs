//! What a token with a good signature must say: when, by whom, for whom, and who.

use gated_engine::principal::Principal;
use serde_json::{Map, Value};

use super::{JwtVerifier, Verified};
use crate::Denied;

impl JwtVerifier {
    pub(super) fn check(&self, token: &Map<String, Value>, now: i64) -> Result<Verified, Denied> {
        let until = self.check_times(token, now)?;
        self.check_issuer(token)?;
        self.check_audience(token)?;
        for (name, place) in &self.required {
            if place.find(token).is_none() {
                return Err(Denied::refused(format!("the claim `{name}` is missing")));
            }
        }
        let id = self
            .subject
            .find(token)
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty())
            .ok_or(Denied::refused("the token does not say who is asking"))?;
        Ok(Verified {
            principal: Principal {
                identity: self.identity,
                id: id.to_owned(),
                claims: self.claims.of_token(token)?,
            },
            until,
        })
    }

    /// Until when it is taken.
    fn check_times(&self, token: &Map<String, Value>, now: i64) -> Result<i64, Denied> {
        let expires = time(token, "exp")?.ok_or(Denied::refused("the token never expires"))?;
        let until = expires.saturating_add(self.leeway);
        if now >= until {
            return Err(Denied::refused("the token has expired"));
        }
        let soon = now.saturating_add(self.leeway);
        if time(token, "nbf")?.is_some_and(|from| from > soon) {
            return Err(Denied::refused("the token is not valid yet"));
        }
        if time(token, "iat")?.is_some_and(|made| made > soon) {
            return Err(Denied::refused("the token was issued in the future"));
        }
        Ok(until)
    }

    fn check_issuer(&self, token: &Map<String, Value>) -> Result<(), Denied> {
        let Some(issuer) = &self.issuer else {
            return Ok(());
        };
        match token.get("iss").and_then(Value::as_str) == Some(issuer) {
            true => Ok(()),
            false => Err(Denied::refused("the token is by another issuer")),
        }
    }

    fn check_audience(&self, token: &Map<String, Value>) -> Result<(), Denied> {
        if self.audience.is_empty() {
            return Ok(());
        }
        let meant = |one: &Value| {
            one.as_str()
                .is_some_and(|one| self.audience.iter().any(|taken| taken == one))
        };
        let fits = match token.get("aud") {
            Some(Value::Array(all)) => all.iter().any(meant),
            Some(one) => meant(one),
            None => false,
        };
        match fits {
            true => Ok(()),
            false => Err(Denied::refused("the token is for another audience")),
        }
    }
}

/// A time in milliseconds since 1970, from seconds with or without a fraction (RFC 7519, section 2).
fn time(token: &Map<String, Value>, name: &str) -> Result<Option<i64>, Denied> {
    /// The year 9999, in seconds: what lies beyond is as good as never.
    const LATEST: f64 = 253_402_300_799.0;
    let Some(value) = token.get(name) else {
        return Ok(None);
    };
    let seconds = value
        .as_f64()
        .filter(|seconds| seconds.is_finite())
        .ok_or_else(|| Denied::refused(format!("`{name}` of the token is no time")))?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded to what an i64 holds in the step before"
    )]
    Ok(Some((seconds.clamp(-LATEST, LATEST) * 1e3) as i64))
}
