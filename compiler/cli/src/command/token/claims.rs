//! What a token says: what the identity asks for, and what was given.

use gatec_schema::identity::{Claim, Jwt};
use gatec_schema::value::Duration;
use gatec_schema::{ClaimType, Identity};
use serde_json::{Map, Value};

use crate::CommandError;

/// The claims of a token that an identity takes.
pub(super) fn of(
    identity: &Identity,
    jwt: &Jwt,
    given: &[(String, String)],
    expires: Duration,
) -> Result<Map<String, Value>, CommandError> {
    let now = jiff::Timestamp::now().as_second();
    let lasts = i64::try_from(expires.get().as_secs()).unwrap_or(i64::MAX);
    let mut all = Map::new();
    if let Some(issuer) = &jwt.issuer {
        all.insert("iss".to_owned(), Value::from(issuer.as_str()));
    }
    if let Some(audience) = jwt.audience.first() {
        all.insert("aud".to_owned(), Value::from(audience.as_str()));
    }
    all.insert("iat".to_owned(), Value::from(now));
    all.insert("exp".to_owned(), Value::from(now.saturating_add(lasts)));
    for (name, text) in given {
        let declared = identity.claims.get(name);
        let place = declared.and_then(|claim| claim.from.as_deref());
        let value = match declared {
            Some(claim) => typed(name, claim, text)?,
            None => untyped(name, text),
        };
        put(&mut all, place.unwrap_or(name), value);
    }
    missing(identity, jwt, &all)?;
    Ok(all)
}

/// Puts a value at its place, whose levels have dots between. A name with `/` has no levels.
fn put(all: &mut Map<String, Value>, place: &str, value: Value) {
    match place.split_once('.') {
        Some((first, rest)) if !place.contains('/') => {
            let inner = all
                .entry(first.to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
        _ => {
            all.insert(place.to_owned(), value);
        }
    }
}

fn typed(name: &str, claim: &Claim, text: &str) -> Result<Value, CommandError> {
    let items = || {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
    };
    let wrong = |wanted: &str| CommandError::new(format!("`{name}={text}`: expected {wanted}"));
    Ok(match claim.kind {
        ClaimType::String | ClaimType::Ip | ClaimType::Decimal => Value::from(text),
        ClaimType::Long => {
            let number = text.parse::<i64>().map_err(|_| wrong("a whole number"))?;
            Value::from(number)
        }
        ClaimType::Bool => {
            let yes = text
                .parse::<bool>()
                .map_err(|_| wrong("`true` or `false`"))?;
            Value::from(yes)
        }
        ClaimType::Strings => items().map(Value::from).collect(),
        ClaimType::Longs => {
            let numbers = items().map(|item| item.parse::<i64>().map(Value::from));
            let numbers: Result<Vec<Value>, _> = numbers.collect();
            Value::from(numbers.map_err(|_| wrong("whole numbers with commas between"))?)
        }
        ClaimType::Datetime => match text.parse::<i64>() {
            Ok(seconds) => Value::from(seconds),
            Err(_) => {
                let time = text.parse::<jiff::Timestamp>();
                let time = time.map_err(|_| wrong("a time such as `2026-03-01T08:30:00Z`"))?;
                Value::from(time.as_second())
            }
        },
    })
}

/// Times are numbers, whatever else there is, is text.
fn untyped(name: &str, text: &str) -> Value {
    match (name, text.parse::<i64>()) {
        ("exp" | "nbf" | "iat", Ok(seconds)) => Value::from(seconds),
        _ => Value::from(text),
    }
}

/// Fails where the identity would not take the token for want of a claim.
fn missing(identity: &Identity, jwt: &Jwt, all: &Map<String, Value>) -> Result<(), CommandError> {
    let needed = identity.claims.iter().filter(|(_, claim)| !claim.optional);
    let needed = needed.map(|(name, claim)| (name.as_str(), claim.from.as_deref()));
    let further = jwt.required.iter().map(|name| (name.as_str(), None));
    let subject = std::iter::once((jwt.subject.as_str(), None));
    for (name, place) in subject.chain(needed).chain(further) {
        if !is_there(all, place.unwrap_or(name)) {
            return Err(CommandError::new(format!(
                "the identity takes no token without the claim `{name}`"
            ))
            .hint(format!("say what it is: `--claim {name}=…`")));
        }
    }
    Ok(())
}

fn is_there(all: &Map<String, Value>, place: &str) -> bool {
    let nested = || {
        let mut levels = place.split('.');
        let first = all.get(levels.next()?)?;
        levels.try_fold(first, |value, level| value.get(level))
    };
    all.contains_key(place) || nested().is_some()
}
