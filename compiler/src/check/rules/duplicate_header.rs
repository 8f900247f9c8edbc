//! U119: a header is given twice.

use crate::check::Context;
use crate::check::walk::{headers, matches};
use gatec_schema::{Map, ValueMatch};
use gatec_syntax::{Diagnostic, Rule, Severity};
use std::collections::HashMap;

/// The rule of U119.
pub(crate) const RULE: Rule = Rule {
    code: "U119",
    name: "duplicate-header",
    severity: Severity::Error,
    summary: "a header is given twice",
    explanation: r##"The names of headers do not differ by case (RFC 9110, section 5.1): `X-Id` and `x-id` are the same header. Only one of the two values would be meant."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "x-id" "1"
        header "X-Id" "2"
    }
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200 {
        header "x-id" "1"
    }
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for list in headers(context.spec) {
        twice(context, &list.path, list.headers.keys(), found);
    }
    for (route, ordinal, matched) in matches(context.spec) {
        let conditions: &Map<ValueMatch> = &matched.headers;
        let path = ["routes", route, "match", &ordinal, "headers"];
        twice(context, &path, conditions.keys(), found);
    }
}

fn twice<'n>(
    context: &Context<'_>,
    path: &[&str],
    names: impl Iterator<Item = &'n String>,
    found: &mut Vec<Diagnostic>,
) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names {
        let Some(first) = seen.insert(name.to_ascii_lowercase(), name) else {
            continue;
        };
        let at = |name: &str| context.key(&[path, &[name]].concat());
        let message = format!("`{name}` and `{first}` are the same header");
        found.push(
            Diagnostic::error(RULE.code, at(name), message)
                .label("given again")
                .related(at(first), "given here"),
        );
    }
}
