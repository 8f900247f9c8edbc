//! What conditions ask about: the request and who made it, in the normal form that the matcher saw.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::matcher::Found;
use crate::principal::{ClaimValue, Ip, Principal};
use crate::program::{ArchivedClaimKind, ArchivedFact, ArchivedIdentity};
use crate::request::{Request, decode_segment, query_pairs};
use crate::session::SessionValue;

use super::value::Value;

/// A header or a query parameter that is there several times: which one an upstream goes by is not
/// known, so nothing is decided by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear;

/// Where conditions find what they ask about.
pub trait Facts {
    /// A fact; `None`: there is none.
    ///
    /// # Errors
    /// [`Unclear`], where there is more than one.
    fn fact(&self, fact: &ArchivedFact) -> Result<Option<Value<'_>>, Unclear>;

    /// Whether who asks has a role.
    fn has_role(&self, role: &str) -> bool;

    /// The id of who asks.
    fn principal(&self) -> &str;
}

/// A request, and who made it.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// The identity that proved it.
    pub identity: &'a ArchivedIdentity,
    /// The request.
    pub request: &'a Request<'a>,
    /// The route that takes it, and what its path captured.
    pub found: &'a Found<'a>,
    /// The client's address.
    pub client: IpAddr,
    /// The present time.
    pub now: SystemTime,
}

impl Facts for Question<'_> {
    fn fact(&self, fact: &ArchivedFact) -> Result<Option<Value<'_>>, Unclear> {
        Ok(match fact {
            ArchivedFact::Principal => Some(Value::Text(self.principal.id.as_str().into())),
            ArchivedFact::Claim(index) => self
                .principal
                .claims
                .get(index.to_native() as usize)
                .and_then(Option::as_ref)
                .map(Value::from),
            ArchivedFact::Parameter(name, kind) => self.parameter(name, *kind)?,
            ArchivedFact::Method => Some(Value::Text(self.request.method.as_str().into())),
            ArchivedFact::Host => Some(Value::Text(self.request.host.as_ref().into())),
            ArchivedFact::Path => Some(Value::Text(self.request.path.as_ref().into())),
            ArchivedFact::Client => Some(Value::Ip(Ip::from(self.client.to_canonical()))),
            ArchivedFact::Time => Some(Value::Datetime(millis(self.now))),
            ArchivedFact::Secure => Some(Value::Bool(self.request.scheme == "https")),
            ArchivedFact::Header(name) => self.header(name)?,
            ArchivedFact::Query(name) => self.query(name)?,
            ArchivedFact::Session(name, kind) => self.session(name, *kind),
        })
    }

    fn has_role(&self, role: &str) -> bool {
        let claims = self.identity.claims.iter().zip(&self.principal.claims);
        claims
            .filter(|(claim, _)| claim.role)
            .any(|(_, value)| match value {
                Some(ClaimValue::Text(text)) => text == role,
                Some(ClaimValue::Texts(items)) => items
                    .binary_search_by(|item| item.as_str().cmp(role))
                    .is_ok(),
                _ => false,
            })
    }

    fn principal(&self) -> &str {
        &self.principal.id
    }
}

impl Question<'_> {
    fn parameter(&self, name: &str, kind: ArchivedClaimKind) -> Result<Option<Value<'_>>, Unclear> {
        let Some(raw) = self.found.capture(self.request, name) else {
            return Ok(None);
        };
        Ok(match kind {
            ArchivedClaimKind::Long => raw.parse().ok().map(Value::Long),
            ArchivedClaimKind::Datetime => raw
                .parse::<jiff::civil::Date>()
                .ok()
                .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok())
                .map(|moment| Value::Datetime(moment.timestamp().as_millisecond())),
            _ => Some(Value::Text(clear(decode_segment(raw))?)),
        })
    }

    /// A value of the session. The name is looked up in the session of the route.
    fn session(&self, name: &str, kind: ArchivedClaimKind) -> Option<Value<'_>> {
        let value = self.request.session?.named(name)?;
        match (kind, value) {
            (ArchivedClaimKind::Long, SessionValue::Long(number)) => Some(Value::Long(*number)),
            (ArchivedClaimKind::Bool, SessionValue::Bool(yes)) => Some(Value::Bool(*yes)),
            (ArchivedClaimKind::Text, SessionValue::Text(text)) => {
                Some(Value::Text(text.as_str().into()))
            }
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Result<Option<Value<'_>>, Unclear> {
        let mut values = self.request.headers.get_all(name).iter();
        let first = values.next();
        if values.next().is_some() {
            return Err(Unclear);
        }
        // Bytes that are no UTF-8 would look alike in the text that replaces them.
        let text = first.map(|value| std::str::from_utf8(value.as_bytes()).map_err(|_| Unclear));
        Ok(text.transpose()?.map(|text| Value::Text(text.into())))
    }

    fn query(&self, name: &str) -> Result<Option<Value<'_>>, Unclear> {
        let Some(query) = self.request.query else {
            return Ok(None);
        };
        let mut values = query_pairs(query).filter(|(key, _)| key.as_ref() as &str == name);
        let first = values.next();
        match values.next() {
            Some(_) => Err(Unclear),
            None => first
                .map(|(_, value)| clear(value).map(Value::Text))
                .transpose(),
        }
    }
}

/// Text as it was encoded. Bytes that are no UTF-8 all become one mark, by which different values would look
/// alike.
fn clear(text: Cow<'_, str>) -> Result<Cow<'_, str>, Unclear> {
    match text.contains(char::REPLACEMENT_CHARACTER) {
        true => Err(Unclear),
        false => Ok(text),
    }
}

fn millis(now: SystemTime) -> i64 {
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis)
        }
    }
}
