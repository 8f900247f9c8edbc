//! R101: a route does not say who may use it.

use crate::check::Context;
use gatec_syntax::{Diagnostic, Rule, Severity};

/// The rule of R101.
pub(crate) const RULE: Rule = Rule {
    code: "R101",
    name: "route-not-public",
    severity: Severity::Error,
    summary: "a route does not say who may use it",
    explanation: r##"A route needs an identity and a policy, or has to say that anybody may use it: `public=#true`. Forgetting must never open a route, so nothing is assumed. Identities and
policies are not part of this version yet; until they are, every route has to be public."##,
    wrong: r##"listener "web" bind="127.0.0.1:8080"

route "hello" {
    match "GET" "/hello"
    respond 200
}
"##,
    right: r##"listener "web" bind="127.0.0.1:8080"

route "hello" public=#true {
    match "GET" "/hello"
    respond 200
}
"##,
};

pub(in crate::check) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let closed = context.sound_routes().filter(|(_, route)| !route.public);
    found.extend(closed.map(|(name, _)| {
        // Where something says so, a profile perhaps, that is the place.
        let said = ["routes", name, "public"];
        let span = match context.places.written(&said) {
            true => context.key(&said).to(context.value(&said)),
            false => context.key(&["routes", name]),
        };
        let message = format!("route `{name}` is not public, and has no identity and no policy");
        Diagnostic::error(RULE.code, span, message)
            .label("who may use it?")
            .help("write `public=#true` (YAML: `public: true`) if anybody may; identities and policies come in a later version")
    }));
}
