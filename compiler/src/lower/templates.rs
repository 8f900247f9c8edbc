//! Which scope each template of a spec has, and which secrets the compiled ones use.

use std::collections::BTreeSet;

use gated_engine::program::{
    Action, Body, HeaderTemplate, IdentityMethod, JwtKeys, LimitKey, MessageKey, Program, RedisUrl,
    Respond, Segment, SessionChange, StoreKind, Template, Transform, ValueSource,
};

use crate::template::Place;

/// What a header's value is, for the values that go into it.
pub fn header_place(name: &str) -> Place {
    match name.to_ascii_lowercase().as_str() {
        "location" | "content-location" => Place::Url,
        "set-cookie" | "cookie" => Place::Cookie,
        _ => Place::Header,
    }
}

/// A template that is text alone.
pub(super) fn plain(text: &str) -> Template {
    let segments = match text.is_empty() {
        true => Vec::new(),
        false => vec![Segment::Text(text.to_owned())],
    };
    Template { segments }
}

/// The names of the secrets that a program's templates and identities use, sorted.
pub(super) fn secrets(program: &Program) -> Vec<String> {
    let mut names = BTreeSet::new();
    for route in &program.routes {
        for transform in [&route.request, &route.response].into_iter().flatten() {
            in_transform(transform, &mut names);
        }
        for change in route.session.iter().flat_map(|uses| &uses.changes) {
            if let SessionChange::Set(_, template) = change {
                in_template(template, &mut names);
            }
        }
        match &route.action {
            Action::Respond(respond) => in_respond(respond, &mut names),
            Action::Redirect(redirect) => in_template(&redirect.to, &mut names),
            Action::Proxy(_) | Action::Files(_) => {}
        }
    }
    for proxy in &program.proxies {
        let templates = [&proxy.path, &proxy.host].into_iter().flatten();
        templates.for_each(|template| in_template(template, &mut names));
    }
    for part in program.limits.iter().flat_map(|limit| &limit.by) {
        if let LimitKey::Template(template) = part {
            in_template(template, &mut names);
        }
    }
    let keys = program.sessions.iter().flat_map(|session| &session.keys);
    names.extend(keys.cloned());
    if let StoreKind::Redis(redis) = &program.store.kind {
        if let RedisUrl::Secret(name) = &redis.url {
            names.insert(name.clone());
        }
        names.extend(redis.password.clone());
    }
    program
        .error_pages
        .iter()
        .for_each(|page| in_respond(&page.respond, &mut names));
    program
        .identities
        .iter()
        .for_each(|identity| in_identity(&identity.method, &mut names));
    names.into_iter().collect()
}

fn in_identity(method: &IdentityMethod, names: &mut BTreeSet<String>) {
    match method {
        IdentityMethod::Jwt(jwt) => {
            if let JwtKeys::Secret(name) = &jwt.keys {
                names.insert(name.clone());
            }
        }
        IdentityMethod::Signature(signature) => {
            names.extend(signature.keys.iter().map(|(_, secret)| secret.clone()));
        }
        IdentityMethod::MessageSignature(signature) => {
            names.extend(signature.keys.iter().filter_map(|(_, key)| match key {
                MessageKey::Secret(name) => Some(name.clone()),
                MessageKey::File(_) => None,
            }));
        }
        _ => {}
    }
}

fn in_transform(transform: &Transform, names: &mut BTreeSet<String>) {
    in_headers(&transform.set, names);
    in_headers(&transform.add, names);
}

fn in_respond(respond: &Respond, names: &mut BTreeSet<String>) {
    in_headers(&respond.headers, names);
    if let Body::Template(template) = &respond.body {
        in_template(template, names);
    }
}

fn in_headers(headers: &[HeaderTemplate], names: &mut BTreeSet<String>) {
    headers
        .iter()
        .for_each(|header| in_template(&header.value, names));
}

fn in_template(template: &Template, names: &mut BTreeSet<String>) {
    for segment in &template.segments {
        if let Segment::Value(expression) = segment
            && let ValueSource::Secret(name) = &expression.source
        {
            names.insert(name.clone());
        }
    }
}
