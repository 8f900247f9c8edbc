//! R111: no request can have this path.

use crate::check::Context;
use crate::check::walk::matches;
use crate::lower::never_a_path;
use gatec_schema::value::PathSegment;
use gatec_syntax::{Diagnostic, Rule, Severity};
use gated_engine::request::normal_path;

/// The rule of R111.
pub(crate) const RULE: Rule = Rule {
    code: "R111",
    name: "unreachable-path",
    severity: Severity::Error,
    summary: "no request can have this path",
    explanation: r##"Every request is brought into one normal form before it is matched: dots are resolved, double slashes merged, escapes checked. A path with an encoded control character is
refused with 400 before any route sees it, so a route for it can never match. Nor can a `path-regex` that is empty or begins with other text than `/`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/%00"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/%20"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    regexes(context, found);
    for (route, ordinal, matched) in matches(context.spec) {
        let parts = [
            ("path", matched.path.as_ref().map(|path| path.segments())),
            (
                "prefix",
                matched.prefix.as_ref().map(|prefix| prefix.segments()),
            ),
        ];
        for (part, segments) in parts {
            let Some(segment) = segments.iter().flatten().find_map(unreachable) else {
                continue;
            };
            let span = context.value(&["routes", route, "match", &ordinal, part]);
            let message = format!(
                "no request can have the segment `{segment}`: it is refused before any route sees it"
            );
            found.push(Diagnostic::error(RULE.code, span, message).label("never there"));
        }
    }
}

/// The engine holds a path against the whole expression, and every path begins with `/`.
fn regexes(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, ordinal, matched) in matches(context.spec) {
        let Some(regex) = &matched.path_regex else {
            continue;
        };
        if !never_a_path(regex.as_str()) {
            continue;
        }
        let span = context.value(&["routes", route, "match", &ordinal, "path-regex"]);
        let message = format!("`{regex}` matches no path: every path begins with `/`");
        found.push(
            Diagnostic::error(RULE.code, span, message)
                .label("never there")
                .help("the expression is for the whole path, as in `/api/v[0-9]+/.*`"),
        );
    }
}

fn unreachable(segment: &PathSegment) -> Option<&str> {
    match segment {
        PathSegment::Literal(text) if is_plain(text) => None,
        PathSegment::Literal(text) => match normal_path(&format!("/{text}")) {
            Ok(normal) if normal == "/" => (!text.is_empty()).then_some(text.as_str()),
            Ok(_) => None,
            Err(_) => Some(text),
        },
        _ => None,
    }
}

/// Whether a segment holds nothing that could be refused: the usual case, and the quick one.
fn is_plain(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
    text.bytes().all(plain)
}
