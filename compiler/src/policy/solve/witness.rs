//! A request as a person reads it, out of the values that were found.

use std::collections::BTreeMap;

use gatec_schema::Route;
use gatec_schema::value::PathSegment;
use gated_engine::program::Fact;

use super::{Model, Val};
use crate::policy::fold::Scene;

/// `GET /orders/7 as "staff" sub="ann" roles="admin"`
pub fn request(scene: Scene<'_>, identity: &str, route: &Route, model: &Model) -> String {
    let text = |fact: &Fact| match model.get(fact) {
        Some(Some(value)) => Some(shown(value)),
        _ => None,
    };
    let method = text(&Fact::Method)
        .or_else(|| scene.action.methods.first().cloned())
        .unwrap_or_else(|| "GET".to_owned());
    let target = path(route, model) + &queries(model).unwrap_or_default();
    let mut words = vec![method, target];
    words.push(format!("as \"{identity}\""));
    if let Some(id) = text(&Fact::Principal)
        && scene.principal.subject.is_none()
    {
        words.push(format!("id={id:?}"));
    }
    for (name, (number, ..)) in &scene.principal.claims {
        let fact = match scene.principal.subject == Some(*number) {
            true => Fact::Principal,
            false => Fact::Claim(*number),
        };
        if let Some(value) = text(&fact) {
            words.push(format!("{name}={value:?}"));
        }
    }
    let more = [
        (Fact::Client, "from"),
        (Fact::Time, "at"),
        (Fact::Host, "host"),
    ];
    for (fact, word) in more {
        words.extend(text(&fact).map(|value| format!("{word} {value}")));
    }
    for (fact, value) in model {
        if let (Fact::Header(name), Some(value)) = (fact, value) {
            words.push(format!("with `{name}: {}`", shown(value)));
        }
        if let (Fact::Session(name, _), Some(value)) = (fact, value) {
            words.push(format!("with the session's {name}={:?}", shown(value)));
        }
    }
    if let Some(Some(Val::Bool(secure))) = model.get(&Fact::Secure) {
        words.push(if *secure { "over TLS" } else { "without TLS" }.to_owned());
    }
    words.join(" ")
}

fn path(route: &Route, model: &Model) -> String {
    let values: BTreeMap<&str, String> = model
        .iter()
        .filter_map(|(fact, value)| match (fact, value) {
            (Fact::Parameter(name, _), Some(value)) => Some((name.as_str(), shown(value))),
            _ => None,
        })
        .collect();
    let Some(first) = route.matches.first() else {
        return "/".to_owned();
    };
    let segments = match (&first.path, &first.prefix) {
        (Some(path), _) => path.segments(),
        (None, Some(prefix)) => prefix.segments(),
        (None, None) => return "/…".to_owned(),
    };
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        match segment {
            PathSegment::Literal(text) => path.push_str(&text),
            PathSegment::Parameter { name, .. } | PathSegment::Rest { name } => {
                let value = name.as_deref().and_then(|name| values.get(name));
                path.push_str(value.map_or("1", String::as_str));
            }
        }
    }
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}

fn queries(model: &Model) -> Option<String> {
    let given = model
        .iter()
        .filter_map(|(fact, value)| match (fact, value) {
            (Fact::Query(name), Some(value)) => Some(format!("{name}={}", shown(value))),
            _ => None,
        });
    let given: Vec<String> = given.collect();
    (!given.is_empty()).then(|| format!("?{}", given.join("&")))
}

fn shown(value: &Val) -> String {
    match value {
        Val::Bool(yes) => yes.to_string(),
        Val::Long(number) => number.to_string(),
        Val::Text(text) => text.clone(),
        Val::Decimal(parts) => format!("{}", *parts as f64 / 10_000.0),
        Val::Datetime(millis) => match jiff::Timestamp::from_millisecond(*millis) {
            Ok(moment) => moment.to_string(),
            Err(_) => millis.to_string(),
        },
        Val::Duration(millis) => format!("{millis}ms"),
        Val::Ip(ip) if ip.is_one() => ip.address.to_string(),
        Val::Ip(ip) => format!("{}/{}", ip.address, ip.prefix),
        Val::Set(items) => items.iter().map(shown).collect::<Vec<_>>().join(","),
    }
}
