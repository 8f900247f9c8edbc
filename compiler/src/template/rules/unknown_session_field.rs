//! T114: a template uses what no session of the route remembers.

use std::ops::Range;

use gatec_syntax::{Rule, Severity};

use crate::check::{closest, listed};
use crate::template::{Finding, Scope};

/// The rule of T114.
pub(crate) const RULE: Rule = Rule {
    code: "T114",
    name: "unknown-session-field",
    severity: Severity::Error,
    summary: "a template uses what the route's session does not remember",
    explanation: r##"`session.NAME` is what the session of the route remembers. It is there where the route names its session (`session "web"`) and the session declares the field (`field "cart" type="counter"`). What is declared and not set yet is empty."##,
    wrong: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "GET" "/cart"
    session "web"
    respond 200 "{{ session.card }}"
}
"####,
    right: r####"listener "web" bind="127.0.0.1:8080"

session "web" {
    key (secret)"session-key"
    field "cart" type="counter"
}

route "cart" public=#true {
    match "GET" "/cart"
    session "web"
    respond 200 "{{ session.cart }}"
}
"####,
};

/// What is wrong with `session.name` here, if anything.
pub(in crate::template) fn check(
    range: Range<usize>,
    name: &str,
    scope: &Scope<'_>,
) -> Option<Finding> {
    let Some(fields) = scope.session else {
        let finding = Finding::error(RULE.code, range, "there is no session here");
        return Some(finding.label("not known").help(
            "name it in the route: `session \"NAME\"`; error pages and routes without one have none",
        ));
    };
    if fields.iter().any(|known| known == name) {
        return None;
    }
    let message = format!("the session of this route has no field `{name}`");
    let finding = Finding::error(RULE.code, range, message);
    let known = || fields.iter().map(String::as_str);
    Some(match closest(name, known()) {
        Some(near) => finding
            .label(format!("did you mean `session.{near}`?"))
            .replacement(format!("session.{near}")),
        None if fields.is_empty() => finding
            .label("no such field")
            .help(format!("declare it in the session: `field \"{name}\"`")),
        None => finding
            .label("no such field")
            .help(format!("the fields are {}", listed(known()))),
    })
}
