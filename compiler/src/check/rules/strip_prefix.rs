//! U121: a prefix is taken off paths that do not begin with it.

use gatec_schema::value::{PathPrefix, PathSegment};
use gatec_schema::{Match, Route};
use gatec_syntax::{Diagnostic, Rule, Severity};

use super::several_paths::is_ambiguous;
use crate::check::Context;
use crate::lower::literal_segments;

/// The rule of U121.
pub(crate) const RULE: Rule = Rule {
    code: "U121",
    name: "strip-prefix",
    severity: Severity::Error,
    summary: "a prefix is taken off paths that do not begin with it",
    explanation: r##"`strip-prefix` takes the first segments off the path. Every `match` of the route has to begin with the same segments, or something else would be cut off than what is written. A parameter in
the prefix stands for any one segment; text stands only for the same text. A `path-regex` has to begin with the prefix as plain text."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/orders/{id}"
    proxy "orders" strip-prefix="/api"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

upstream "orders" {
    server "http://127.0.0.1:9000"
}

route "orders" public=#true {
    match "GET" "/api/orders/{id}"
    proxy "orders" strip-prefix="/api"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in context.sound_routes() {
        for (action, prefix) in prefixes(route) {
            let wanted = prefix.segments();
            if wanted.is_empty() {
                continue;
            }
            let path = ["routes", name, action, "strip-prefix"];
            let span = context.value(&path);
            let Some(other) = stray(context, name, route, &wanted) else {
                continue;
            };
            let message = match &other {
                Stray::NoMatch => format!(
                    "`{prefix}` cannot be taken off: route `{name}` has no `match`, so it takes any path"
                ),
                Stray::Match(_) => {
                    format!(
                        "`{prefix}` cannot be taken off: not every path of this route begins with it"
                    )
                }
            };
            let diagnostic = Diagnostic::error(RULE.code, span, message)
                .label("not the beginning of the path")
                .help("write the first segments of every `match` of the route, or leave it out");
            found.push(match other {
                Stray::Match(at) => diagnostic.related(at, "this does not begin with it"),
                Stray::NoMatch => diagnostic,
            });
        }
    }
}

/// The prefixes a route takes off, with the action each belongs to.
fn prefixes(route: &Route) -> impl Iterator<Item = (&'static str, &PathPrefix)> {
    let proxy = route.proxy.as_ref();
    let files = route.files.as_ref();
    let proxy = proxy.and_then(|proxy| Some(("proxy", proxy.strip_prefix.as_ref()?)));
    let files = files.and_then(|files| Some(("files", files.strip_prefix.as_ref()?)));
    proxy.into_iter().chain(files)
}

/// What takes paths that do not begin with the prefix.
enum Stray {
    NoMatch,
    Match(gatec_syntax::Span),
}

fn stray(
    context: &Context<'_>,
    name: &str,
    route: &Route,
    wanted: &[PathSegment],
) -> Option<Stray> {
    if route.matches.is_empty() {
        return Some(Stray::NoMatch);
    }
    let fits = |matched: &Match| is_ambiguous(matched) || begins(&first_segments(matched), wanted);
    let at = route.matches.iter().position(|matched| !fits(matched))?;
    let at = at.to_string();
    Some(Stray::Match(context.value(&["routes", name, "match", &at])))
}

/// The segments that every path of a match begins with.
fn first_segments(matched: &Match) -> Vec<PathSegment> {
    if let Some(path) = &matched.path {
        return path.segments();
    }
    if let Some(prefix) = &matched.prefix {
        return prefix.segments();
    }
    let regex = matched.path_regex.as_ref();
    let literal = regex.map_or_else(Vec::new, |regex| literal_segments(regex.as_str()));
    literal.into_iter().map(PathSegment::Literal).collect()
}

fn begins(path: &[PathSegment], wanted: &[PathSegment]) -> bool {
    wanted.len() <= path.len()
        && path
            .iter()
            .zip(wanted)
            .all(|(segment, wanted)| match (segment, wanted) {
                (PathSegment::Rest { .. }, _) | (_, PathSegment::Rest { .. }) => false,
                (_, PathSegment::Parameter { .. }) => true,
                (segment, literal) => segment == literal,
            })
}

#[cfg(test)]
mod tests {
    use gatec_schema::value::parse_path;

    use super::*;

    #[test]
    fn a_prefix_is_compared_segment_by_segment() {
        let fits = |path: &str, prefix: &str| {
            begins(&parse_path(path).unwrap(), &parse_path(prefix).unwrap())
        };
        assert!(fits("/api/orders/{id}", "/api"));
        assert!(fits("/api/{rest...}", "/api"));
        assert!(fits("/{tenant}/x", "/{any}"));
        assert!(fits("/acme/x", "/*"));
        assert!(fits("/n", "/n"));
        assert!(!fits("/n/{id}", "/zz"));
        assert!(!fits("/{tenant}/x", "/acme"));
        assert!(!fits("/api", "/api/orders"));
        assert!(!fits("/{rest...}", "/{any}"));
    }
}
