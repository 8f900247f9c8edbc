//! U122: an action that cannot be carried out as it is written.

use gatec_schema::Route;
use gatec_syntax::{Diagnostic, Rule, Severity};

use crate::check::Context;

/// The rule of U122.
pub(crate) const RULE: Rule = Rule {
    code: "U122",
    name: "impossible-action",
    severity: Severity::Error,
    summary: "an action cannot be carried out as it is written",
    explanation: r##"An answer of status 204, 205 or 304 has no body (RFC 9110), so none can be given for it. A redirect leads somewhere, so its target is not empty. The
`path` of a `proxy` is a whole path and begins with `/`."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 204 "hello"
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 204
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (name, route) in &context.spec.routes {
        found.extend(mistakes(route).map(|(path, message)| {
            let path = [&["routes", name.as_str()][..], &path].concat();
            Diagnostic::error(RULE.code, context.value(&path), message)
        }));
    }
}

type Mistake = ([&'static str; 2], String);

fn mistakes(route: &Route) -> impl Iterator<Item = Mistake> {
    [body(route), target(route), path(route)]
        .into_iter()
        .flatten()
}

fn body(route: &Route) -> Option<Mistake> {
    let respond = route.respond.as_ref()?;
    let status = respond.status.get();
    let text = respond
        .body
        .as_ref()
        .is_some_and(|body| !body.as_str().is_empty());
    let part = match respond.body_file {
        Some(_) => "body-file",
        None => "body",
    };
    let given = text || respond.body_file.is_some();
    (given && matches!(status, 204 | 205 | 304)).then(|| {
        (
            ["respond", part],
            format!("an answer of status {status} has no body"),
        )
    })
}

fn target(route: &Route) -> Option<Mistake> {
    let to = route.redirect.as_ref()?.to.as_str();
    to.is_empty().then(|| {
        (
            ["redirect", "to"],
            "a redirect with an empty target leads nowhere".to_owned(),
        )
    })
}

fn path(route: &Route) -> Option<Mistake> {
    let path = route.proxy.as_ref()?.path.as_ref()?.as_str();
    (!path.starts_with('/') && !path.starts_with("{{")).then(|| {
        (
            ["proxy", "path"],
            format!("`{path}` does not begin with `/`"),
        )
    })
}
