//! What differs between a request and a match, in words.

use std::borrow::Cow;

use super::body::Body;
use super::conditions::Subject;
use super::outline::{End, Outline, Part, parameter_text, segments};
use crate::program::{
    ArchivedBodyCondition, ArchivedBodySubject, ArchivedMatch, ArchivedNamedCondition,
    ArchivedTextTest, method_bit,
};

/// The longest piece of a request or a spec that is quoted, in characters.
const QUOTED: usize = 60;

/// Headers whose values are never shown, neither those sent nor those expected.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "x-api-key",
    "x-auth-token",
];

/// One sentence for everything that does not fit; none where the match fits.
pub(super) fn differences(subject: &Subject<'_>, outline: &Outline<'_>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(host(subject, outline));
    found.extend(method(subject, outline.matched));
    found.extend(path(subject, outline));
    if let Some(extra) = outline.matched.extra.as_ref() {
        for condition in extra
            .headers
            .iter()
            .filter(|condition| !subject.header(condition))
        {
            let hidden = SECRET_HEADERS.contains(&condition.name.as_str());
            let value = subject.header_values(&condition.name).next();
            found.push(named(subject, "header", condition, value, hidden));
        }
        for condition in extra
            .query
            .iter()
            .filter(|condition| !subject.query(condition))
        {
            let value = subject.query_values(&condition.name).next();
            found.push(named(subject, "query parameter", condition, value, false));
        }
        for condition in extra
            .cookies
            .iter()
            .filter(|condition| !subject.cookie(condition))
        {
            let value = subject.cookie_values(&condition.name).next();
            found.push(named(subject, "cookie", condition, value, true));
        }
        match &subject.body {
            Some(read) => {
                let failed = extra.body.iter().filter(|one| !subject.holds(read, one));
                found.extend(failed.map(|condition| body(subject, read, condition)));
            }
            None if extra.body.is_empty() => {}
            None => found.push("the route looks at the body, and none was given".to_owned()),
        }
    }
    found
}

/// Whether a host of the tables takes a request's host.
pub(super) fn host_fits(host: &str, asked: &str) -> bool {
    match host.strip_prefix("*.") {
        _ if host.is_empty() => true,
        Some(suffix) => asked
            .strip_suffix(suffix)
            .is_some_and(|before| before.ends_with('.')),
        None => host == asked,
    }
}

fn host(subject: &Subject<'_>, outline: &Outline<'_>) -> Option<String> {
    let asked: &str = &subject.request.host;
    if host_fits(outline.host, asked) {
        None
    } else if asked.is_empty() {
        Some(format!(
            "the request names no host, the route takes {}",
            quote(outline.host)
        ))
    } else {
        Some(format!(
            "host is {}, the route takes {}",
            quote(asked),
            quote(outline.host)
        ))
    }
}

fn method(subject: &Subject<'_>, matched: &ArchivedMatch) -> Option<String> {
    if subject.method(matched) {
        return None;
    }
    let known = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ];
    let methods = matched.methods.to_native();
    let taken = known
        .into_iter()
        .filter(|method| method_bit(method).is_some_and(|bit| methods & bit != 0));
    let others = matched
        .extra
        .iter()
        .flat_map(|extra| extra.other_methods.iter());
    let taken: Vec<String> = taken
        .chain(others.map(|method| method.as_str()))
        .map(quote)
        .collect();
    // Many take it for granted that whoever answers `GET` answers `HEAD`.
    let head = subject.request.method == http::Method::HEAD
        && taken.iter().any(|method| method == "`GET`");
    let hint = match head {
        true => " (`HEAD` is not `GET` unless said: add `HEAD` to the methods)",
        false => "",
    };
    let method = quote(subject.request.method.as_str());
    Some(format!(
        "method is {method}, the route takes {}{hint}",
        taken.join(" or ")
    ))
}

/// Where the path leaves the pattern.
fn path(subject: &Subject<'_>, outline: &Outline<'_>) -> Option<String> {
    let path: &str = &subject.request.path;
    if !path.starts_with('/') {
        return Some(format!("{} is no path, and no route takes it", quote(path)));
    }
    let asked: Vec<&str> = segments(path).collect();
    for (index, part) in outline.parts.iter().enumerate() {
        let Some(segment) = asked.get(index) else {
            return Some(ends_early(path, outline));
        };
        if let Some(wanted) = unlike(*part, segment, outline.name_at(index)) {
            let found = if segment.is_empty() {
                "empty".to_owned()
            } else {
                quote(segment)
            };
            let number = index + 1;
            return Some(format!(
                "path {}: segment {number} is {found}, {wanted}",
                quote(path)
            ));
        }
    }
    let further = asked.get(outline.parts.len()..).unwrap_or_default();
    match outline.end {
        End::Nothing if !further.is_empty() => {
            let further = quote(&format!("/{}", further.join("/")));
            let (path, pattern) = (quote(path), quote(&outline.text()));
            Some(format!(
                "path {path} goes on with {further} where the route {pattern} ends"
            ))
        }
        _ if !subject.path_fits(outline.matched) => Some(no_match(subject, outline)),
        _ => None,
    }
}

fn ends_early(path: &str, outline: &Outline<'_>) -> String {
    let (path, pattern) = (quote(path), quote(&outline.text()));
    format!("path {path} ends before the route {pattern} does")
}

/// What a part of the pattern wants, where the segment is not that.
fn unlike(part: Part<'_>, segment: &str, name: &str) -> Option<String> {
    match part {
        Part::Literal(literal) if literal == segment => None,
        Part::Literal("") => Some("the route has an empty one".to_owned()),
        Part::Literal(literal) => Some(format!("the route has {}", quote(literal))),
        Part::Parameter(kind) if kind.takes(segment) => None,
        Part::Parameter(kind) => {
            let parameter = quote(&parameter_text(kind, name));
            Some(format!("{parameter} takes {}", kind.in_words()))
        }
    }
}

fn no_match(subject: &Subject<'_>, outline: &Outline<'_>) -> String {
    let pattern = outline
        .matched
        .extra
        .as_ref()
        .and_then(|extra| extra.path_regex.as_ref());
    let pattern = pattern.map_or(u32::MAX, |index| index.to_native());
    let (path, pattern) = (quote(&subject.request.path), pattern_text(subject, pattern));
    format!("path {path} does not match {pattern}")
}

fn pattern_text(subject: &Subject<'_>, index: u32) -> String {
    quote(
        subject
            .program
            .patterns
            .get(index as usize)
            .map_or("", |pattern| pattern.as_str()),
    )
}

/// A condition on a named value that does not hold.
fn named(
    subject: &Subject<'_>,
    kind: &str,
    condition: &ArchivedNamedCondition,
    value: Option<Cow<'_, str>>,
    hidden: bool,
) -> String {
    let shown = if hidden { Shown::Hidden } else { Shown::Quoted };
    let what = format!("{kind} {}", quote(&condition.name));
    value_differs(subject, &what, &condition.tests, value, shown)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Quoted,
    Hidden,
}

fn value_differs(
    subject: &Subject<'_>,
    what: &str,
    tests: &[ArchivedTextTest],
    value: Option<Cow<'_, str>>,
    shown: Shown,
) -> String {
    let wanted = wanted(subject, tests);
    match value {
        None if shown == Shown::Hidden => format!("{what} is missing"),
        None => format!("{what} is missing, expected {wanted}"),
        Some(_)
            if tests
                .iter()
                .any(|test| matches!(test, ArchivedTextTest::Absent)) =>
        {
            format!("{what} is there, the route takes none")
        }
        Some(_) if shown == Shown::Hidden => format!("{what} has another value"),
        Some(value) => format!("{what} is {}, expected {wanted}", quote(&value)),
    }
}

/// What the tests ask for.
fn wanted(subject: &Subject<'_>, tests: &[ArchivedTextTest]) -> String {
    let asked = tests.iter().filter_map(|test| match test {
        ArchivedTextTest::Present => None,
        ArchivedTextTest::Absent => Some("none".to_owned()),
        ArchivedTextTest::Equals(text) => Some(quote(text)),
        ArchivedTextTest::Contains(text) => Some(format!("{} in it", quote(text))),
        ArchivedTextTest::Matches(pattern) => Some(format!(
            "a match of {}",
            pattern_text(subject, pattern.to_native())
        )),
    });
    let asked: Vec<String> = asked.collect();
    if asked.is_empty() {
        "any value".to_owned()
    } else {
        asked.join(" and ")
    }
}

/// A condition on the body that does not hold.
fn body(subject: &Subject<'_>, body: &Body<'_>, condition: &ArchivedBodyCondition) -> String {
    const NO_TEXT: &str = "the body is not UTF-8 text";
    const NO_JSON: &str = "the body is not JSON";
    let tests = &condition.tests;
    let text = || match body.text() {
        None => NO_TEXT.to_owned(),
        Some(text) => {
            let there = Some(Cow::Borrowed(text)).filter(|text| !text.is_empty());
            value_differs(subject, "the body", tests, there, Shown::Quoted)
        }
    };
    match &condition.subject {
        ArchivedBodySubject::Text => text(),
        ArchivedBodySubject::JsonPath(path) => match subject.selected(body, path) {
            None => NO_JSON.to_owned(),
            Some(values) => {
                let what = format!("the body at {}", quote(path));
                value_differs(
                    subject,
                    &what,
                    tests,
                    values.into_iter().next(),
                    Shown::Quoted,
                )
            }
        },
        ArchivedBodySubject::Form(name) => match subject.fields(body, name) {
            None => NO_TEXT.to_owned(),
            Some(mut values) => {
                let what = format!("form field {}", quote(name));
                value_differs(subject, &what, tests, values.next(), Shown::Quoted)
            }
        },
        json @ ArchivedBodySubject::Json { .. } => match other_json(subject, body, json) {
            Some(sentence) => sentence,
            None if body.json().is_none() => NO_JSON.to_owned(),
            None => text(),
        },
        ArchivedBodySubject::Schema(schema) => match body.json() {
            None => NO_JSON.to_owned(),
            Some(json) => invalid(subject, schema.to_native(), json).unwrap_or_else(text),
        },
    }
}

fn other_json(
    subject: &Subject<'_>,
    body: &Body<'_>,
    json: &ArchivedBodySubject,
) -> Option<String> {
    let comparison = subject.compare(body, json)?;
    let difference = comparison.difference()?;
    let place = match difference.pointer() {
        whole if whole.is_empty() => "the body".to_owned(),
        pointer => format!("the body at {}", quote(&pointer)),
    };
    let shown = |value: Option<&serde_json::Value>, none: &str| {
        value.map_or_else(|| none.to_owned(), |value| quote(&value.to_string()))
    };
    let actual = shown(difference.actual, "missing");
    let expected = shown(difference.expected, "nothing");
    Some(format!("{place} is {actual}, expected {expected}"))
}

fn invalid(subject: &Subject<'_>, schema: u32, json: &serde_json::Value) -> Option<String> {
    let error = subject.compiled.schema(schema)?.validate(json).err()?;
    let why = error.to_string();
    let why = cut(&why);
    Some(match error.instance_path().as_str() {
        "" => format!("the body is not valid under the schema: {why}"),
        pointer => format!(
            "the body at {} is not valid under the schema: {why}",
            quote(pointer)
        ),
    })
}

/// Text in backticks, cut where it is long.
fn quote(text: &str) -> String {
    format!("`{}`", cut(text))
}

fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
