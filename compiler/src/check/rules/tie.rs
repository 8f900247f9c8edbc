//! R106: only the order of declaration decides between two routes.

use super::shadowed::Place;
use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R106.
pub(crate) const RULE: Rule = Rule {
    code: "R106",
    name: "tie-decided-by-order",
    severity: Severity::Warning,
    summary: "only the order of declaration decides between two routes",
    explanation: r##"Two routes are equally specific, and some requests fit both. The one declared first takes them. That works, but moving a node, or a file that is included, changes what is served. Say
which one is meant to go first with `priority`, or make the matches differ."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "plain" public=#true {
    match "GET" "/report" {
        header "accept" contains="json"
    }
    respond 200
}

route "special" public=#true {
    match "GET" "/report" {
        header "x-kind" "special"
    }
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "plain" public=#true {
    match "GET" "/report" {
        header "accept" contains="json"
    }
    respond 200
}

route "special" public=#true priority=1 {
    match "GET" "/report" {
        header "x-kind" "special"
    }
    respond 200
}
"##,
};

pub(in crate::check) fn finding(
    context: &Context<'_>,
    first: Place<'_>,
    second: Place<'_>,
) -> Diagnostic {
    let message = format!(
        "routes `{}` and `{}` are equally specific, and some requests fit both: only their order decides",
        first.route, second.route
    );
    Diagnostic::warning(RULE.code, second.span(context), message)
        .label("comes second")
        .related(
            first.span(context),
            format!("`{}` comes first", first.route),
        )
        .help("give one of them a higher `priority`, or make them differ")
}
