//! Changes to headers; cookies become `set-cookie` headers.

use gatec_schema::value::{HeaderName, Template as Text};
use gatec_schema::{Cookie, Map, RequestTransform, ResponseTransform, SameSite};
use gated_engine::program::{HeaderTemplate, Segment, Template, Transform};

use super::templates::header_place;
use crate::template::{Place, Scope, Site, compile};

pub(super) fn request(given: &RequestTransform, scope: Scope<'_>) -> Option<Box<Transform>> {
    let scope = scope.at(Site::UpstreamHeader, Place::Header);
    made(Transform {
        remove: names(&given.remove),
        set: headers(&given.set, scope),
        add: headers(&given.add, scope),
    })
}

pub(super) fn response(given: &ResponseTransform, scope: Scope<'_>) -> Option<Box<Transform>> {
    let scope = scope.at(Site::Response, Place::Header);
    let cookies = given
        .cookies
        .iter()
        .map(|(name, cookie)| set_cookie(name, cookie, scope));
    let mut add = headers(&given.add, scope);
    add.extend(cookies);
    made(Transform {
        remove: names(&given.remove),
        set: headers(&given.set, scope),
        add,
    })
}

fn made(transform: Transform) -> Option<Box<Transform>> {
    (transform != Transform::default()).then(|| Box::new(transform))
}

fn names(names: &[HeaderName]) -> Vec<String> {
    names
        .iter()
        .map(|name| name.as_str().to_ascii_lowercase())
        .collect()
}

/// Headers in the order written.
pub(super) fn headers(given: &Map<Text>, scope: Scope<'_>) -> Vec<HeaderTemplate> {
    let header = |(name, value): (&String, &Text)| {
        let scope = scope.at(scope.site, header_place(name));
        HeaderTemplate {
            name: name.to_ascii_lowercase(),
            value: compile(value.as_str(), &scope).0,
        }
    };
    given.iter().map(header).collect()
}

fn set_cookie(name: &str, cookie: &Cookie, scope: Scope<'_>) -> HeaderTemplate {
    // Percent-encoded, a value cannot end the cookie and begin an attribute.
    let scope = scope.at(scope.site, Place::Url);
    let value = compile(cookie.value.as_str(), &scope).0;
    let mut segments = vec![Segment::Text(format!("{name}="))];
    for segment in value
        .segments
        .into_iter()
        .chain([Segment::Text(attributes(cookie))])
    {
        match (segments.last_mut(), segment) {
            (Some(Segment::Text(before)), Segment::Text(text)) => before.push_str(&text),
            (_, segment) => segments.push(segment),
        }
    }
    HeaderTemplate {
        name: "set-cookie".to_owned(),
        value: Template { segments },
    }
}

/// The attributes of RFC 6265, section 4.1.
fn attributes(cookie: &Cookie) -> String {
    let mut text = format!("; Path={}", cookie.path);
    if let Some(domain) = &cookie.domain {
        text.push_str(&format!("; Domain={domain}"));
    }
    if let Some(age) = cookie.max_age {
        text.push_str(&format!("; Max-Age={}", age.get().as_secs()));
    }
    if cookie.http_only {
        text.push_str("; HttpOnly");
    }
    if cookie.secure {
        text.push_str("; Secure");
    }
    text.push_str(match cookie.same_site {
        SameSite::Strict => "; SameSite=Strict",
        SameSite::Lax => "; SameSite=Lax",
        SameSite::None => "; SameSite=None",
    });
    text
}
