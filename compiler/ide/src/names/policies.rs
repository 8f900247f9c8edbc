//! Names that have to do with policies: claims of identities, tags of routes, and what `policies` and
//! `never` name.

use gatec_syntax::{Node, Value};

use super::{CLAIMS, Form, Gathered, HEADERS, Key, Name, POLICY_IDS, QUERY, ROUTES, Role, TAGS};
use crate::{Bytes, Place};

/// Gathers what a place names.
pub(super) fn place<'v>(gathered: &mut Gathered<'v>, place: &Place<'v>) {
    let keys: Vec<Option<&str>> = place.keys().collect();
    // What a profile lays over the rest is named as that is.
    let keys = match keys.as_slice() {
        [Some("profiles"), _, rest @ ..] => rest,
        all => all,
    };
    let text = place.node.as_str();
    let at = || place.node.span.range();
    match (keys, text) {
        (
            [
                Some("identities"),
                Some(identity),
                Some("claims"),
                Some(claim),
            ],
            _,
        ) => {
            if let Some(key) = place.key_range() {
                gathered.add(CLAIMS, identity, claim, key, Role::Declaration);
            }
        }
        ([Some("routes"), _, Some("tags"), None], Some(tag)) => {
            gathered.add(TAGS, "", tag, at(), Role::Declaration);
        }
        ([Some("policies"), Some("headers"), None], Some(header)) => {
            let header = header.to_ascii_lowercase();
            gathered.add(HEADERS, "", &header, at(), Role::Declaration);
        }
        ([Some("policies"), Some("query"), None], Some(name)) => {
            gathered.add(QUERY, "", name, at(), Role::Declaration);
        }
        ([Some("policies"), Some("links"), _, Some("template")], Some(id)) => {
            gathered.add(POLICY_IDS, "", id, at(), Role::Use);
        }
        ([.., Some("never") | Some("nevers"), _, Some("route"), None], Some(name)) => {
            either(gathered, name, &at());
        }
        ([Some("tests"), .., Some("as")], None) => given_claims(gathered, place),
        _ => {}
    }
}

/// A value that may be a route or a tag.
fn either(gathered: &mut Gathered<'_>, name: &str, at: &Bytes) {
    for section in [ROUTES, TAGS] {
        gathered.found.push(Name {
            key: Key {
                section: section.to_owned(),
                scope: String::new(),
                name: name.to_owned(),
            },
            at: at.clone(),
            role: Role::Use,
            form: Form::Either,
        });
    }
}

/// The claims that a test gives who is asking.
fn given_claims<'v>(gathered: &mut Gathered<'v>, place: &Place<'v>) {
    let Some(object) = place.node.as_object() else {
        return;
    };
    let identity = object.get("identity").and_then(Node::as_str);
    let claims = object.get("claims").and_then(Node::as_object);
    if let (Some(identity), Some(claims)) = (identity, claims) {
        for entry in &claims.entries {
            let at = entry.key_span.range();
            gathered.add(CLAIMS, identity, &entry.key, at, Role::Use);
        }
    }
}

/// `claim.NAME` in a template of a route: a claim of each of its identities.
pub(super) fn claim_of_route(gathered: &mut Gathered<'_>, route: &str, claim: &str, at: &Bytes) {
    let root = &gathered.view.document.root;
    let routes = root.get("routes").and_then(Node::as_object);
    let identities = routes
        .and_then(|routes| routes.get(route)?.as_object()?.get("identity"))
        .and_then(Node::as_array);
    let named = identities.unwrap_or_default().iter();
    let named: Vec<&str> = named
        .filter_map(|node| match &node.value {
            Value::String(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    for identity in named {
        gathered.add(CLAIMS, identity, claim, at.clone(), Role::Use);
    }
}
