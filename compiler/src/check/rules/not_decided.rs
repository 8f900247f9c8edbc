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

/// How many other places are shown beside the first.
pub(in crate::check) const SHOWN: usize = 5;

/// A match of which it cannot be told whether it is ever reached, and the first of those in the way;
/// none: there is too much to compare.
pub(in crate::check) struct Shadow<'s> {
    pub(in crate::check) place: Place<'s>,
    pub(in crate::check) others: Vec<Place<'s>>,
}

/// Whether these are dead cannot be told: one finding for each reason, with a count.
pub(in crate::check) fn shadows(context: &Context<'_>, all: &[Shadow<'_>]) -> Vec<Diagnostic> {
    let (too_much, hidden): (Vec<&Shadow<'_>>, Vec<&Shadow<'_>>) =
        all.iter().partition(|shadow| shadow.others.is_empty());
    let hidden = shadow(context, &hidden, "regular expressions are in the way");
    let too_much = shadow(context, &too_much, "there is too much to compare");
    hidden.into_iter().chain(too_much).collect()
}

fn shadow(context: &Context<'_>, all: &[&Shadow<'_>], why: &str) -> Option<Diagnostic> {
    let (first, more) = all.split_first()?;
    let mut message = format!(
        "whether route `{}` is ever reached is not decided: {why}",
        first.place.route
    );
    if !more.is_empty() {
        message.push_str(&format!("; nor for {}", counted(more.len(), "other route")));
    }
    let mut diagnostic =
        Diagnostic::advice(RULE.code, first.place.span(context), message).label("not decided");
    for other in first.others.iter().take(SHOWN) {
        diagnostic = diagnostic.related(
            other.span(context),
            format!("`{}` may take its requests", other.route),
        );
    }
    for other in more.iter().take(SHOWN) {
        let label = format!("nor for `{}`", other.place.route);
        diagnostic = diagnostic.related(other.place.span(context), label);
    }
    Some(diagnostic.help("`gatec why METHOD URL` tells which route takes a request"))
}

/// Whether these pairs of routes have a request in common cannot be told: one finding with a count.
pub(in crate::check) fn ties(
    context: &Context<'_>,
    pairs: &[(Place<'_>, Place<'_>)],
) -> Option<Diagnostic> {
    let ((first, second), more) = pairs.split_first()?;
    let mut message = format!(
        "whether some requests fit both `{}` and `{}` is not decided; if so, `{}` takes them, as it comes first",
        first.route, second.route, first.route
    );
    if !more.is_empty() {
        message.push_str(&format!(
            "; the same holds for {}",
            counted(more.len(), "other pair")
        ));
    }
    let mut diagnostic = Diagnostic::advice(RULE.code, second.span(context), message)
        .label("not decided")
        .related(first.span(context), "equally specific");
    for (earlier, later) in more.iter().take(SHOWN) {
        let label = format!("nor with `{}`", earlier.route);
        diagnostic = diagnostic.related(later.span(context), label);
    }
    Some(diagnostic.help("give one of them a higher `priority` to be sure"))
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
