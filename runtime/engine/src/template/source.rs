//! Finds the value that an expression begins with.

use std::borrow::Cow;

use http::HeaderMap;
use jiff::Timestamp;

use crate::program::{ArchivedExpression, ArchivedFake, ArchivedValueSource, Escape};
use crate::request::{Request, cookies, decode_segment, query_pairs};
use crate::session::SessionValue;

use super::value::Value;
use super::{Context, fake};

pub(super) fn value<'v>(source: &'v ArchivedValueSource, context: &'v Context<'_>) -> Value<'v> {
    use ArchivedValueSource as Source;
    match source {
        Source::Body => context.body.map_or(Value::Missing, Value::Body),
        Source::BodyJson(path) => body_json(path, context),
        Source::Now => now(context),
        Source::Random(first, last) => Value::Whole(between(
            first.to_native(),
            last.to_native(),
            context.environment.random(),
        )),
        Source::Counter(name) => Value::Whole(context.environment.count(name).into()),
        Source::Fake(ArchivedFake::Boolean) => {
            Value::Written(fake::value(&ArchivedFake::Boolean, context.environment))
        }
        Source::ErrorStatus => context.error.map_or(Value::Missing, |status| {
            Value::Whole(status.as_u16().into())
        }),
        Source::Session(name) => session(name, context),
        text => Value::from_option(text_value(text, context)),
    }
}

/// The sources that give text.
fn text_value<'v>(
    source: &'v ArchivedValueSource,
    context: &'v Context<'_>,
) -> Option<Cow<'v, str>> {
    use ArchivedValueSource as Source;
    match source {
        Source::Path(name) => capture(name, context).map(decode_segment),
        Source::Query(name) => first(query_pairs(context.request?.query?), name),
        Source::Header(name) => header(context.request?.headers, name),
        Source::Cookie(name) => first(cookies(context.request?.headers), name).map(Cow::Borrowed),
        Source::BodyForm(name) => {
            let form = std::str::from_utf8(context.body?).ok()?;
            first(query_pairs(form), name)
        }
        Source::Method => Some(context.request?.method.as_str().into()),
        Source::Url => context.request.map(url),
        Source::Host => Some(context.request?.host.as_ref().into()),
        Source::PathText => Some(context.request?.path.as_ref().into()),
        Source::Claim(name) => claim(name, context),
        Source::Principal => Some(context.request?.principal?.id.as_str().into()),
        Source::RequestId => Some(context.request?.id.into()),
        Source::Uuid => Some(uuid(context).into()),
        Source::Fake(kind) => Some(fake::value(kind, context.environment)),
        Source::Secret(name) => context.environment.secret(name).map(Cow::Owned),
        Source::ErrorReason => Some(context.error?.canonical_reason()?.into()),
        _ => None,
    }
}

/// A path parameter that goes into a URL unchanged. It goes in as it stood in the request's path,
/// which is in normal form: decoding and encoding again could turn `%2F` into a separator.
pub(super) fn encoded_path<'v>(
    expression: &ArchivedExpression,
    escape: Escape,
    context: &'v Context<'_>,
) -> Option<&'v str> {
    match (&expression.source, escape) {
        (ArchivedValueSource::Path(name), Escape::Url) if expression.filters.is_empty() => {
            capture(name, context)
        }
        _ => None,
    }
}

fn capture<'v>(name: &str, context: &'v Context<'_>) -> Option<&'v str> {
    context.found?.capture(context.request?, name)
}

/// The first value of a name.
fn first<N: AsRef<str>, V>(pairs: impl Iterator<Item = (N, V)>, name: &str) -> Option<V> {
    pairs
        .into_iter()
        .find_map(|(key, value)| (key.as_ref() == name).then_some(value))
}

/// A claim of who asks, as text; of several values all, with commas between.
fn claim<'v>(name: &str, context: &'v Context<'_>) -> Option<Cow<'v, str>> {
    let principal = context.request?.principal?;
    let identities = &context.bundle.program().identities;
    let identity = identities.get(principal.identity as usize)?;
    let mut claims = identity.claims.iter().zip(&principal.claims);
    let (_, value) = claims.find(|(claim, _)| claim.name == name)?;
    Some(value.as_ref()?.shown())
}

/// A value of the session.
fn session<'v>(name: &str, context: &'v Context<'_>) -> Value<'v> {
    let session = context.request.and_then(|request| request.session);
    match session.and_then(|session| session.named(name)) {
        None => Value::Missing,
        Some(SessionValue::Long(number)) => Value::Whole((*number).into()),
        Some(SessionValue::Text(text)) => Value::from_option(Some(text.as_str().into())),
        Some(SessionValue::Bool(yes)) => Value::Written(if *yes { "true" } else { "false" }.into()),
    }
}

/// The first header of a name.
fn header<'v>(headers: &'v HeaderMap, name: &str) -> Option<Cow<'v, str>> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()))
}

fn url<'v>(request: &'v Request<'_>) -> Cow<'v, str> {
    match request.query {
        None => request.path.as_ref().into(),
        Some(query) => format!("{}?{query}", request.path).into(),
    }
}

fn body_json<'v>(path: &str, context: &'v Context<'_>) -> Value<'v> {
    let paths = context.bundle.json_paths();
    context
        .json()
        .and_then(|body| paths.first(path, body))
        .map_or(Value::Missing, Value::Json)
}

/// Whole seconds, because a test that looks at an answer twice wants to see the same text.
fn now(context: &Context<'_>) -> Value<'static> {
    Timestamp::try_from(context.environment.now())
        .and_then(|time| Timestamp::from_second(time.as_second()))
        .map_or(Value::Missing, Value::Time)
}

/// A number of a range (both ends included) from 64 random bits, by multiplication: every number is
/// as likely as another, to within one part in 2^64 divided by the range.
fn between(first: i64, last: i64, random: u64) -> i128 {
    let count = (i128::from(last) - i128::from(first)).max(0).unsigned_abs() + 1;
    let steps = if count > u128::from(u64::MAX) {
        u128::from(random)
    } else {
        (u128::from(random) * count) >> 64
    };
    i128::from(first) + i128::try_from(steps).unwrap_or(0)
}

/// A random UUID (RFC 9562, version 4).
fn uuid(context: &Context<'_>) -> String {
    let high = context.environment.random() & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = context.environment.random() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_number_lies_between_both_ends() {
        for (first, last) in [(1, 6), (0, 0), (-3, 3), (i64::MIN, i64::MAX), (5, i64::MAX)] {
            let lowest = between(first, last, 0);
            let highest = between(first, last, u64::MAX);
            assert_eq!(lowest, i128::from(first), "{first} to {last}");
            assert_eq!(highest, i128::from(last), "{first} to {last}");
        }
    }
}
