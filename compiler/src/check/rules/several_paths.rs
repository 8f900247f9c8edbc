//! R104: a match has more than one kind of path.

use crate::check::Context;
use crate::check::walk::matches;
use gatec_schema::Match;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R104.
pub(crate) const RULE: Rule = Rule {
    code: "R104",
    name: "several-paths",
    severity: Severity::Error,
    summary: "a match has more than one kind of path",
    explanation: r##"A `match` says which paths it takes in one way: `path` for the whole path, `prefix` for its beginning, or `path-regex`. Several `match` nodes in one route mean "or"."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match method="GET" path="/hello" prefix="/hi"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match method="GET" path="/hello"
    match method="GET" prefix="/hi"
    respond 200
}
"##,
};

/// The kinds of path that a `match` has.
fn given(matched: &Match) -> Vec<&'static str> {
    let kinds = [
        ("path", matched.path.is_some()),
        ("prefix", matched.prefix.is_some()),
        ("path-regex", matched.path_regex.is_some()),
    ];
    kinds
        .iter()
        .filter(|(_, there)| *there)
        .map(|(kind, _)| *kind)
        .collect()
}

/// Whether a `match` has more than one kind of path.
pub(in crate::check) fn is_ambiguous(matched: &Match) -> bool {
    given(matched).len() > 1
}

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (route, ordinal, matched) in matches(context.spec) {
        let given = given(matched);
        let [first, second, ..] = given.as_slice() else {
            continue;
        };
        let at = |part: &str| context.value(&["routes", route, "match", &ordinal, part]);
        let message =
            format!("this `match` has both `{first}` and `{second}`; it takes paths in one way");
        let diagnostic = Diagnostic::error(RULE.code, at(second), message)
            .label("a second path")
            .related(at(first), "the first one")
            .help("write a second `match`: one that fits is enough");
        found.push(diagnostic);
    }
}
