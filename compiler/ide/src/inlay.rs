//! What holds without being written, shown where it would stand.

use gatec_compiler::shape::Grammar;
use gatec_schema::value::Duration;
use gatec_schema::{Route, Spec};

use crate::Bytes;
use crate::hover;
use crate::view::{Place, View};

/// A few words shown in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The byte they stand before.
    pub at: usize,
    /// The words.
    pub text: String,
    /// Where they come from; Markdown.
    pub why: String,
}

/// The keys whose defaults decide what a reader sees happen, by the object they belong to.
const TOLD: &[(&str, &[&str])] = &[
    ("respond", &["status"]),
    ("redirect", &["status"]),
    ("files", &["index"]),
];

/// The hints in a range of a text, `spec` being the whole that it is a part of.
pub fn hints(view: &View, range: &Bytes, spec: &Spec) -> Vec<Hint> {
    let mut found = Vec::new();
    view.walk(&mut |place| {
        let Some(whole) = place.whole() else { return };
        if whole.end < range.start || whole.start > range.end {
            return;
        }
        defaults(view, place, &mut found);
        found.extend(timeouts(view, place, spec));
    });
    found.sort_by_key(|hint| hint.at);
    found
}

/// The end of the line that a part begins in, before its block.
fn line_end(view: &View, place: &Place<'_>) -> Option<usize> {
    let start = place.whole()?.start;
    let line = view.lines.line(view.lines.line_of(start));
    let words = view.slice(&line).trim_end();
    let words = words.strip_suffix('{').unwrap_or(words).trim_end();
    Some(line.start + words.len())
}

fn defaults(view: &View, place: &Place<'_>, found: &mut Vec<Hint>) {
    let Some(field) = place.field else { return };
    let told = TOLD.iter().find(|(key, _)| *key == field.key);
    let (Some((_, keys)), Some(object)) = (told, place.node.as_object()) else {
        return;
    };
    let Some(kind) = Grammar::get().object(place.kind) else {
        return;
    };
    for key in *keys {
        let Some(known) = kind.key(key).filter(|_| object.get(key).is_none()) else {
            continue;
        };
        let default = hover::default(known, view.format);
        if let (Some(default), Some(at)) = (default, line_end(view, place)) {
            found.push(Hint {
                at,
                text: format!("{key} {default}"),
                why: hover::field(known, view.format),
            });
        }
    }
}

/// How long a route waits for the upstream it passes requests on to, in a sentence.
pub(crate) fn waits(route: &str, spec: &Spec) -> Option<String> {
    let route = spec.routes.get(route)?;
    let upstream = spec.upstreams.get(&route.proxy.as_ref()?.upstream)?;
    let (waits, who) = effective(route, &upstream.timeout);
    let timeout = &upstream.timeout;
    let shown = |words: &str| match words {
        "none" => "without end".to_owned(),
        words => format!("`{words}`"),
    };
    let each = |bound: &Duration| match bound.as_millis() {
        0 => shown("none"),
        _ => shown(&bound.to_string()),
    };
    Some(format!(
        "Waits {} for the answer's headers (set by {who}), {} for a connection, and {} for the next piece of \
         an answer.",
        shown(&waits),
        each(&timeout.connect),
        each(&timeout.idle)
    ))
}

/// How long a route that passes requests on waits, and who says so.
fn timeouts(view: &View, place: &Place<'_>, spec: &Spec) -> Option<Hint> {
    let field = place.field?;
    if field.key != "proxy" || place.key_at(0) != Some("routes") {
        return None;
    }
    let route = spec.routes.get(place.key_at(1)?)?;
    let upstream = spec.upstreams.get(&route.proxy.as_ref()?.upstream)?;
    let (waits, who) = effective(route, &upstream.timeout);
    let at = line_end(view, place)?;
    Some(Hint {
        at,
        text: format!("timeout {waits}"),
        why: format!(
            "From the request passed on to the end of the answer's headers, by {who}. A connection may \
             take {}, and a pause within the answer {}.",
            upstream.timeout.connect, upstream.timeout.idle
        ),
    })
}

fn effective(route: &Route, upstream: &gatec_schema::Timeouts) -> (String, &'static str) {
    let own = route.proxy.as_ref().and_then(|proxy| proxy.timeout);
    let shortest = |one: Option<Duration>| one.filter(|one| one.as_millis() > 0);
    let passed = match shortest(own) {
        Some(own) => (own, "its `proxy`"),
        None => (upstream.request, "the upstream"),
    };
    let (waits, who) = match shortest(route.timeout) {
        Some(whole) if passed.0.as_millis() == 0 || whole.as_millis() < passed.0.as_millis() => {
            (whole, "the route")
        }
        _ => passed,
    };
    match waits.as_millis() {
        0 => ("none".to_owned(), who),
        _ => (waits.to_string(), who),
    }
}
