//! R105: a route can never match.

use std::collections::HashSet;

use gatec_syntax::{Diagnostic, Rule, Severity, Span};

use super::parameter_names;
use crate::check::Context;

/// The rule of R105.
pub(crate) const RULE: Rule = Rule {
    code: "R105",
    name: "route-never-matches",
    severity: Severity::Error,
    summary: "a route can never match",
    explanation: r##"Every request that this route takes is taken by routes that come before it in the order of precedence: the higher `priority`, then the more specific host, then the path segment by
segment (literal, typed parameter, parameter, regex, prefix), then a method before none, then more conditions on headers, query, cookies and body, then the order of declaration. It may be one route that covers it, or several together. So the route is dead, and what
it was meant to do does not happen.

Take the route away, make it more specific than those in its way, or give it a higher `priority`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200
}

route "again" public=#true {
    match "GET" "/hello/{name}"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200
}

route "again" public=#true {
    match "GET" "/hello/again"
    respond 200
}
"##,
};

/// Of a route that is never reached, how it names its parameters need not be told too.
pub(in crate::check) fn say_once(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let never: HashSet<Span> = found
        .iter()
        .filter(|finding| finding.code == RULE.code)
        .map(|finding| finding.span)
        .collect();
    if never.is_empty() {
        return;
    }
    let routes = context
        .spec
        .routes
        .keys()
        .map(|name| ["routes", name.as_str()]);
    let shadowed: Vec<Span> = routes
        .filter(|path| never.contains(&context.key(path)))
        .map(|path| context.key(&path).to(context.value(&path)))
        .collect();
    let inside = |span: Span| {
        shadowed.iter().any(|whole| {
            whole.source == span.source && (whole.start..=whole.end).contains(&span.start)
        })
    };
    found.retain(|finding| finding.code != parameter_names::RULE.code || !inside(finding.span));
}

/// A `match` of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) struct Place<'a> {
    pub(in crate::check) route: &'a str,
    pub(in crate::check) ordinal: u16,
}

impl Place<'_> {
    /// Where it was written; the route itself where it has no `match`.
    pub(in crate::check) fn span(self, context: &Context<'_>) -> Span {
        let ordinal = self.ordinal.to_string();
        match context.places.written(&["routes", self.route, "match"]) {
            true => context.key(&["routes", self.route, "match", &ordinal]),
            false => context.key(&["routes", self.route]),
        }
    }
}

/// A dead route, or one dead `match` of it.
pub(in crate::check) struct Dead<'a> {
    pub(in crate::check) route: &'a str,
    /// Set where other matches of the route live.
    pub(in crate::check) ordinal: Option<u16>,
    /// What takes all its requests.
    pub(in crate::check) by: &'a [Place<'a>],
    /// A request that it would take, and the route that takes it.
    pub(in crate::check) witness: Option<(String, &'a str)>,
}

pub(in crate::check) fn finding(context: &Context<'_>, dead: &Dead<'_>) -> Diagnostic {
    let what = match dead.ordinal {
        None => format!("route `{}` can never match", dead.route),
        Some(_) => format!("this `match` of route `{}` takes no request", dead.route),
    };
    let names = names(dead.by);
    let who = match names.as_slice() {
        [one] => format!("`{one}` takes all its requests before it"),
        [first @ .., last] => {
            let first: Vec<String> = first
                .iter()
                .take(4)
                .map(|name| format!("`{name}`"))
                .collect();
            let more = match names.len() > 5 {
                true => format!(" and {} more", names.len() - 4),
                false => format!(" and `{last}`"),
            };
            format!(
                "{}{more} together take all its requests before it",
                first.join(", ")
            )
        }
        [] => "its requests are taken before it".to_owned(),
    };
    let message = format!("{what}: {who}");
    let mut diagnostic = match dead.ordinal {
        None => Diagnostic::error(RULE.code, context.key(&["routes", dead.route]), message),
        Some(ordinal) => {
            let span = Place {
                route: dead.route,
                ordinal,
            }
            .span(context);
            Diagnostic::warning(RULE.code, span, message)
        }
    }
    .label("never reached");
    for place in dead.by.iter().take(8) {
        diagnostic = diagnostic.related(
            place.span(context),
            format!("`{}` takes its requests here", place.route),
        );
    }
    let mend = "make it more specific, or give it a higher `priority`";
    diagnostic.help(match &dead.witness {
        Some((request, taker)) => format!("for example `{request}` goes to `{taker}`; {mend}"),
        None => mend.to_owned(),
    })
}

fn names<'a>(places: &[Place<'a>]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for place in places {
        if !names.contains(&place.route) {
            names.push(place.route);
        }
    }
    names
}
