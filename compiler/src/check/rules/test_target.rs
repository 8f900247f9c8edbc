//! U114: a test expects a route or an upstream that does not exist.

use crate::check::{Context, closest, listed};
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of U114.
pub(crate) const RULE: Rule = Rule {
    code: "U114",
    name: "unknown-test-target",
    severity: Severity::Error,
    summary: "a test expects a route or an upstream that does not exist",
    explanation: r##"`expect` names the route that must take the request (`none` for no route) or the upstream it must be passed on to. There is none of this name, so the test could never pass."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "/hello"
    expect route="helo"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}

test "hello is served" {
    request "GET" "/hello"
    expect route="hello"
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let spec = context.spec;
    for (name, test) in &spec.tests {
        if let Some(route) = test
            .expect
            .route
            .as_deref()
            .filter(|route| *route != "none")
            && !spec.routes.contains_key(route)
            && !context.declared("routes", route)
        {
            let known = spec.routes.keys().map(String::as_str);
            found.push(finding(
                context,
                &["tests", name, "expect", "route"],
                "route",
                route,
                known,
            ));
        }
        if let Some(upstream) = test.expect.upstream.as_deref()
            && !spec.upstreams.contains_key(upstream)
            && !context.declared("upstreams", upstream)
        {
            let known = spec.upstreams.keys().map(String::as_str);
            found.push(finding(
                context,
                &["tests", name, "expect", "upstream"],
                "upstream",
                upstream,
                known,
            ));
        }
    }
}

fn finding<'k>(
    context: &Context<'_>,
    path: &[&str],
    what: &str,
    wanted: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        RULE.code,
        context.value(path),
        format!("there is no {what} `{wanted}`"),
    );
    match closest(wanted, known.clone()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None if known.clone().next().is_none() => diagnostic
            .label(format!("unknown {what}"))
            .help(format!("this spec has no {what}s at all")),
        None => diagnostic
            .label(format!("unknown {what}"))
            .help(format!("there are: {}", listed(known))),
    }
}
