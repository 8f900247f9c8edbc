//! R107: it cannot be decided which route takes a request.

use super::shadowed::Place;
use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R107.
pub(crate) const RULE: Rule = Rule {
    code: "R107",
    name: "not-decided",
    severity: Severity::Advice,
    summary: "it cannot be decided which route takes a request",
    explanation: r##"Whether two regular expressions, or a regular expression and parameters, have a path in common is a question that the compiler does not always answer; and some specs have more combinations than it will go
through. Then it says so instead of guessing. Nothing is wrong as far as is known; `gatec why METHOD URL` tells for a given request."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "first" public=#true {
    match method="GET" path-regex="/v[0-9]+/a.*"
    respond 200
}

route "second" public=#true {
    match method="GET" path-regex="/v[0-9]+/.*b"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "first" public=#true {
    match method="GET" path-regex="/v[0-9]+/a.*"
    respond 200
}

route "second" public=#true priority=1 {
    match method="GET" path-regex="/v[0-9]+/.*b"
    respond 200
}
"##,
};

/// Whether a route is dead cannot be told.
pub(in crate::check) fn shadow(
    context: &Context<'_>,
    place: Place<'_>,
    others: &[Place<'_>],
) -> Diagnostic {
    let why = match others.is_empty() {
        true => "there is too much to compare",
        false => "regular expressions are in the way",
    };
    let message = format!(
        "whether route `{}` is ever reached is not decided: {why}",
        place.route
    );
    let mut diagnostic =
        Diagnostic::advice(RULE.code, place.span(context), message).label("not decided");
    for other in others.iter().take(5) {
        diagnostic = diagnostic.related(
            other.span(context),
            format!("`{}` may take its requests", other.route),
        );
    }
    diagnostic.help("`gatec why METHOD URL` tells which route takes a request")
}

/// Whether two routes have a request in common cannot be told.
pub(in crate::check) fn tie(
    context: &Context<'_>,
    first: Place<'_>,
    second: Place<'_>,
) -> Diagnostic {
    let message = format!(
        "whether some requests fit both `{}` and `{}` is not decided; if so, `{}` takes them, as it comes first",
        first.route, second.route, first.route
    );
    Diagnostic::advice(RULE.code, second.span(context), message)
        .label("not decided")
        .related(first.span(context), "equally specific")
        .help("give one of them a higher `priority` to be sure")
}
