//! R108: the same segment of a path has different names in different routes.

use crate::check::Context;
use crate::check::walk::matches;
use gatec_schema::value::{PathSegment, SegmentType};
use gatec_schema::{Match, value::Host};
use gatec_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashMap;

/// The rule of R108.
pub(crate) const RULE: Rule = Rule {
    code: "R108",
    name: "overlapping-parameter-names",
    severity: Severity::Warning,
    summary: "the same segment of a path has different names in different routes",
    explanation: r##"Two routes whose paths begin alike call the same segment by different names: `/users/{id}` and `/users/{name}/posts`. Both work, but who reads a log or moves a template from
one to the other will look for the wrong name. Use one name."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "user" public=#true {
    match "GET" "/users/{id}"
    respond 200
}

route "posts" public=#true {
    match "GET" "/users/{name}/posts"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "user" public=#true {
    match "GET" "/users/{id}"
    respond 200
}

route "posts" public=#true {
    match "GET" "/users/{id}/posts"
    respond 200
}
"##,
};

/// A parameter's place: what stands before it, and its type.
type Place = (u32, SegmentType);

/// Numbers beginnings of paths, and remembers who named the parameter that follows first.
#[derive(Default)]
struct Names<'a> {
    beginnings: HashMap<(u32, String), u32>,
    first: HashMap<Place, (String, &'a str, String)>,
}

impl Names<'_> {
    fn step(&mut self, at: u32, what: String) -> u32 {
        let next = u32::try_from(self.beginnings.len() + 1).unwrap_or(u32::MAX);
        *self.beginnings.entry((at, what)).or_insert(next)
    }
}

fn part(matched: &Match) -> Option<(&'static str, Vec<PathSegment>)> {
    match (&matched.path, &matched.prefix) {
        (Some(path), _) => Some(("path", path.segments())),
        (None, Some(prefix)) => Some(("prefix", prefix.segments())),
        (None, None) => None,
    }
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut names = Names::default();
    for (route, ordinal, matched) in matches(context.spec) {
        let Some((part, segments)) = part(matched) else {
            continue;
        };
        if !segments
            .iter()
            .any(|segment| matches!(segment, PathSegment::Parameter { .. }))
        {
            continue;
        }
        let hosts: Vec<String> = matched.host.iter().map(Host::normal).collect();
        let mut at = names.step(0, hosts.join(","));
        for segment in &segments {
            at = match segment {
                PathSegment::Literal(text) => names.step(at, text.clone()),
                PathSegment::Rest { .. } => break,
                PathSegment::Parameter { name: None, kind } => {
                    names.step(at, format!("{{{kind:?}}}"))
                }
                PathSegment::Parameter {
                    name: Some(name),
                    kind,
                } => {
                    let first = names
                        .first
                        .entry((at, *kind))
                        .or_insert_with(|| (name.clone(), route, ordinal.clone()));
                    if first.0 != *name && first.1 != route {
                        let there = context.value(&["routes", first.1, "match", &first.2]);
                        let here = context.value(&["routes", route, "match", &ordinal, part]);
                        let message = format!(
                            "`{{{name}}}` names a segment that route `{}` calls `{{{}}}`",
                            first.1, first.0
                        );
                        found.push(
                            Diagnostic::warning(RULE.code, here, message)
                                .label(format!("`{}` elsewhere", first.0))
                                .related(there, format!("`{{{}}}` here", first.0))
                                .help("use one name for the same segment"),
                        );
                    }
                    names.step(at, format!("{{{kind:?}}}"))
                }
            };
        }
    }
}
