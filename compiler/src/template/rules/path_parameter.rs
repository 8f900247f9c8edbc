//! T104: a template uses a path parameter that the route does not have.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::check::closest;
use crate::template::Finding;
use crate::template::{Scope, Site};

/// The rule of T104.
pub(crate) const RULE: Rule = Rule {
    code: "T104",
    name: "missing-path-parameter",
    severity: Severity::Error,
    summary: "a template uses a path parameter that the route does not have",
    explanation: r##"`path.NAME` is what stood in the place of `{NAME}` in the path. Every `match` of the route must have that parameter; in a `match` without it the value would be missing
whenever that `match` is the one that fits. Name the parameter in each path, or use one that is there. On error pages there is no route, and so no parameter."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.nome }}"#
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello/{name}"
    respond 200 body=#"Hello {{ path.name }}"#
}
"##,
};

/// What is wrong with `path.name` here, if anything.
pub(in crate::template) fn check(
    range: Range<usize>,
    name: &str,
    scope: &Scope<'_>,
) -> Option<Finding> {
    if scope.site == Site::ErrorPage {
        let finding = Finding::error(
            RULE.code,
            range,
            format!("`path.{name}`: an error page has no path parameters"),
        );
        return Some(
            finding
                .label("no parameters here")
                .help("`path` alone is the whole path"),
        );
    }
    let has = |names: &Vec<String>| names.iter().any(|known| known == name);
    let total = scope.parameters.len();
    let with = scope.parameters.iter().filter(|names| has(names)).count();
    if total > 0 && with == total {
        return None;
    }
    let known: Vec<&str> = common(scope.parameters);
    if with > 0 {
        let message = format!(
            "only {with} of the {total} matches of this route have the path parameter `{name}`"
        );
        return Some(
            Finding::error(RULE.code, range, message)
                .label("not always there")
                .help("name it in the path of every `match`, or make two routes"),
        );
    }
    let finding = Finding::error(
        RULE.code,
        range,
        format!("this route has no path parameter `{name}`"),
    );
    Some(match closest(name, known.iter().copied()) {
        Some(near) => finding
            .label(format!("did you mean `path.{near}`?"))
            .replacement(format!("path.{near}")),
        None if known.is_empty() => finding.label("no such parameter").help(format!(
            "its path has no parameters; one is written as a segment, such as `/{{{name}}}`"
        )),
        None => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            finding
                .label("no such parameter")
                .help(format!("it has {}", known.join(", ")))
        }
    })
}

/// The names that every match has.
fn common(parameters: &[Vec<String>]) -> Vec<&str> {
    let Some((first, rest)) = parameters.split_first() else {
        return Vec::new();
    };
    first
        .iter()
        .map(String::as_str)
        .filter(|name| {
            !name.is_empty()
                && rest
                    .iter()
                    .all(|names| names.iter().any(|known| known == name))
        })
        .collect()
}
